import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');

/** As strict as compilers are, also with the package's own declarations. */
const STRICT = {
  compilerOptions: {
    strict: true,
    noImplicitOverride: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2023',
    types: ['node'],
    experimentalDecorators: true,
    outDir: 'dist',
    rootDir: '.',
  },
};

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
    more: readonly string[] = [],
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
        ...more,
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
      TerminusModule,
    ],
    providers: [HealthMonitorIndicator],
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
  const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').build();
  const { components } = withHealthMonitor(app, SwaggerModule.createDocument(app, config));
  const models = Object.keys(components.schemas).filter((name) => name === 'ContainerView');
  const { monitor } = app.get(HealthMonitorIndicator).isHealthy('monitor');
  console.log(JSON.stringify({
    state: container.state, attempts: container.attempts, page: page.status, monitor: monitor.status, models,
  }));
  await app.close();
`)}`;
  const names = {
    nest: '{ Module }',
    core: '{ NestFactory }',
    schedule: '{ ScheduleModule }',
    monitor: '{ ContainerRuntime, HealthMonitorModule, withHealthMonitor }',
    terminus: '{ TerminusModule }',
    swagger: '{ DocumentBuilder, SwaggerModule }',
    indicator: '{ HealthMonitorIndicator }',
    testing: '{ InMemoryRuntime }',
  };

  const WORKING = { state: 'running', attempts: 1, page: 200, monitor: 'up', models: ['ContainerView'] };

  it('heals in an empty Nest 12 app', async () => {
    const load = `import 'reflect-metadata';
import ${names.nest} from '@nestjs/common';
import ${names.core} from '@nestjs/core';
import ${names.schedule} from '@nestjs/schedule';
import ${names.monitor} from '@archipelago/health-monitor';
import ${names.testing} from '@archipelago/health-monitor/testing';
import ${names.terminus} from '@nestjs/terminus';
import ${names.swagger} from '@nestjs/swagger';
import ${names.indicator} from '@archipelago/health-monitor/terminus';`;
    const app = await host('nest-12', '12', '12', { 'main.mjs': body(load, (text) => text) }, 'module', [
      '@nestjs/terminus@12',
      '@nestjs/swagger@12',
    ]);
    await expect(access(path.join(app, 'node_modules/@opentelemetry'))).rejects.toThrow('ENOENT');
    const { stdout } = await run('node', ['main.mjs'], { cwd: app, timeout: 60_000 });
    expect(JSON.parse(stdout.trim())).toEqual(WORKING);
  }, 180_000);

  it('heals in an empty Nest 11 app written in CommonJS', async () => {
    const load = `require('reflect-metadata');
const ${names.nest} = require('@nestjs/common');
const ${names.core} = require('@nestjs/core');
const ${names.schedule} = require('@nestjs/schedule');
const ${names.monitor} = require('@archipelago/health-monitor');
const ${names.testing} = require('@archipelago/health-monitor/testing');
const ${names.terminus} = require('@nestjs/terminus');
const ${names.swagger} = require('@nestjs/swagger');
const ${names.indicator} = require('@archipelago/health-monitor/terminus');`;
    const wrap = (text: string) => `void (async () => {${text}})();`;
    const app = await host('nest-11', '11', '6', { 'main.cjs': body(load, wrap) }, 'commonjs', [
      '@nestjs/terminus@11',
      '@nestjs/swagger@11',
    ]);
    await expect(access(path.join(app, 'node_modules/@opentelemetry'))).rejects.toThrow('ENOENT');
    const { stdout } = await run('node', ['main.cjs'], { cwd: app, timeout: 60_000 });
    expect(JSON.parse(stdout.trim())).toEqual(WORKING);
  }, 180_000);

  it('lets a host that is strict with its types write parts of its own, and heals with them', async () => {
    const parts = path.join(import.meta.dirname, 'package', 'parts');
    const sources = await Promise.all(
      (await readdir(parts)).map(async (file) => [file, await readFile(path.join(parts, file), 'utf8')]),
    );
    const files = { ...Object.fromEntries(sources), 'tsconfig.json': JSON.stringify(STRICT) };
    const app = await host('own-parts', '12', '12', files, 'module', ['@types/node@20']);

    const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout: complaints } = await run(process.execPath, [compiler], { cwd: app }).catch(
      (failed: { stdout: string }) => failed,
    );
    expect(complaints).toBe('');

    const { stdout } = await run('node', ['dist/main.js'], { cwd: app, timeout: 60_000 });
    const { atNight, inTheMorning } = JSON.parse(stdout.trim());
    expect(atNight).toMatchObject({ image: 'toy', state: 'exited', exit: { code: 139 }, attempts: 0 });
    expect(atNight.decision).toMatchObject({ code: 'backing-off', reason: expect.stringMatching(/night/) });
    expect(inTheMorning).toMatchObject({ image: 'toy', state: 'running', attempts: 1 });

    const kept = JSON.parse(await readFile(path.join(app, 'health.json'), 'utf8'));
    expect(kept.documents).toContainEqual(expect.objectContaining({ collection: 'container', key: 'robot' }));
    expect(kept.log.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['container.exited', 'container.restarted']),
    );
    expect(kept.log.map(({ seq }: { seq: number }) => seq)).toEqual(
      Array.from({ length: kept.head }, (_, index) => index + 1),
    );
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
