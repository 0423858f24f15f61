import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Execution } from '../../src/health-monitor/runtime/index.js';
import { installed } from './installed.js';

/** PostgreSQL does not run as root. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Where PostgreSQL, PgBouncer, Redis and nginx are. */
export const serverFolders: readonly string[] | null =
  installed('servers.sh', 'tests with real servers')?.split('\n') ?? null;

/** Servers and commands that run in a folder of their own, as an ordinary user. */
export class Servers {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'servers-'));
  private readonly running = new Map<string, ChildProcess>();
  private readonly commands = new Set<Promise<Execution>>();

  constructor() {
    chmodSync(this.folder, 0o755);
    if (NOBODY.uid !== undefined) chownSync(this.folder, NOBODY.uid, NOBODY.gid);
  }

  /** A file or folder in the folder. */
  in(name: string): string {
    return path.join(this.folder, name);
  }

  start(command: string, ...args: string[]): void {
    // A group of its own: what it starts itself ends with it.
    this.running.set(command, spawn(command, args, { ...this.options, stdio: 'ignore', detached: true }));
  }

  /** Asks it to end, and waits for that. */
  async stop(command: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.running.get(command);
    this.running.delete(command);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** Runs a command to its end, as an engine would in a container. */
  run([command, ...args]: readonly string[], env: Record<string, string> = {}): Promise<Execution> {
    const options = { ...this.options, env: { ...this.options.env, ...env } };
    const ended = new Promise<Execution>((resolve) =>
      execFile(command!, args, options, (error, output, errors) =>
        resolve({ exitCode: Number(error?.code ?? 0), output: `${output}${errors}`.trim() }),
      ),
    );
    this.commands.add(ended);
    return ended.finally(() => this.commands.delete(ended));
  }

  /** Resolves when no command is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.commands);
  }

  async remove(): Promise<void> {
    for (const [command, { pid, exitCode, signalCode }] of [...this.running]) {
      if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
      await this.stop(command);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get options() {
    const PATH = [...(serverFolders ?? []), process.env['PATH']].join(':');
    return { ...NOBODY, cwd: this.folder, env: { ...process.env, PATH, LC_ALL: 'C' } };
  }
}
