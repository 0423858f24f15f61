import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { Logger, type INestApplication } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveOptions } from '../src/common/options/index.js';
import {
  ContainerRuntime,
  HealthMonitorModule,
  HealthMonitorService,
  type HealthMonitorOptions,
} from '../src/index.js';
import { InMemoryRuntime } from '../src/testing/index.js';

const run = promisify(execFile);
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
    const script = await shellBlock(0, await app.getUrl());
    // In place of the engine's command: tells how the container is when the script calls it.
    const status = `${await app.getUrl()}/health-monitor/containers`;
    const podman = `#!/bin/sh\ncurl -fsS -H "Authorization: Bearer $ADMIN_TOKEN" ${status}\necho\n`;
    await writeFile(path.join(folder, 'podman'), podman);
    await chmod(path.join(folder, 'podman'), 0o755);

    const env = { PATH: `${folder}:${process.env.PATH ?? ''}`, ADMIN_TOKEN: 'act' };
    const { stdout } = await run('sh', ['-c', script], { env });
    const meanwhile = stdout.trim().split('\n');
    expect(meanwhile).toHaveLength(2);
    for (const line of meanwhile) expect(JSON.parse(line)).toMatchObject([{ status: 'held' }]);
    expect(monitor.containers()).toMatchObject([{ status: 'healthy' }]);
  });

  it('shows options that can be written so', async () => {
    const blocks = await optionBlocks();
    expect(blocks).toHaveLength(2);
    for (const block of blocks) {
      const options = structuredClone(runInNewContext(`({ ${block} })`)) as HealthMonitorOptions;
      expect(() => resolveOptions({ access: 'open', ...options })).not.toThrow();
    }
  });

  it('prints a line that tells why', async () => {
    const [ask] = (await shellBlock(1, await app.getUrl())).split(' | jq');
    const env = { PATH: process.env.PATH ?? '', ADMIN_TOKEN: 'act' };
    const { stdout } = await run('sh', ['-c', ask!], { env });
    const answer = JSON.parse(stdout) as { decision: { reason: string } };
    expect(answer.decision.reason).toMatch(/\w+/);
  });
});

/** The options that it shows. */
const optionBlocks = async (): Promise<string[]> =>
  [...(await readFile(PAGE, 'utf8')).matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code!);

/** A block of shell code as it is printed, asking the app of the test. */
async function shellBlock(index: number, url: string): Promise<string> {
  const blocks = [...(await readFile(PAGE, 'utf8')).matchAll(/```sh\n([^]*?)```/g)];
  return blocks[index]![1]!.replaceAll('http://127.0.0.1:3000', url);
}
