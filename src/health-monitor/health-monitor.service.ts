import {
  BadGatewayException,
  ConflictException,
  Inject,
  Injectable,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { Clock } from '../common/clock/index.js';
import { Monitor } from './cycle/index.js';
import {
  HealthState,
  STATUSES,
  type ContainerDetailView,
  type ContainerView,
  type ExternalView,
  type HealthStatus,
  type Incident,
  type Status,
} from '../common/events/index.js';
import { countOpen, upAmong } from '../common/standing/index.js';
import { viewExternals } from './step/index.js';
import { incidentView, isShown } from './incidents/index.js';
import { MemoryLeakService } from './memory/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import type { ActOutcome } from './policy/index.js';
import { HealthStore } from '../common/store/index.js';
import { WebhookService } from '../webhooks/index.js';

const HISTORY_EVENTS = 200;
const INCIDENTS_FOR_MS = 30 * 24 * 60 * 60_000;

/** What stopping a container would mean. */
export interface StopPreview {
  /** Who needs it, directly or not, and would wait. */
  readonly dependents: readonly string[];
  readonly stopTimeoutMs: number;
}

/** What the monitor knows and what people can ask of it. REST, the socket and hosts all come through here. */
@Injectable()
export class HealthMonitorService extends HealthState {
  constructor(
    private readonly monitor: Monitor,
    private readonly memory: MemoryLeakService,
    private readonly store: HealthStore,
    private readonly clock: Clock,
    private readonly webhooks: WebhookService,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {
    super();
  }

  // ---------------------------------------------------------------------------------------------------- looking

  /** All containers, in the engine's order. */
  containers(): readonly ContainerView[] {
    const { containers, views } = this.monitor.state;
    return [...containers.keys()].flatMap((name) => {
      const view = views.get(name);
      return view ? [{ ...view, memory: this.memory.view(name) }] : [];
    });
  }

  /** What is no container and containers need, as it is written in the options. */
  externals(): readonly ExternalView[] {
    return viewExternals(this.monitor.state, this.options);
  }

  /**
   * One container with its latest events and its memory over time.
   *
   * @param points at most this many samples, with every low and high kept
   * @throws NotFoundException
   */
  async container(name: string, points?: number): Promise<ContainerDetailView> {
    const view = this.find(name);
    const history = await this.store.events({ container: view.name, limit: HISTORY_EVENTS });
    const memory = this.memory.view(view.name);
    return {
      ...view,
      history,
      memory: memory && { ...memory, samples: this.memory.samples(view.name, points) },
    };
  }

  /** Those that are open, and those resolved within 30 days; newest first. */
  incidents(): readonly Incident[] {
    const since = this.clock.now() - INCIDENTS_FOR_MS;
    return [...this.monitor.state.incidents.values()]
      .filter(
        (incident) =>
          isShown(incident) && (incident.resolvedAt === null || Date.parse(incident.resolvedAt) >= since),
      )
      .sort((a, b) => b.since - a.since)
      .map(incidentView);
  }

  /**
   * What happened in the last hours and what followed from it, as lines of JSON, with secrets masked:
   * `npx health-monitor replay FILE` reads it. At most `recording.keepBytes`, and the state before that.
   */
  recording(): string {
    return this.monitor.recording();
  }

  status(): HealthStatus {
    const { engine, lastFullCheckAt, watchingSince, views: known } = this.monitor.state;
    const views = [...known.values()];
    const externals = this.externals();
    const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
    for (const { status } of views) counts[status]++;
    return {
      nodeId: this.options.nodeId,
      mode: this.store.writer ? this.options.mode : 'observe',
      engine: {
        kind: engine.info?.kind ?? this.options.runtime.kind,
        version: engine.info?.version ?? null,
        reachable: engine.reachable === true,
        since: engine.since === null ? null : iso(engine.since),
        problem: engine.problem,
      },
      startedAt: iso(watchingSince),
      healingFrom: iso(this.monitor.healingFrom),
      lastCheckAt: lastFullCheckAt === null ? null : iso(lastFullCheckAt),
      containers: { total: views.length, ...counts },
      externals: {
        total: externals.length,
        down: externals.filter(({ status }) => status === 'down').length,
      },
      incidents: countOpen(this.incidents(), {
        statusOf: (name) => known.get(name)?.status,
        isUp: upAmong(externals),
      }),
      store: this.store.status,
      machine: this.monitor.machine,
      webhooks: this.webhooks.status(),
    };
  }

  /**
   * What keeps the monitor itself from working, in a sentence without names, paths or words from outside; `null`:
   * nothing. For readiness probes and the like: containers that are down, and an engine that does not answer, are none of it.
   */
  ownProblem(): string | null {
    return this.monitor.ownProblem;
  }

  // ----------------------------------------------------------------------------------------------------- acting

  /**
   * Starts a container, wishes it running, and forgets earlier attempts. What the monitor itself is doing to it just
   * now is waited for.
   *
   * @param by who asks, for the record
   * @throws NotFoundException, ServiceUnavailableException in an engine outage, ConflictException while another person's
   *   act on it is under way, BadGatewayException with the engine's words when it refuses
   */
  async start(name: string, by: string): Promise<ContainerView> {
    return this.act(name, 'start', by);
  }

  /** Stops a container and leaves it off until somebody starts it. Throws as `start` does. */
  async stop(name: string, by: string): Promise<ContainerView> {
    return this.act(name, 'stop', by);
  }

  /** Stops a container, with its own stop timeout, and starts it. Throws as `start` does. */
  async restart(name: string, by: string): Promise<ContainerView> {
    return this.act(name, 'restart', by);
  }

  /** @throws NotFoundException */
  previewStop(name: string): StopPreview {
    const view = this.find(name);
    const topology = this.monitor.state.topology;
    const dependents = [...(topology?.graph.below ?? [])]
      .filter(([, below]) => below.has(view.name))
      .map(([dependent]) => dependent);
    return { dependents, stopTimeoutMs: topology?.rules.get(view.name)?.stopTimeoutMs ?? 10_000 };
  }

  /**
   * Keeps the monitor's hands off a container until `release`, or for `forMs`.
   *
   * @throws NotFoundException
   */
  async hold(name: string, reason: string, by: string, forMs?: number): Promise<ContainerView> {
    const holdAt = (at: number) =>
      ({ kind: 'hold', reason, until: forMs === undefined ? null : at + forMs }) as const;
    await this.monitor.ask(this.findToChange(name).name, holdAt, by);
    return this.find(name);
  }

  /** Ends a hold; what went down meanwhile is seen to at once. @throws NotFoundException */
  async release(name: string, by: string): Promise<ContainerView> {
    await this.monitor.ask(this.findToChange(name).name, () => ({ kind: 'release' }), by);
    return this.find(name);
  }

  /**
   * Forgets attempts and that it was given up. A container that is down and wished running is started at once, whatever
   * its exit and its restart policy say; one wished stopped is left off.
   *
   * @throws NotFoundException
   */
  async retry(name: string, by: string): Promise<ContainerView> {
    const view = this.findToChange(name);
    const holders = this.namespaceHoldersOf(view.name);
    for (const one of [...holders, view.name]) await this.monitor.ask(one, () => ({ kind: 'retry' }), by);
    return this.find(name);
  }

  /** What holds the namespaces of its pod: nobody can ask for that by a name. */
  private namespaceHoldersOf(name: string): readonly string[] {
    const { containers } = this.monitor.state;
    const requires = new Set(containers.get(name)?.requires);
    return [...containers.values()]
      .filter(({ id, isInfra }) => isInfra && requires.has(id))
      .map((one) => one.name);
  }

  private async act(name: string, kind: 'start' | 'stop' | 'restart', by: string): Promise<ContainerView> {
    // A person comes before the monitor, which has no second thoughts about a start that takes minutes.
    await this.monitor.freeForPerson(this.findToChange(name).name);
    const view = this.findToChange(name);
    const { engine } = this.monitor.state;
    if (engine.reachable !== true)
      throw new ServiceUnavailableException(engine.problem ?? 'The engine was not reached yet.');
    if (this.monitor.isActingOn(view.name)) {
      throw new ConflictException(
        `Something is being done to ${view.name} right now; try again when it has ended.`,
      );
    }
    const { stopTimeoutMs } = this.previewStop(name);
    throwUnlessDone(
      await this.monitor.actForPerson({ name: view.name, id: view.id, kind, stopTimeoutMs, by }),
    );
    return this.find(name);
  }

  /** For what changes something: a process that only watches would forget it. */
  private findToChange(name: string): ContainerView {
    const view = this.find(name);
    if (this.store.writer) return view;
    throw new ServiceUnavailableException(
      'Another process heals with this database; this one only watches until that has ended.',
    );
  }

  /** By name or app id. */
  private find(name: string): ContainerView {
    const { views } = this.monitor.state;
    const view = views.get(name) ?? [...views.values()].find(({ appId }) => appId === name);
    if (!view) throw new NotFoundException(`There is no container ${JSON.stringify(name.slice(0, 200))}.`);
    return { ...view, memory: this.memory.view(view.name) };
  }
}

function throwUnlessDone({ kind, detail }: ActOutcome): void {
  switch (kind) {
    case 'refused':
      throw new BadGatewayException(detail ?? 'The engine refused.');
    case 'timed-out':
      throw new ServiceUnavailableException('The engine did not answer in time; it may still be at it.');
    case 'void':
      // It ran already, or was down already: that is what was asked for.
      if (detail !== null) throw new ServiceUnavailableException(detail);
      return;
    case 'done':
      return;
  }
}

const iso = (at: number): string => new Date(at).toISOString();
