import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'health-monitor-cjs-'));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the built package', { timeout: 120_000 }, () => {
  it('can be made CommonJS of file by file, as Jest does', async () => {
    const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as object;
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ ...manifest, type: 'commonjs' }));
    const files = await readdir(path.join(root, 'dist'), { recursive: true });
    for (const file of files.filter((name) => /\.c?js$/.test(name) && !name.includes('public/'))) {
      const text = await readFile(path.join(root, 'dist', file), 'utf8');
      const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 };
      const code = file.endsWith('.cjs') ? text : ts.transpileModule(text, { compilerOptions }).outputText;
      const target = path.join(folder, 'dist', file);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, code);
    }
    const load = `
      require('reflect-metadata');
      const { HealthMonitorModule } = require('./dist/index.js');
      const { InMemoryRuntime } = require('./dist/testing/index.js');
      HealthMonitorModule.forRoot({ access: 'open', dashboard: {} });
      console.log(HealthMonitorModule.name, InMemoryRuntime.name);`;
    const { stdout } = await run(process.execPath, ['-e', load], { cwd: folder });
    expect(stdout.trim()).toBe('HealthMonitorModule InMemoryRuntime');
  });
});

describe('the app of the README', { timeout: 120_000 }, () => {
  it.each(['module', 'commonjs'])('compiles as it is printed, in a package of type %s', async (type) => {
    const readme = await readFile(path.join(root, 'README.md'), 'utf8');
    const blocks = [...readme.matchAll(/```ts\n\/\/ (\S+)\n([^]*?)```/g)];
    expect(blocks.map(([, name]) => name)).toEqual(['app.module.ts', 'main.ts']);

    await rm(path.join(folder, 'node_modules'));
    const modules = path.join(folder, 'node_modules');
    await mkdir(path.join(modules, '@archipelago'), { recursive: true });
    await symlink(root, path.join(modules, '@archipelago/health-monitor'));
    for (const name of ['@nestjs', '@types']) {
      await symlink(path.join(root, 'node_modules', name), path.join(modules, name));
    }
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ type }));
    const files = blocks.map(([, name]) => path.join(folder, name!));
    await Promise.all(blocks.map(([, , text], index) => writeFile(files[index]!, text!)));

    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const flags = ['--experimentalDecorators', '--emitDecoratorMetadata', '--skipLibCheck', '--noEmit'];
    const { stdout } = await run(process.execPath, [compiler, ...options, ...flags, ...files], {
      cwd: folder,
    }).catch((failed: { stdout: string }) => failed);
    expect(stdout).toBe('');
  });
});
