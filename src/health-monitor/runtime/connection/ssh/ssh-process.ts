import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const KEPT_LINES = 40;
const KEPT_CHARACTERS = 500;
const OUTPUT_CHARACTERS = 64 * 1024;
const PATIENCE_MS = 2_000;
/** What it wrote before it ended is there at once; what it began, such as a ProxyJump, may hold the pipe for ever. */
const READ_MS = 500;

/**
 * Becomes `ssh`, and leaves somebody beside it who waits for our end of descriptor 3: that is closed also when we are
 * killed, and then ssh is ended. A line means that ssh has ended by itself, and that its number may be another's by now.
 */
const GUARDED = `
{ read -r _ <&3 || kill $$; [ -z "$0" ] || { rm -f -- "$0/s"; rmdir -- "$0"; }; } </dev/null >/dev/null 2>&1 &
exec 3<&-
exec "$@"`;

/** One run of the system's `ssh`, which never outlives this process and asks nobody for anything. */
export class SshProcess {
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  private readonly child: ChildProcess;
  private readonly said: { readonly at: number; readonly line: string }[] = [];
  private written = '';
  private result: number | NodeJS.Signals | null = null;

  /**
   * @param input what it reads
   * @param folder is removed after it, with the socket `s` in it; `null`: none
   */
  constructor(arguments_: readonly string[], input = '', folder: string | null = null) {
    this.child = spawn('sh', ['-c', GUARDED, folder ?? '', 'ssh', ...arguments_], {
      // In a session of its own it has no terminal to ask on, and a Ctrl-C there is ours to deal with.
      detached: true,
      env: { ...process.env, SSH_ASKPASS_REQUIRE: 'never' },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    this.ended = new Promise((resolve) => {
      const end = (result: number | NodeJS.Signals) => {
        this.result ??= result;
        resolve(result);
        this.releaseGuard();
      };
      this.child.once('exit', (code, signal) => end(code ?? signal ?? 'SIGKILL'));
      this.child.once('error', (error) => {
        this.hear(error.message);
        end(127);
      });
    });
    this.listen(input);
  }

  get hasEnded(): boolean {
    return this.result !== null;
  }

  /** The last lines that it wrote to its standard error. */
  get lines(): readonly string[] {
    return this.linesOfLast(Infinity);
  }

  /** Those of the last so many milliseconds. */
  linesOfLast(milliseconds: number): readonly string[] {
    const since = performance.now() - milliseconds;
    return this.said.flatMap(({ at, line }) => (at >= since ? [line] : []));
  }

  /** What it wrote to its standard output, as far as anybody would want it. */
  get output(): string {
    return this.written;
  }

  /** Resolves when it has ended and what it wrote was read. */
  async finished(): Promise<number | NodeJS.Signals> {
    const result = await this.ended;
    const closed = [this.child.stdout, this.child.stderr].flatMap((stream) =>
      stream && !stream.closed ? [once(stream, 'close')] : [],
    );
    await Promise.race([Promise.all(closed), delay(READ_MS)]);
    return result;
  }

  /** Ends it; resolves when it has. */
  async end(): Promise<void> {
    if (this.hasEnded) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    await this.ended;
    clearTimeout(timer);
  }

  private listen(input: string): void {
    const { stdin, stdout, stderr } = this.child;
    const guard = this.child.stdio[3];
    // What is written to one that has ended is lost, and it is known by its end.
    for (const stream of [stdin, stdout, stderr, guard]) stream?.on('error', () => undefined);
    stdin?.end(input);
    stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.written = (this.written + text).slice(0, OUTPUT_CHARACTERS);
    });
    if (stderr) createInterface({ input: stderr }).on('line', (line) => this.hear(line));
    // A host that has nothing else to do may end; that ends ssh.
    for (const stream of [stdin, stdout, stderr, guard]) (stream as { unref?: () => void } | null)?.unref?.();
    this.child.unref();
  }

  private hear(line: string): void {
    this.said.push({ at: performance.now(), line: line.slice(0, KEPT_CHARACTERS) });
    if (this.said.length > KEPT_LINES) this.said.shift();
  }

  private releaseGuard(): void {
    (this.child.stdio[3] as Writable | null)?.end('\n');
  }
}
