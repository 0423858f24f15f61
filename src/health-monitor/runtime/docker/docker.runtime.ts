import { connectionOf, type EngineConnection, type ReachedBy } from '../connection/engine-connection.js';
import {
  type Container,
  type EngineEvent,
  type EngineInfo,
  type Execution,
  type ListedContainer,
} from '../container.js';
import { clockAhead } from '../engine-clock.js';
import { Answer } from '../engine-api/answer.js';
import { type Asking } from '../engine-api/asking.js';
import { readTraces } from '../engine-api/container-fields.js';
import { EngineRuntime, type EngineRuntimeOptions } from '../engine-api/engine-runtime.js';
import { ExecSession } from '../engine-api/exec-session.js';
import { isFullId, notFound, requireFullId } from '../engine-api/full-id.js';
import { textOfLogFrames } from '../engine-api/log-frames.js';
import { splitLog } from '../engine-api/log-lines.js';
import { type EngineUsage, type MemorySource } from '../engine-api/memory-reader.js';
import { readReach, withoutReach } from '../engine-api/reach.reader.js';
import { toSinceArgument } from '../engine-api/seconds.js';
import { inParallel } from '../in-parallel.js';
import { RuntimeError } from '../runtime-error.js';
import { readInspectedContainer, type InspectedContainer } from './container.reader.js';
import { DockerSocket, localDocker } from './docker-socket.js';
import { readEngineInfo, readMemory } from './engine-info.js';
import { EVENTS_ASKED_FOR, readEvent, type DockerEvent } from './event.reader.js';
import { OomTraces } from './oom-traces.js';
import { StopFlags } from './stop-flags.js';
import { isStopSignal } from './stop-signals.js';
import { readUsage } from './usage.reader.js';

const AN_EVENT = 'An event';
const INSPECTED_AT_ONCE = 8;
/** Each takes a second or two, in which Docker takes two samples of all of them. */
const STATS_AT_ONCE = 32;
const EXEC_WAYS = { canRemove: false, showsWhetherRun: true };

/** What is to be known of a container before other answers about it can be understood. */
type Traits = Pick<InspectedContainer, 'stopSignal' | 'hasTerminal'>;

/** Docker through its API, from version 1.24 on; the version is found out by asking. */
export class DockerRuntime extends EngineRuntime {
  protected readonly memorySource: MemorySource = {
    running: async (signal) => (await this.rows(signal)).filter(({ state }) => state === 'running'),
    cgroupPath: () => Promise.resolve(null),
    usage: (running, signal) => this.usage(running, signal),
  };
  private readonly connection: EngineConnection;
  private readonly socket: DockerSocket;
  private readonly oom = new OomTraces();
  private readonly stopFlags = new StopFlags();
  private readonly traits = new Map<string, Traits>();
  /** Without control groups, as rootless on version 1, Docker gives of each container what all of them use together. */
  private countsMemory = true;
  /** Of the latest list: links are told by name. */
  private idByName: ReadonlyMap<string, string> = new Map();

  constructor(options: EngineRuntimeOptions & ReachedBy) {
    const connection = connectionOf(options, localDocker);
    super('Docker', connection, options);
    this.connection = connection;
    this.socket = new DockerSocket(connection);
  }

  protected async identify(signal: AbortSignal): Promise<Omit<EngineInfo, 'warning'>> {
    // It is asked when the engine may be another one.
    await this.socket.negotiate(signal);
    const from = Date.now();
    const answer = await this.socket.get('/info', {}, signal);
    const now = answer.at('SystemTime').isAbsent ? null : answer.at('SystemTime').time();
    const ahead = now === null ? {} : clockAhead(now, 0, { from, to: Date.now() });
    const info = {
      ...readEngineInfo(answer, this.connection.address),
      ...ahead,
      ...(now === null ? {} : await this.remembered(now, ahead, signal)),
    };
    this.stopFlags.areIn(this.connection.isLocal ? answer.at('DockerRootDir').text : null);
    this.countsMemory = answer.at('CgroupDriver').text !== 'none';
    return info;
  }

  /** Asked of all that happens anywhere: health checks soon push older events of containers out of its memory. */
  private async remembered(
    now: number,
    ahead: Pick<EngineInfo, 'clockAheadMs'>,
    signal: AbortSignal,
  ): Promise<Pick<EngineInfo, 'remembersSince' | 'remembersAll'>> {
    const query = { since: '1', until: toSinceArgument(now) };
    try {
      return readMemory((await this.socket.bytes('/events', query, signal)).toString('utf8'), ahead);
    } catch (error) {
      // Whoever may ask it for all else need not be allowed to ask for that.
      if (error instanceof RuntimeError && error.kind === 'refused') return {};
      throw error;
    }
  }

  protected async lastLines(id: string, lines: number, signal: AbortSignal): Promise<readonly string[]> {
    const { hasTerminal } = await this.traitsOf(id, signal);
    const query = { stdout: 1, stderr: 1, tail: lines };
    const body = await this.socket.bytes(`/containers/${id}/logs`, query, signal);
    return splitLog(hasTerminal ? body.toString('utf8') : textOfLogFrames(body));
  }

  protected run(id: string, command: readonly string[], signal: AbortSignal): Promise<Execution> {
    return new ExecSession(id, this.socket, this.processes, EXEC_WAYS).run(command, signal);
  }

  protected bringUp(id: string, when: Asking): Promise<boolean> {
    return this.socket.act(`/containers/${id}/start`, {}, when);
  }

  protected bringDown(id: string, timeoutSeconds: number, when: Asking): Promise<boolean> {
    return this.socket.act(`/containers/${id}/stop`, { t: timeoutSeconds }, when);
  }

  protected async bringDownAndUp(id: string, timeoutSeconds: number, when: Asking): Promise<void> {
    await this.socket.act(`/containers/${id}/restart`, { t: timeoutSeconds }, when);
  }

  protected async listen(since: string | null, closing: AbortSignal): Promise<AsyncIterable<EngineEvent>> {
    const query = {
      filters: JSON.stringify({ type: ['container'], event: EVENTS_ASKED_FOR }),
      ...(since === null ? {} : { since }),
    };
    return this.readEvents(await this.socket.lines('/events', query, AN_EVENT, closing));
  }

  private async *readEvents(lines: AsyncIterable<string>): AsyncGenerator<EngineEvent, void, void> {
    for await (const line of lines) {
      const event = readEvent(Answer.parse(line, AN_EVENT));
      const told = event === null ? null : this.hear(event);
      if (told) yield told;
    }
  }

  /** `null`: we have no word for it. */
  private hear(event: DockerEvent): EngineEvent | null {
    const { action, id, name, at, exitCode, health, signal } = event;
    const asksToEnd = signal !== null && isStopSignal(signal, this.traits.get(id)?.stopSignal ?? null);
    this.oom.hear(event, asksToEnd);
    this.stopFlags.hear(event, asksToEnd);
    if (action === null) return null;
    return { action, id, name, at, exitCode, health, ...(action === 'killed' ? { asksToEnd } : {}) };
  }

  /** Docker's list tells neither exit codes nor times, so each is inspected: a millisecond or two, several at once. */
  protected async rows(signal: AbortSignal): Promise<readonly ListedContainer[]> {
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

  protected async look(id: string, signal: AbortSignal): Promise<Container> {
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
      stoppedByUser: await this.noteOf(container),
    };
  }

  private async noteOf({ id, state }: InspectedContainer['container']): Promise<boolean | null> {
    if (state === 'running') return this.stopFlags.ofRunning(id);
    return state === 'exited' ? this.stopFlags.of(id) : null;
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
    const known = this.traits.get(id);
    if (known) return known;
    await this.look(id, signal);
    return this.traits.get(id)!;
  }

  private async usage(
    running: readonly { readonly id: string }[],
    signal: AbortSignal,
  ): Promise<readonly EngineUsage[]> {
    if (!this.countsMemory) return [];
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
}

const ROW_FIELDS = [
  'id',
  'name',
  'image',
  'state',
  'health',
  'exitCode',
  'startedAt',
  'exitedAt',
  'labels',
  'autoRemove',
  'pid',
  'processVanished',
] as const satisfies readonly (keyof ListedContainer)[];

function rowOf(container: Container): ListedContainer {
  const fields = ROW_FIELDS.map((field) => [field, container[field]]);
  return Object.fromEntries(fields) as Pick<Container, (typeof ROW_FIELDS)[number]>;
}
