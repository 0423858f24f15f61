import { setTimeout as delay } from 'node:timers/promises';
import { type Execution } from '../container.js';
import { RuntimeError } from '../runtime-error.js';
import { OUTPUT_KEPT_BYTES, readExecution } from './execution.js';
import { type HostProcesses } from './host-processes.js';
import { contentOfFrames } from './log-frames.js';
import { type EngineSocket } from './engine-socket.js';
import { Answer } from './answer.js';
import { isFullId } from './full-id.js';
import { endOf } from './streams.js';

const CLEAN_UP_MS = 5_000;
const LOOK_AGAIN_MS = 20;

/** In what the sessions of engines differ. */
export interface ExecWays {
  /** Whether the engine can be told to remove one. */
  readonly canRemove: boolean;
  /** Whether the process id of one that has ended is 0 when its command could not be run at all. */
  readonly showsWhetherRun: boolean;
}

/**
 * One command in a container, through the API. Whoever hangs up does not end it: one that is given up is killed, since
 * such commands would else pile up in the container.
 */
export class ExecSession {
  constructor(
    private readonly containerId: string,
    private readonly socket: EngineSocket,
    private readonly processes: HostProcesses,
    private readonly ways: ExecWays,
  ) {}

  async run(command: readonly string[], signal: AbortSignal): Promise<Execution> {
    const id = await this.create(command, signal);
    let hasEnded = false;
    try {
      const output = await this.start(id, signal);
      const { exitCode, wasRun } = await this.end(id, signal);
      hasEnded = true;
      const execution = readExecution(exitCode, output);
      if (!wasRun) throw new RuntimeError('refused', execution.output);
      return execution;
    } finally {
      // Nobody waits for it, nor hears of it when Podman has forgotten the session already.
      void this.remove(id, hasEnded).catch(() => undefined);
    }
  }

  private async create(command: readonly string[], signal: AbortSignal): Promise<string> {
    const path = `/containers/${this.containerId}/exec`;
    const body = { AttachStdout: true, AttachStderr: true, Tty: false, Cmd: command };
    const created = await this.post(path, body, signal);
    const id = Answer.parse(created.toString('utf8'), this.socket.answerTo(path)).at('Id');
    if (!isFullId(id.string())) throw id.not('a full id');
    return id.string();
  }

  /** Resolves with the end of what it wrote, when it has ended. */
  private async start(id: string, signal: AbortSignal): Promise<Buffer> {
    const body = { Detach: false, Tty: false };
    const answer = await this.socket.send('POST', `/exec/${id}/start`, {}, signal, { body });
    try {
      return await endOf(contentOfFrames(answer), OUTPUT_KEPT_BYTES);
    } catch (error) {
      return this.socket.fail(error, signal);
    }
  }

  /** A command that closes its streams may go on for a while. */
  private async end(id: string, signal: AbortSignal): Promise<{ exitCode: number; wasRun: boolean }> {
    for (;;) {
      const session = await this.socket.get(`/exec/${id}/json`, {}, signal);
      if (!session.at('Running').boolean()) {
        const wasRun = !this.ways.showsWhetherRun || session.at('Pid').number() !== 0;
        return { exitCode: session.at('ExitCode').number(), wasRun };
      }
      await delay(LOOK_AGAIN_MS, undefined, { signal });
    }
  }

  /**
   * Engines keep sessions for some minutes, and of a command that goes on for as long as that does. Podman since 5.0 can be
   * told to remove one, with its process; of another engine the process is killed.
   */
  private async remove(id: string, hasEnded: boolean): Promise<void> {
    const signal = AbortSignal.timeout(CLEAN_UP_MS);
    if (this.ways.canRemove && (await this.isRemoved(id, signal))) return;
    if (hasEnded) return;
    const session = await this.socket.get(`/exec/${id}/json`, {}, signal);
    if (session.at('Running').isTrue) this.processes.kill(this.containerId, session.at('Pid').number());
  }

  private isRemoved(id: string, signal: AbortSignal): Promise<boolean> {
    return this.post(`/exec/${id}/remove`, { Force: true }, signal).then(
      () => true,
      () => false,
    );
  }

  private async post(path: string, body: unknown, signal: AbortSignal): Promise<Buffer> {
    return this.socket.readBody(path, await this.socket.send('POST', path, {}, signal, { body }), signal);
  }
}
