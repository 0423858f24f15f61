import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { type Readable } from 'node:stream';
import { RuntimeError } from '../runtime-error.js';
import { failedCommand, missingCommand } from './remedies.js';
import { bytesOf, endOf, linesOf } from '../engine-api/streams.js';

const OUTPUT_LIMIT_BYTES = 32 * 1024 * 1024;
const LEFT_BEHIND_LIMIT = 8;
const KILL_AFTER_MS = 5_000;

type Child = ChildProcessByStdio<null, Readable, Readable>;

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandEnd {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** `null`: a signal ended it. */
  readonly code: number | null;
}

/**
 * Runs the `podman` command with an array of arguments, never through a shell.
 *
 * An aborted one is asked to end, then killed. Where it runs as another user (`sudo`) neither is permitted: it is left
 * behind until Podman answers it. So that a Podman that hangs for days does not fill the host with processes, nothing
 * more is run while eight are left behind.
 */
export class PodmanCommand {
  private leftBehind = 0;
  private readonly abandoned = new WeakSet<Child>();

  /** `words`: the program and its first arguments, such as `['sudo', 'podman']`. */
  constructor(readonly words: readonly string[]) {}

  /** Runs it to its end. A failure is a `RuntimeError` with the command's own reason. */
  async run(words: readonly string[], signal: AbortSignal): Promise<CommandOutput> {
    const what = `podman ${words[0]}`;
    const read = (stream: Readable) => bytesOf(stream, OUTPUT_LIMIT_BYTES, what);
    const { stdout, stderr, code } = await this.end(words, signal, read);
    if (code !== 0) throw failedCommand(this.words, stderr.toString('utf8'));
    return { stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') };
  }

  /** Runs it to its end, whatever its exit code is, for at most `keptBytes` of the end of what it wrote to each stream. */
  async tail(words: readonly string[], keptBytes: number, signal: AbortSignal): Promise<CommandEnd> {
    return this.end(words, signal, (stream) => endOf(stream, keptBytes));
  }

  private async end(
    words: readonly string[],
    signal: AbortSignal,
    read: (stream: Readable) => Promise<Buffer>,
  ): Promise<CommandEnd> {
    const child = await this.spawn(words);
    const aborted = once(signal, 'abort').then(() => Promise.reject(signal.reason as Error));
    try {
      signal.throwIfAborted();
      const [stdout, stderr, code] = await Promise.race([
        Promise.all([read(child.stdout), read(child.stderr), exitCodeOf(child)]),
        aborted,
      ]);
      return { stdout, stderr, code };
    } catch (error) {
      this.abandon(child);
      throw error;
    }
  }

  /** Runs it for what it prints, line by line, until `signal` is aborted; its own end is a `RuntimeError`. */
  async lines(words: readonly string[], signal: AbortSignal): Promise<AsyncIterable<string>> {
    const child = await this.spawn(words);
    signal.addEventListener('abort', () => this.abandon(child), { once: true });
    if (signal.aborted) this.abandon(child);
    return this.readLines(child, `podman ${words[0]}`);
  }

  private async *readLines(child: Child, what: string): AsyncGenerator<string, void, void> {
    const stderr = bytesOf(child.stderr, OUTPUT_LIMIT_BYTES, what).catch(() => Buffer.of());
    const exitCode = exitCodeOf(child);
    try {
      yield* linesOf(child.stdout, what);
      await exitCode;
      throw failedCommand(this.words, (await stderr).toString('utf8'));
    } finally {
      this.abandon(child);
    }
  }

  private async spawn(words: readonly string[]): Promise<Child> {
    if (this.leftBehind >= LEFT_BEHIND_LIMIT) {
      throw new RuntimeError(
        'outage',
        `Podman hangs: ${this.leftBehind} of its commands have not ended. See what they wait for (\`ps -ef | grep podman\`).`,
      );
    }
    const [program = 'podman', ...first] = this.words;
    const child = spawn(program, [...first, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A session of its own: sudo has no terminal on which to wait for a password, and Ctrl-C ends no stop half-way.
      detached: true,
    });
    try {
      await once(child, 'spawn');
    } catch (cause) {
      throw missingCommand(this.words, cause);
    }
    return child;
  }

  private abandon(child: Child): void {
    if (child.exitCode !== null || child.signalCode !== null || this.abandoned.has(child)) return;
    this.abandoned.add(child);
    this.leftBehind++;
    const kill = setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS).unref();
    child.once('exit', () => {
      this.leftBehind--;
      clearTimeout(kill);
    });
    child.stdout.destroy();
    child.stderr.destroy();
    child.unref();
    signalGroup(child, 'SIGTERM');
  }
}

async function exitCodeOf(child: Child): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** The whole group, since sudo does not pass on every signal. */
function signalGroup(child: Child, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It is gone already, or belongs to another user.
  }
}
