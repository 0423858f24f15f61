import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock/index.js';
import {
  HealthState,
  STATUSES,
  type ContainerDetailView,
  type ContainerView,
  type ExternalView,
  type HealthStatus,
  type Incident,
  type MemorySample,
  type ReplicaView,
  type Status,
} from '../common/events/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import { referenceOf, referenceTo } from '../common/reference/index.js';
import { countOpen, upAmong } from '../common/standing/index.js';
import { HealthStore, isFollowing } from '../common/store/index.js';
import { WebhookService } from '../webhooks/index.js';
import { ContainerActs, recordingOf } from './container-acts.js';
import { FollowedHosts, WatchByRole } from './following/index.js';
import {
  findContainer,
  shownContainer,
  shownContainers,
  shownEngine,
  shownHost,
  shownIncidents,
  WatchedHosts,
  type Found,
  type KnownHost,
} from './hosts/index.js';
import { downSample } from './memory/index.js';
import { onlyReads } from './only-reads.js';
import { dependentsAmong, stopTimeoutOf, type StopPreview } from './stop-preview.js';
import { viewExternals } from './step/index.js';

const HISTORY_EVENTS = 200;
const INCIDENTS_FOR_MS = 30 * 24 * 60 * 60_000;

export type { StopPreview };

/**
 * What the monitor knows and what people can ask of it. REST, the socket and hosts all come through here. In a process
 * that follows, it is what the leader knows, and the leader does what is asked.
 */
@Injectable()
export class HealthMonitorService extends HealthState {
  constructor(
    private readonly watched: WatchedHosts,
    private readonly followed: FollowedHosts,
    private readonly watch: WatchByRole,
    private readonly acts: ContainerActs,
    private readonly store: HealthStore,
    private readonly clock: Clock,
    private readonly webhooks: WebhookService,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {
    super();
  }

  /** The local one first. */
  private get hosts(): readonly [KnownHost, ...KnownHost[]] {
    const [local, ...others] = this.watch.isOn ? this.watched.all : this.followed.all;
    return [local!, ...others];
  }

  // ---------------------------------------------------------------------------------------------------- looking

  /** All containers, host by host, the local one first, each in the engine's order. */
  containers(): readonly ContainerView[] {
    return shownContainers(this.hosts);
  }

  /** What is no container and containers need, as it is written in the options. */
  externals(): readonly ExternalView[] {
    return viewExternals(this.hosts[0].state, this.options);
  }

  /**
   * One container with its latest events and its memory over time.
   *
   * @param name its name or app id, behind `HOST/` on another host
   * @param points at most this many samples, with every low and high kept
   * @throws NotFoundException
   */
  async container(name: string, points?: number): Promise<ContainerDetailView> {
    const found = findContainer(this.hosts, name);
    const shown = shownContainer(found.host, found.view);
    const history = await this.store.events({ container: referenceOf(shown), limit: HISTORY_EVENTS });
    const { memory } = shown;
    return { ...shown, history, memory: memory && { ...memory, samples: await this.samples(found, points) } };
  }

  /** Those that are open, and those resolved within 30 days; newest first. */
  incidents(): readonly Incident[] {
    return shownIncidents(this.hosts, this.clock.now() - INCIDENTS_FOR_MS);
  }

  /**
   * What happened on one host in the last hours and what followed from it, as lines of JSON, with secrets masked:
   * `npx health-monitor replay FILE` reads it. At most `recording.keepBytes`, and the state before that. Where several
   * processes serve from one store, only of the time in which this one led: see {@link leadersRecording}.
   *
   * @param host default: the local one
   * @throws NotFoundException
   */
  recording(host: string | null = null): string {
    return recordingOf(this.watched, host);
  }

  /** The same, of the process that leads. @throws as {@link recording} does, ServiceUnavailableException when none does */
  async leadersRecording(host: string | null = null): Promise<string> {
    return this.acts.recording(host);
  }

  status(): HealthStatus {
    const [local, ...others] = this.hosts;
    const { engine, lastFullCheckAt, watchingSince } = local.state;
    const statuses = new Map(
      this.hosts.flatMap(({ name, state }) =>
        [...state.views.values()].map((view) => [referenceTo(name?.key, view.name), view.status] as const),
      ),
    );
    const externals = this.externals();
    const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
    // A leader of a later version may know more of them.
    for (const status of statuses.values()) if (Object.hasOwn(counts, status)) counts[status]++;
    return {
      nodeId: this.options.nodeId,
      mode: this.store.writer || isFollowing(this.store) ? this.options.mode : 'observe',
      engine: shownEngine(engine, this.options.runtime.kind),
      startedAt: iso(watchingSince),
      healingFrom: iso(local.healingFrom),
      lastCheckAt: lastFullCheckAt === null ? null : iso(lastFullCheckAt),
      ...(others.length > 0 && { hosts: others.map((host) => shownHost(host, this.options)) }),
      containers: { total: statuses.size, ...counts },
      externals: {
        total: externals.length,
        down: externals.filter(({ status }) => status === 'down').length,
      },
      incidents: countOpen(this.incidents(), {
        statusOf: (reference) => statuses.get(reference),
        isUp: upAmong(externals),
      }),
      store: this.store.status,
      machine: local.machine,
      webhooks: this.webhooks.status(),
      ...this.replica(),
      ...this.onlyReads(),
    };
  }

  /**
   * What keeps the monitor itself from working, in a sentence without names, paths or words from outside; `null`:
   * nothing. For readiness probes and the like: containers that are down, and an engine that does not answer, are none
   * of it. A process that follows works as long as it can serve what the leader says.
   */
  ownProblem(): string | null {
    if (!this.watch.isOn) return null;
    for (const { monitor } of this.watched.all) if (monitor.ownProblem !== null) return monitor.ownProblem;
    return null;
  }

  // ----------------------------------------------------------------------------------------------------- acting

  /**
   * Starts a container, wishes it running, and forgets earlier attempts. What the monitor itself is doing to it just
   * now is waited for.
   *
   * @param by who asks, for the record
   * @throws NotFoundException, ServiceUnavailableException in an engine outage or while no process leads,
   *   ConflictException while another person's act on it is under way, BadGatewayException with the engine's words when
   *   it refuses
   */
  async start(name: string, by: string): Promise<ContainerView> {
    return this.acts.start(name, by);
  }

  /** Stops a container and leaves it off until somebody starts it. Throws as `start` does. */
  async stop(name: string, by: string): Promise<ContainerView> {
    return this.acts.stop(name, by);
  }

  /** Stops a container, with its own stop timeout, and starts it. Throws as `start` does. */
  async restart(name: string, by: string): Promise<ContainerView> {
    return this.acts.restart(name, by);
  }

  /** @throws NotFoundException */
  previewStop(name: string): StopPreview {
    const { host, view } = findContainer(this.hosts, name);
    const reference = referenceTo(host.name?.key, view.name);
    const dependents = this.watch.isOn
      ? this.watched.dependentsOf(reference)
      : dependentsAmong(this.containers(), reference);
    return { dependents, stopTimeoutMs: stopTimeoutOf(view) };
  }

  /**
   * Keeps the monitor's hands off a container until `release`, or for `forMs`.
   *
   * @throws NotFoundException, ServiceUnavailableException while no process leads
   */
  async hold(name: string, reason: string, by: string, forMs?: number): Promise<ContainerView> {
    return this.acts.hold(name, reason, by, forMs);
  }

  /** Ends a hold; what went down meanwhile is seen to at once. Throws as `hold` does. */
  async release(name: string, by: string): Promise<ContainerView> {
    return this.acts.release(name, by);
  }

  /**
   * Forgets attempts and that it was given up. A container that is down and wished running is started at once, whatever
   * its exit and its restart policy say; one wished stopped is left off. Throws as `hold` does.
   */
  async retry(name: string, by: string): Promise<ContainerView> {
    return this.acts.retry(name, by);
  }

  private async samples({ host, view }: Found<KnownHost>, points?: number): Promise<readonly MemorySample[]> {
    const watched = this.watch.isOn && this.watched.all.find(({ name }) => name?.key === host.name?.key);
    if (watched) return watched.memory.samples(view.name, points);
    const { intervalMs, windowSamples } = this.options.memory;
    const since = new Date(this.clock.now() - intervalMs * windowSamples).toISOString();
    const container = referenceTo(host.name?.key, view.name);
    const ticks = await this.store.memory({ since, container });
    const samples = ticks.map(({ at, samples: [one] }) => ({
      at: Date.parse(at),
      bytes: one?.usedBytes ?? 0,
    }));
    return (points === undefined ? samples : downSample(samples, points)).map(({ at, bytes }) => ({
      at: iso(at),
      usedBytes: Math.round(bytes),
    }));
  }

  private onlyReads(): Pick<HealthStatus, 'onlyReads'> {
    const reads = onlyReads(this.store, this.watched);
    return reads === undefined ? {} : { onlyReads: reads };
  }

  private replica(): { readonly replica?: ReplicaView } {
    const { shared } = this.store;
    if (shared === null) return {};
    const { id, role, replicas } = shared;
    return { replica: { id, role, leader: replicas.find(({ leads }) => leads)?.id ?? null, replicas } };
  }
}

const iso = (at: number): string => new Date(at).toISOString();
