import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const KEPT_LINES = 200;
const LINE_LENGTH = 1_000;
const LAST_WORDS_MS = 100;
const HEALTH_CHANNEL = 3;

/**
 * One run of a service as a process of the operating system. Its standard input stays open as long as we live:
 * a well-behaved service ends when that is closed, so that it dies with us even when we are killed.
 */
export class SupervisedProcess {
  /** Resolves with the exit code, 128 + n after signal n, once the process is gone. */
  readonly exited: Promise<number>;
  private readonly child: ChildProcess;
  private readonly health: Readable;

  private constructor(command: readonly [string, ...string[]], log: string[]) {
    const [program, ...args] = command;
    this.child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      // A process group of its own: Ctrl-C at the terminal is for us alone.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        const tell = (): void => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
        // Its last words may still be on their way.
        this.child.once('close', tell);
        setTimeout(tell, LAST_WORDS_MS).unref();
      });
    });
    this.health = this.child.stdio[HEALTH_CHANNEL] as Readable;
    for (const stream of [this.child.stdout, this.child.stderr]) if (stream) keepLines(stream, log);
    // A write may come just after its end; `exited` tells of that.
    this.child.stdin?.on('error', () => undefined);
    this.health.on('error', () => undefined);
    this.child.on('error', () => undefined);
  }

  /** Starts the program; rejects with the system's error when it cannot be started. */
  static async start(command: readonly [string, ...string[]], log: string[]): Promise<SupervisedProcess> {
    const started = new SupervisedProcess(command, log);
    await new Promise<void>((resolve, reject) => {
      started.child.once('spawn', resolve);
      started.child.once('error', reject);
    });
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Writes one line to its standard input. */
  tell(line: string): void {
    if (this.child.stdin?.writable) this.child.stdin.write(`${line}\n`);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Asks for its health; resolves with its answer, or with `null` when none comes in time. */
  askHealth(timeoutMs: number): Promise<string | null> {
    return new Promise((resolve) => {
      const answer = (line: string | null): void => {
        clearTimeout(timer);
        this.health.off('data', read);
        this.child.off('exit', gone);
        resolve(line);
      };
      const read = (chunk: Buffer): void => answer(chunk.toString('utf8').trim().slice(0, LINE_LENGTH));
      const gone = (): void => answer(null);
      const timer = setTimeout(gone, timeoutMs);
      this.health.on('data', read);
      this.child.once('exit', gone);
      this.tell('health');
    });
  }
}

function keepLines(stream: Readable, log: string[]): void {
  createInterface({ input: stream }).on('line', (line) => {
    log.push(line.slice(0, LINE_LENGTH));
    if (log.length > KEPT_LINES) log.splice(0, log.length - KEPT_LINES);
  });
}
