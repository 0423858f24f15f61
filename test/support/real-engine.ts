import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const GUARD = fileURLToPath(new URL('../../scripts/engine-guard.sh', import.meta.url));
export const IMAGE = 'localhost/busybox:test';

/**
 * What runs in a container that a test controls: it writes a line to each stream, lives until told, exits with the
 * number in /exit-code on SIGUSR1, and with 0 on SIGTERM.
 */
export const SERVICE = `
  trap 'exit $(cat /exit-code)' USR1; trap 'exit 0' TERM
  echo ready; echo warning >&2
  while :; do sleep 1000 & wait; done`;

export interface RunOptions {
  /** More arguments of `podman run`. */
  readonly args?: readonly string[];
  /** In place of a service that lives until told. */
  readonly command?: readonly string[];
}

/**
 * Where the programs of an engine are run, by the words before them; files in `directory` are the same there, and
 * process ids, too.
 */
export type Place = (directory: string) => Promise<readonly string[]>;

export const onThisHost: Place = () => Promise.resolve([]);

/** A real engine with a storage, state and socket of its own, below a temporary folder. Needs root. */
export abstract class RealEngine {
  readonly directory: string;
  readonly socketPath: string;
  /** Program and first arguments that reach this engine on the command line. */
  readonly command: readonly [string];
  /** Where it keeps images and containers. */
  readonly storageRoot: string;

  /** Removes every trace of it when this process ends, too. */
  private readonly guard: ChildProcessByStdio<Writable, null, null>;

  protected constructor(program: 'podman' | 'docker', storage: string) {
    this.directory = mkdtempSync(join(tmpdir(), `health-monitor-${program}-`));
    this.socketPath = join(this.directory, `${program}.sock`);
    this.command = [join(this.directory, program)];
    this.storageRoot = join(this.directory, storage);
    this.guard = spawn('sh', [GUARD, this.directory], { stdio: ['pipe', 'ignore', 'inherit'] });
  }

  abstract removeAll(): Promise<void>;

  /** Makes the main process of a `run` container exit with `code`, of its own will. */
  abstract crash(id: string, code: number): Promise<void>;

  /** Sets it up, or leaves no trace of it. */
  protected async setUp(steps: () => Promise<void>): Promise<this> {
    try {
      await steps();
      return this;
    } catch (error) {
      await this.dispose();
      throw error;
    }
  }

  /** Runs a command, as a person would; gives its standard output, trimmed. */
  async cli(...args: string[]): Promise<string> {
    const { stdout } = await execute(this.command[0], args);
    return stdout.trim();
  }

  /** Runs a container; gives its full id. */
  run(name: string, { args = [], command = ['sh', '-c', SERVICE] }: RunOptions = {}): Promise<string> {
    const network = args.some((arg) => arg === '--network' || arg === '--pod') ? [] : ['--network', 'none'];
    return this.cli('run', '--detach', '--name', name, ...network, ...args, IMAGE, ...command);
  }

  /** Creates a container without starting it; gives its full id. */
  create(name: string): Promise<string> {
    return this.cli('create', '--name', name, '--network', 'none', IMAGE, 'sh', '-c', SERVICE);
  }

  /** Process ids of the main processes of containers. */
  async pids(names: readonly string[]): Promise<number[]> {
    const pids = await this.cli('inspect', '--format', '{{.State.Pid}}', ...names);
    return pids.split('\n').map(Number);
  }

  /** Removes every trace: containers, processes, mounts, files. */
  async dispose(): Promise<void> {
    this.guard.stdin.end();
    await once(this.guard, 'exit');
  }
}

/** Writes the files of an image with a shell into `directory`; gives the archive that holds them. */
export async function archiveBusybox(directory: string): Promise<string> {
  const rootfs = join(directory, 'rootfs');
  await mkdir(join(rootfs, 'bin'), { recursive: true });
  await cp('/bin/busybox', join(rootfs, 'bin/busybox'), { dereference: true });
  for (const applet of ['sh', 'sleep', 'cat', 'dd', 'mkfifo', 'true', 'false']) {
    await symlink('busybox', join(rootfs, 'bin', applet));
  }
  const archive = join(directory, 'rootfs.tar');
  await execute('tar', ['-C', rootfs, '-cf', archive, '.']);
  return archive;
}
