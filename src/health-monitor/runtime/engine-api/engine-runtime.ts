import { stat } from 'node:fs/promises';
import { readableLines } from '../../../common/text/index.js';
import { withWarningOf, type EngineConnection } from '../connection/engine-connection.js';
import {
  type Container,
  type EngineEvent,
  type EngineInfo,
  type Execution,
  type ListedContainer,
  type MemoryReading,
} from '../container.js';
import {
  ContainerRuntime,
  type ActOptions,
  type CallOptions,
  type EventOptions,
  type StopOptions,
} from '../container-runtime.js';
import { type Asking } from './asking.js';
import { CallDeadlines, type CallDeadlineOptions } from './call-deadlines.js';
import { eventStream } from './event-stream.js';
import { engineBehind } from './ping.js';
import { requireFullId } from './full-id.js';
import { type HostProcesses } from './host-processes.js';
import { lingerWarning } from './linger.js';
import { type MemoryReader, type MemorySource } from './memory-reader.js';
import { toSeconds, toSinceArgument } from './seconds.js';
import { seenFromHere, type SeenFromHere } from './seen-from-here.js';

const LOG_LINE_LENGTH = 1_000;

/** How long calls may take, and what looks at the engine's machine beside its API; by default, whatever sees it from here. */
export type EngineRuntimeOptions = CallDeadlineOptions & Partial<SeenFromHere>;

/**
 * The contract of a {@link ContainerRuntime} around the calls of one engine: deadlines, full ids, what a person should know,
 * logs without secrets. What is left to an engine ends when its signal is aborted, with any error, and is given full ids only.
 */
export abstract class EngineRuntime extends ContainerRuntime {
  protected readonly processes: HostProcesses;
  protected abstract readonly memorySource: MemorySource;
  private readonly deadlines: CallDeadlines;
  private readonly memoryReader: MemoryReader;

  /**
   * @param engine for people
   * @param reachedBy closed with it; `null`: by a command, run as the user that we are
   */
  protected constructor(
    private readonly engine: string,
    private readonly reachedBy: EngineConnection | null,
    options: EngineRuntimeOptions,
  ) {
    super();
    this.deadlines = new CallDeadlines(options);
    const { processes, memory } = { ...seenFromHere(reachedBy ?? { isLocal: true }), ...options };
    this.processes = processes;
    this.memoryReader = memory;
  }

  protected abstract identify(signal: AbortSignal): Promise<Omit<EngineInfo, 'warning'>>;
  protected abstract rows(signal: AbortSignal): Promise<readonly ListedContainer[]>;
  protected abstract look(id: string, signal: AbortSignal): Promise<Container>;
  /** The last lines, or more of them. */
  protected abstract lastLines(id: string, lines: number, signal: AbortSignal): Promise<readonly string[]>;
  protected abstract run(id: string, command: readonly string[], signal: AbortSignal): Promise<Execution>;
  /** False: it runs already. */
  protected abstract bringUp(id: string, when: Asking): Promise<boolean>;
  /** False: it is down already. */
  protected abstract bringDown(id: string, timeoutSeconds: number, when: Asking): Promise<boolean>;
  protected abstract bringDownAndUp(id: string, timeoutSeconds: number, when: Asking): Promise<void>;
  /** Resolves when the engine is sending them. `since`: seconds since 1970, decimal. */
  protected abstract listen(
    since: string | null,
    closing: AbortSignal,
    onExit: EventOptions['onExit'],
  ): Promise<AsyncIterable<EngineEvent>>;

  info({ signal }: CallOptions = {}): Promise<EngineInfo> {
    return this.deadlines.read(`Reaching ${this.engine}`, signal, async (deadline) => {
      const info = await this.identify(deadline);
      const uid = info.rootless ? await this.ownerUid() : null;
      const warning = uid === null ? null : await lingerWarning(this.engine, uid);
      return withWarningOf(this.reachedBy, { ...info, warning });
    });
  }

  override async ping({ signal }: CallOptions = {}): Promise<void> {
    const { reachedBy } = this;
    if (reachedBy === null) return super.ping(signal && { signal });
    await this.deadlines.read(`Reaching ${this.engine}`, signal, (deadline) =>
      engineBehind(reachedBy, deadline),
    );
  }

  list({ signal }: CallOptions = {}): Promise<readonly ListedContainer[]> {
    return this.deadlines.read('Listing containers', signal, (deadline) => this.rows(deadline));
  }

  inspect(id: string, { signal }: CallOptions = {}): Promise<Container> {
    return this.deadlines.read('Inspecting a container', signal, async (deadline) =>
      this.look(requireFullId(id), deadline),
    );
  }

  memory({ signal }: CallOptions = {}): Promise<readonly MemoryReading[]> {
    return this.deadlines.read('Reading memory', signal, (deadline) =>
      this.memoryReader.read(this.memorySource, deadline),
    );
  }

  logs(id: string, lines: number, { signal }: CallOptions = {}): Promise<readonly string[]> {
    return this.deadlines.read('Reading a log', signal, async (deadline) => {
      const logged = await this.lastLines(requireFullId(id), lines, deadline);
      return readableLines(logged.slice(-lines), LOG_LINE_LENGTH);
    });
  }

  override exec(id: string, command: readonly string[], { signal }: CallOptions = {}): Promise<Execution> {
    return this.deadlines.exec('Running a command', signal, async (deadline) =>
      this.run(requireFullId(id), command, deadline),
    );
  }

  start(id: string, { signal, beforeAsking }: ActOptions = {}): Promise<'started' | 'already-running'> {
    return this.deadlines.start('Starting a container', signal, async (deadline) =>
      (await this.bringUp(requireFullId(id), { signal: deadline, before: beforeAsking }))
        ? 'started'
        : 'already-running',
    );
  }

  stop(id: string, { timeoutMs, signal, beforeAsking }: StopOptions): Promise<'stopped' | 'already-stopped'> {
    return this.deadlines.stop('Stopping a container', timeoutMs, signal, async (deadline) =>
      (await this.bringDown(requireFullId(id), toSeconds(timeoutMs), {
        signal: deadline,
        before: beforeAsking,
      }))
        ? 'stopped'
        : 'already-stopped',
    );
  }

  restart(id: string, { timeoutMs, signal, beforeAsking }: StopOptions): Promise<void> {
    return this.deadlines.stop('Restarting a container', timeoutMs, signal, async (deadline) =>
      this.bringDownAndUp(requireFullId(id), toSeconds(timeoutMs), {
        signal: deadline,
        before: beforeAsking,
      }),
    );
  }

  events({ since, signal, onExit }: EventOptions): AsyncGenerator<EngineEvent, void, void> {
    const from = since === undefined ? null : toSinceArgument(since);
    return eventStream(this.engine, this.deadlines, signal, (closing) => this.listen(from, closing, onExit));
  }

  override disconnect(): Promise<void> {
    return this.reachedBy?.close() ?? Promise.resolve();
  }

  /** Which user a rootless engine belongs to; `null` where it cannot be told. */
  private async ownerUid(): Promise<number | null> {
    if (this.reachedBy === null) return process.getuid?.() ?? null;
    if (!this.reachedBy.isLocal) return null;
    return stat(this.reachedBy.address).then(
      ({ uid }) => uid,
      () => null,
    );
  }
}
