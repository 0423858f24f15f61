import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { Logger, type INestApplication } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveOptions } from '../src/common/options/index.js';
import {
  ContainerRuntime,
  HealthMonitorModule,
  HealthMonitorService,
  type HealthMonitorOptions,
} from '../src/index.js';
import * as healthMonitor from '../src/index.js';
import * as testing from '../src/testing/index.js';
import { InMemoryRuntime } from '../src/testing/index.js';

const run = promisify(execFile);
const PROGRAM = path.resolve(import.meta.dirname, '../dist/cli/health-monitor.js');
const PAGE = path.resolve(import.meta.dirname, '../docs/recipes.md');

describe('docs/recipes.md', () => {
  let app: INestApplication;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'health-monitor-recipes-'));
    const runtime = new InMemoryRuntime();
    runtime.add({ name: 'photo-db', state: 'running', startedAt: Date.now() - 3_600_000 });
    const module = await Test.createTestingModule({
      imports: [
        ScheduleModule.forRoot(),
        HealthMonitorModule.forRoot({
          access: {
            authenticate: ({ token }) => (token === 'act' ? { id: 'otto', role: 'operator' } : null),
          },
          storage: { kind: 'memory' },
          check: { startupDelayMs: 0, intervalMs: 1_000 },
          overrides: [{ provide: ContainerRuntime, useValue: runtime }],
        }),
      ],
    }).compile();
    app = module.createNestApplication({ logger: false });
    Logger.overrideLogger(false);
    await app.listen(0, '127.0.0.1');
    const monitor = app.get(HealthMonitorService, { strict: false });
    await expect.poll(() => monitor.containers()).toHaveLength(1);
  });

  afterEach(async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('holds a container while the backup script runs, and releases it when that is over', async () => {
    const monitor = app.get(HealthMonitorService, { strict: false });
    // In place of the engine's command: tells how the container is when the script calls it.
    const podman = '#!/bin/sh\nhealth-monitor why photo-db --json | tr -d "\\n"\necho\n';
    await writeFile(path.join(folder, 'podman'), podman);
    await chmod(path.join(folder, 'podman'), 0o755);

    const script = await shellBlock(0);
    const env = await environment();
    const { stdout } = await run('sh', ['-c', script], { env });
    const meanwhile = stdout.trim().split('\n');
    expect(meanwhile).toHaveLength(4);
    expect(meanwhile[0]).toMatch(/^photo-db is held: /);
    for (const line of meanwhile.slice(1, 3)) expect(JSON.parse(line)).toMatchObject({ status: 'held' });
    expect(meanwhile[3]).toMatch(/^photo-db is healthy: /);
    expect(monitor.containers()).toMatchObject([{ status: 'healthy' }]);
  });

  it('shows options that can be written so', async () => {
    const blocks = await optionBlocks();
    expect(blocks).toHaveLength(5);
    for (const block of blocks) {
      const options = structuredClone(runInNewContext(`({ ${block} })`)) as HealthMonitorOptions;
      expect(() => resolveOptions({ access: 'open', ...options })).not.toThrow();
    }
  });

  it('tells why it is as it is, and why it was so', async () => {
    const { stdout } = await run('sh', ['-c', await shellBlock(1)], { env: await environment() });
    expect(stdout).toMatch(/^photo-db is healthy since /);
    expect(stdout).toMatch(/^(Nothing is kept of photo-db before|photo-db at 03:12:59)/m);
  });

  /** Of somebody who may act, in the folder of the app. */
  async function environment(): Promise<Record<string, string>> {
    const program = path.join(folder, 'health-monitor');
    await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`);
    await chmod(program, 0o755);
    return {
      PATH: `${folder}:${process.env.PATH ?? ''}`,
      HEALTH_MONITOR_URL: `${await app.getUrl()}/health-monitor`,
      HEALTH_MONITOR_TOKEN: 'act',
    };
  }
});

describe('docs/testing.md', () => {
  it('shows how an app with two hosts is tested in memory', async () => {
    Logger.overrideLogger(false);
    const page = await readFile(path.resolve(PAGE, '../testing.md'), 'utf8');
    const [, code] = /## Several hosts\n[^]*?```ts\n([^]*?)```/.exec(page)!;
    await runAsWritten(code!);
  }, 90_000);
});

/** What examples import, by the names that they import it from. */
const PACKAGES: Readonly<Record<string, object>> = {
  vitest: { expect },
  '@nestjs/schedule': { ScheduleModule },
  '@nestjs/testing': { Test },
  '@archipelago/health-monitor': healthMonitor,
  '@archipelago/health-monitor/testing': testing,
};

/** Runs an example, with what it imports from the packages' sources; fails as it fails. */
async function runAsWritten(code: string): Promise<void> {
  const given: Record<string, unknown> = {};
  const body = code.replaceAll(/^import \{([^}]*)\} from '([^']*)';$/gm, (_, names: string, from: string) => {
    for (const name of names.split(',').map((one) => one.trim())) {
      if (name === '') continue;
      given[name] = (PACKAGES[from] as Record<string, unknown> | undefined)?.[name];
      expect(given[name], `${name} of ${from}`).toBeDefined();
    }
    return '';
  });
  const { outputText } = transpileModule(`export async function run() {${body}}`, {
    compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.CommonJS },
  });
  const exports = {} as { run: () => Promise<void> };
  runInNewContext(outputText, { ...given, exports, Object });
  await exports.run();
}

/** The options that it shows. */
const optionBlocks = async (): Promise<string[]> =>
  [...(await readFile(PAGE, 'utf8')).matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code!);

/** A block of shell code as it is printed, for a shell that finds the program by its name alone. */
async function shellBlock(index: number): Promise<string> {
  const blocks = [...(await readFile(PAGE, 'utf8')).matchAll(/```sh\n([^]*?)```/g)];
  return blocks[index]![1]!.replaceAll('npx ', '');
}
