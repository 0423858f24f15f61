import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const PARTS = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'src', 'demo', 'dashboard'];
/** What `npm run demo` does before it starts. The package's types are checked elsewhere, which takes longer. */
const STEPS = [
  ['typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck'],
  ['typescript/bin/tsc', '-p', 'demo/tsconfig.json'],
  ['vite/bin/vite.js', 'build', 'dashboard'],
] as const;

export const DEMO_TOKEN = 'let-me-in';

/** Package and demo, compiled in a folder of their own: no build is needed before, and none is disturbed. */
export class BuiltDemo {
  private readonly begun: RunningDemo[] = [];

  private constructor(private readonly folder: string) {}

  static async build(): Promise<BuiltDemo> {
    const folder = await mkdtemp(join(tmpdir(), 'health-monitor-demo-'));
    const filter = (path: string): boolean => path !== join(root, 'demo', 'dist');
    for (const part of PARTS) await cp(join(root, part), join(folder, part), { recursive: true, filter });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    for (const [tool, ...args] of STEPS) {
      const command = [join(root, 'node_modules', ...tool.split('/')), ...args];
      await run(process.execPath, command, { cwd: folder }).catch((error: Error & { stdout?: string }) => {
        throw new Error(`${tool} ${args.join(' ')} fails: ${error.message}\n${error.stdout}`);
      });
    }
    return new BuiltDemo(folder);
  }

  /** Starts it, on any free port. */
  begin(args: string[] = [], env: NodeJS.ProcessEnv = {}): RunningDemo {
    const child = spawn(process.execPath, [join(this.folder, 'demo', 'dist', 'main.js'), ...args], {
      cwd: this.folder,
      env: { ...process.env, PORT: '0', DEMO_TOKEN, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const demo = new RunningDemo(child);
    this.begun.push(demo);
    return demo;
  }

  /** Kills every one that was begun. */
  async end(): Promise<void> {
    for (const { child, ended } of this.begun.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
  }

  async remove(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export class RunningDemo {
  /** What it printed so far. */
  said = '';
  /** Resolves with the exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>;

  constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    this.ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  }

  /** The link that it invites with, once it does. */
  async link(): Promise<string> {
    const link = /^Open (http:\/\/127\.0\.0\.1:\d+\/#token=\S+)$/m;
    await vi.waitFor(() => expect(this.said).toMatch(link), { timeout: 15_000, interval: 50 });
    return link.exec(this.said)![1]!;
  }

  /** Process ids of its services, by name. */
  async services(): Promise<ReadonlyMap<string, number>> {
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args=']);
    const rows = [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+.*service\.(?:sh|mjs) (\S+)\s*$/gm)];
    return new Map(
      rows
        .filter(([, , parent]) => Number(parent) === this.child.pid)
        .map(([, pid, , name]) => [name!, Number(pid)]),
    );
  }
}
