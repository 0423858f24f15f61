import { stat } from 'node:fs/promises';
import { readableLines } from '../../../common/text/index.js';
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
  type CallOptions,
  type EventOptions,
  type StopOptions,
} from '../container-runtime.js';
import { withWarningOf, type EngineConnection, type ReachedBy } from '../connection/engine-connection.js';
import { Answer } from '../engine-api/answer.js';
import { CallDeadlines, type CallDeadlineOptions } from '../engine-api/call-deadlines.js';
import { readTraces } from '../engine-api/container-fields.js';
import { eventStream } from '../engine-api/event-stream.js';
import { ExecSession } from '../engine-api/exec-session.js';
import { isFullId, notFound, requireFullId } from '../engine-api/full-id.js';
import { type HostProcesses } from '../engine-api/host-processes.js';
import { lingerWarning } from '../engine-api/linger.js';
import { textOfLogFrames } from '../engine-api/log-frames.js';
import { splitLog } from '../engine-api/log-lines.js';
import { type MemoryReader, type EngineUsage, type MemorySource } from '../engine-api/memory-reader.js';
import { readReach, withoutReach } from '../engine-api/reach.reader.js';
import { seenFromHere } from '../engine-api/seen-from-here.js';
import { toSeconds, toSinceArgument } from '../engine-api/seconds.js';
import { linesOf } from '../engine-api/streams.js';
import { inParallel } from '../in-parallel.js';
import { RuntimeError } from '../runtime-error.js';
import { readInspectedContainer, type InspectedContainer } from './container.reader.js';
import { DockerSocket, localDocker } from './docker-socket.js';
import { readEngineInfo } from './engine-info.js';
import { EVENTS_ASKED_FOR, readEvent, type DockerEvent } from './event.reader.js';
import { OomTraces } from './oom-traces.js';
import { StopFlags } from './stop-flags.js';
import { isStopSignal } from './stop-signals.js';
import { readUsage } from './usage.reader.js';

const LOG_LINE_LENGTH = 1_000;
const INSPECTED_AT_ONCE = 8;
/** Each takes a second or two, in which Docker takes two samples of all of them. */
const STATS_AT_ONCE = 32;
const EXEC_WAYS = { canRemove: false, showsWhetherRun: true };

export type DockerRuntimeOptions = CallDeadlineOptions &
  ReachedBy & {
    /** Looks at the processes behind containers. */
    readonly processes?: HostProcesses;
    readonly memory?: MemoryReader;
  };

/** What is to be known of a container before other answers about it can be understood. */
type Traits = Pick<InspectedContainer, 'stopSignal' | 'hasTerminal'>;

/** Docker through its API, from version 1.24 on; the version is found out by asking. */
export class DockerRuntime extends ContainerRuntime {
  private readonly connection: EngineConnection;
  private readonly socket: DockerSocket;
  private readonly deadlines: CallDeadlines;
  private readonly processes: HostProcesses;
  private readonly memoryReader: MemoryReader;
  private readonly oom = new OomTraces();
  private readonly stopFlags = new StopFlags();
  private readonly traits = new Map<string, Traits>();
  /** Of the latest list: links are told by name. */
  private idByName: ReadonlyMap<string, string> = new Map();
  private readonly memorySource: MemorySource = {
    running: async (signal) => (await this.rows(signal)).filter(({ state }) => state === 'running'),
    cgroupPath: () => Promise.resolve(null),
    usage: (running, signal) => this.usage(running, signal),
  };

  constructor(options: DockerRuntimeOptions) {
    super();
    this.connection = 'connection' in options ? options.connection : localDocker(options.socketPath);
    this.socket = new DockerSocket(this.connection);
    this.deadlines = new CallDeadlines(options);
    const { processes, memory } = { ...seenFromHere(this.connection), ...options };
    this.processes = processes;
    this.memoryReader = memory;
  }

  info({ signal }: CallOptions = {}): Promise<EngineInfo> {
    return this.deadlines.read('Reaching Docker', signal, async (deadline) => {
      // It is asked when the engine may be another one.
      await this.socket.negotiate(deadline);
      const answer = await this.socket.get('/info', {}, deadline);
      const info = readEngineInfo(answer, this.connection.address);
      this.stopFlags.areIn(this.connection.isLocal ? answer.at('DockerRootDir').text : null);
      const uid = info.rootless ? await this.uid() : null;
      const warning = uid === null ? null : await lingerWarning('Docker', uid);
      return withWarningOf(this.connection, { ...info, warning });
    });
  }

  list({ signal }: CallOptions = {}): Promise<readonly ListedContainer[]> {
    return this.deadlines.read('Listing containers', signal, (deadline) => this.rows(deadline));
  }

  inspect(id: string, { signal }: CallOptions = {}): Promise<Container> {
    return this.deadlines.read('Inspecting a container', signal, (deadline) => this.look(id, deadline));
  }

  memory({ signal }: CallOptions = {}): Promise<readonly MemoryReading[]> {
    return this.deadlines.read('Reading memory', signal, (deadline) =>
      this.memoryReader.read(this.memorySource, deadline),
    );
  }

  logs(id: string, lines: number, { signal }: CallOptions = {}): Promise<readonly string[]> {
    return this.deadlines.read('Reading a log', signal, async (deadline) => {
      const { hasTerminal } = await this.traitsOf(id, deadline);
      const path = `/containers/${id}/logs`;
      const answer = await this.socket.send('GET', path, { stdout: 1, stderr: 1, tail: lines }, deadline);
      const body = await this.socket.readBody(path, answer, deadline);
      const text = hasTerminal ? body.toString('utf8') : textOfLogFrames(body);
      return readableLines(splitLog(text).slice(-lines), LOG_LINE_LENGTH);
    });
  }

  override exec(id: string, command: readonly string[], { signal }: CallOptions = {}): Promise<Execution> {
    return this.deadlines.exec('Running a command', signal, async (deadline) =>
      new ExecSession(requireFullId(id), this.socket, this.processes, EXEC_WAYS).run(command, deadline),
    );
  }

  start(id: string, { signal }: CallOptions = {}): Promise<'started' | 'already-running'> {
    return this.deadlines.start('Starting a container', signal, async (deadline) =>
      (await this.socket.act(`/containers/${requireFullId(id)}/start`, {}, deadline))
        ? 'started'
        : 'already-running',
    );
  }

  stop(id: string, { timeoutMs, signal }: StopOptions): Promise<'stopped' | 'already-stopped'> {
    return this.deadlines.stop('Stopping a container', timeoutMs, signal, async (deadline) => {
      const path = `/containers/${requireFullId(id)}/stop`;
      return (await this.socket.act(path, { t: toSeconds(timeoutMs) }, deadline))
        ? 'stopped'
        : 'already-stopped';
    });
  }

  restart(id: string, { timeoutMs, signal }: StopOptions): Promise<void> {
    return this.deadlines.stop('Restarting a container', timeoutMs, signal, async (deadline) => {
      const path = `/containers/${requireFullId(id)}/restart`;
      await this.socket.act(path, { t: toSeconds(timeoutMs) }, deadline);
    });
  }

  events({ since, signal }: EventOptions): AsyncGenerator<EngineEvent, void, void> {
    const query = {
      filters: JSON.stringify({ type: ['container'], event: EVENTS_ASKED_FOR }),
      ...(since === undefined ? {} : { since: toSinceArgument(since) }),
    };
    return eventStream('Docker', this.deadlines, signal, async (closing) =>
      this.readEvents(await this.socket.send('GET', '/events', query, closing), closing),
    );
  }

  override disconnect(): Promise<void> {
    return this.connection.close();
  }

  private async *readEvents(
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent, void, void> {
    try {
      for await (const line of linesOf(body, 'An event')) {
        const event = line.trim() === '' ? null : readEvent(Answer.parse(line, 'An event'));
        const told = event === null ? null : this.hear(event);
        if (told) yield told;
      }
    } catch (error) {
      await this.socket.fail(error, signal);
    }
  }

  /** `null`: we have no word for it. */
  private hear(event: DockerEvent): EngineEvent | null {
    const { action, id, name, at, exitCode, health, signal } = event;
    const asksToEnd = signal !== null && isStopSignal(signal, this.traits.get(id)?.stopSignal ?? null);
    this.oom.hear(event, asksToEnd);
    if (action === null) return null;
    return { action, id, name, at, exitCode, health, ...(action === 'killed' ? { asksToEnd } : {}) };
  }

  /** Docker's list tells neither exit codes nor times, so each is inspected: a millisecond or two, several at once. */
  private async rows(signal: AbortSignal): Promise<readonly ListedContainer[]> {
    const items = (await this.socket.get('/containers/json', { all: true }, signal)).items();
    this.learnNames(items);
    const rows = await inParallel(INSPECTED_AT_ONCE, items, (item) => this.row(item, signal));
    return rows.flat();
  }

  private learnNames(items: readonly Answer[]): void {
    const traces = items.flatMap(readTraces);
    this.idByName = new Map(traces.map(({ name, id }) => [name, id]));
    const ids = new Set(traces.map(({ id }) => id));
    for (const id of this.traits.keys()) if (!ids.has(id)) this.traits.delete(id);
  }

  /** One that cannot be inspected is listed by what there is to tell; one that is gone meanwhile is not. */
  private async row(item: Answer, signal: AbortSignal): Promise<readonly ListedContainer[]> {
    try {
      return [rowOf(await this.look(item.at('Id').text ?? '', signal))];
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.kind === 'outage') throw error;
      if (error.kind === 'not-found' && isFullId(item.at('Id').text ?? '')) return [];
      return readTraces(item).map((traces) => ({ ...traces, processVanished: false }));
    }
  }

  private async look(id: string, signal: AbortSignal): Promise<Container> {
    const inspected = readInspectedContainer(
      await this.socket.get(`/containers/${requireFullId(id)}/json`, {}, signal),
    );
    const { container, links, stopSignal, hasTerminal } = inspected;
    if (container.id !== id) throw notFound(id);
    this.traits.set(id, { stopSignal, hasTerminal });
    const linked = links.flatMap((name) => this.idByName.get(name) ?? []);
    return {
      ...withoutReach(container),
      ...(this.connection.isLocal ? await this.reachOf(container, signal) : {}),
      requires: [...new Set([...container.requires, ...linked])],
      oomKilled: this.oom.wasOom(id, container.exitCode, container.oomKilled),
      stoppedByUser: container.state === 'exited' ? await this.stopFlags.of(id) : null,
    };
  }

  /** One in the network of another is reached as that one is, which Docker tells of that one only. */
  private async reachOf(
    { reach, sharesNamespaces }: InspectedContainer['container'],
    signal: AbortSignal,
  ): Promise<Pick<Container, 'reach'>> {
    if (reach !== undefined) return { reach };
    const owner = sharesNamespaces?.find(({ which }) => which.includes('network'))?.of;
    if (owner === undefined) return {};
    try {
      return readReach(await this.socket.get(`/containers/${owner}/json`, {}, signal));
    } catch (error) {
      if (error instanceof RuntimeError && error.kind === 'not-found') return {};
      throw error;
    }
  }

  private async traitsOf(id: string, signal: AbortSignal): Promise<Traits> {
    const known = this.traits.get(requireFullId(id));
    if (known) return known;
    await this.look(id, signal);
    return this.traits.get(id)!;
  }

  private async usage(
    running: readonly { readonly id: string }[],
    signal: AbortSignal,
  ): Promise<readonly EngineUsage[]> {
    const usages = await inParallel(STATS_AT_ONCE, running, async ({ id }) => {
      try {
        const stats = await this.socket.get(`/containers/${id}/stats`, { stream: false }, signal);
        return readUsage(id, stats);
      } catch (error) {
        // It was removed since the list was made.
        if (error instanceof RuntimeError && error.kind === 'not-found') return null;
        throw error;
      }
    });
    return usages.filter((usage) => usage !== null);
  }

  private async uid(): Promise<number | null> {
    if (!this.connection.isLocal) return null;
    return stat(this.connection.address).then(
      ({ uid }) => uid,
      () => null,
    );
  }
}

const rowOf = ({
  id,
  name,
  image,
  state,
  health,
  exitCode,
  startedAt,
  exitedAt,
  labels,
  autoRemove,
  pid,
  processVanished,
}: Container): ListedContainer => ({
  id,
  name,
  image,
  state,
  health,
  exitCode,
  startedAt,
  exitedAt,
  labels,
  autoRemove,
  pid,
  processVanished,
});
