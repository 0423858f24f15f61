import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');

/** The package as it would be published, mounted in empty apps that know nothing of this repository. */
describe('the packed package', () => {
  let folder: string;
  let tarball: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'health-monitor-pack-'));
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
    tarball = path.join(folder, (JSON.parse(stdout) as { filename: string }[])[0]!.filename);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function host(
    name: string,
    nest: string,
    schedule: string,
    files: Record<string, string>,
    type: 'module' | 'commonjs',
  ) {
    const app = path.join(folder, name);
    await run('mkdir', ['-p', app]);
    await writeFile(
      path.join(app, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', private: true, type }),
    );
    for (const [file, text] of Object.entries(files)) await writeFile(path.join(app, file), text);
    const packages = ['common', 'core', 'platform-express', 'platform-socket.io', 'websockets'].map(
      (part) => `@nestjs/${part}@${nest}`,
    );
    await run(
      'npm',
      // Optional dependencies stay out: nothing is compiled for a host that keeps its state in memory.
      [
        'install',
        '--no-audit',
        '--no-fund',
        '--omit=optional',
        tarball,
        ...packages,
        `@nestjs/schedule@${schedule}`,
        'reflect-metadata',
        'rxjs',
        'class-validator',
        'class-transformer',
        'socket.io@4',
      ],
      { cwd: app, timeout: 120_000 },
    );
    return app;
  }

  const body = (load: string, wrap: (text: string) => string) =>
    `${load}
${wrap(`
  class AppModule {}
  Module({
    imports: [
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({
        access: 'open',
        storage: { kind: 'memory' },
        check: { startupDelayMs: 0, intervalMs: 1000 },
        dashboard: { path: 'health' },
        overrides: [{ provide: ContainerRuntime, useValue: runtime() }],
      }),
    ],
  })(AppModule);
  function runtime() {
    const engine = new InMemoryRuntime();
    engine.add({ name: 'web', state: 'exited', exitCode: 139, startedAt: Date.now() - 60000, exitedAt: Date.now() - 1000 });
    return engine;
  }
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  for (let tries = 0; tries < 100; tries++) {
    const containers = await (await fetch(url + '/health-monitor/containers')).json();
    if (containers[0]?.state === 'running') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const [container] = await (await fetch(url + '/health-monitor/containers')).json();
  const page = await fetch(url + '/health');
  console.log(JSON.stringify({ state: container.state, attempts: container.attempts, page: page.status }));
  await app.close();
`)}`;
  const names = {
    nest: '{ Module }',
    core: '{ NestFactory }',
    schedule: '{ ScheduleModule }',
    monitor: '{ ContainerRuntime, HealthMonitorModule }',
    testing: '{ InMemoryRuntime }',
  };

  it('heals in an empty Nest 12 app', async () => {
    const load = `import 'reflect-metadata';
import ${names.nest} from '@nestjs/common';
import ${names.core} from '@nestjs/core';
import ${names.schedule} from '@nestjs/schedule';
import ${names.monitor} from '@archipelago/health-monitor';
import ${names.testing} from '@archipelago/health-monitor/testing';`;
    const app = await host('nest-12', '12', '12', { 'main.mjs': body(load, (text) => text) }, 'module');
    const { stdout } = await run('node', ['main.mjs'], { cwd: app, timeout: 60_000 });
    expect(JSON.parse(stdout.trim())).toEqual({ state: 'running', attempts: 1, page: 200 });
  }, 180_000);

  it('heals in an empty Nest 11 app written in CommonJS', async () => {
    const load = `require('reflect-metadata');
const ${names.nest} = require('@nestjs/common');
const ${names.core} = require('@nestjs/core');
const ${names.schedule} = require('@nestjs/schedule');
const ${names.monitor} = require('@archipelago/health-monitor');
const ${names.testing} = require('@archipelago/health-monitor/testing');`;
    const wrap = (text: string) => `void (async () => {${text}})();`;
    const app = await host('nest-11', '11', '6', { 'main.cjs': body(load, wrap) }, 'commonjs');
    const { stdout } = await run('node', ['main.cjs'], { cwd: app, timeout: 60_000 });
    expect(JSON.parse(stdout.trim())).toEqual({ state: 'running', attempts: 1, page: 200 });
  }, 180_000);

  it('ships no tests, no sources and nothing large', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: root });
    const [pack] = JSON.parse(stdout) as { files: { path: string }[]; size: number }[];
    expect(pack!.files.filter(({ path: file }) => /\.spec\.|^src\/|^test\//.test(file))).toEqual([]);
    expect(pack!.size).toBeLessThan(1_000_000);
    const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>;
    };
    const targets = Object.values(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    );
    const shipped = new Set(pack!.files.map(({ path: file }) => `./${file}`));
    expect(targets.filter((target) => !shipped.has(target))).toEqual([]);
  });
});
