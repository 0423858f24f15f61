import {
  BadGatewayException,
  ConflictException,
  Inject,
  Injectable,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { Clock } from '../common/clock/index.js';
import { ContainerActor, Cycle } from './cycle/index.js';
import {
  HealthState,
  STATUSES,
  type ContainerDetailView,
  type ContainerView,
  type EventDraft,
  type HealthStatus,
  type Incident,
  type Status,
} from '../common/events/index.js';
import { incidentView } from './incidents/index.js';
import { MemoryLeakService } from './memory/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import { beginRestart, rearm, type ContainerRecord } from './policy/index.js';
import { HealthStore } from '../common/store/index.js';
import { WebhookService } from '../webhooks/index.js';

const HISTORY_EVENTS = 200;
const INCIDENTS_FOR_MS = 30 * 24 * 60 * 60_000;

const DONE_BY_PERSON = {
  start: { type: 'container.started', verb: 'Started' },
  stop: { type: 'container.stopped', verb: 'Stopped' },
  restart: { type: 'container.restarted', verb: 'Restarted' },
} as const;

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
    private readonly cycle: Cycle,
    private readonly actor: ContainerActor,
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
    return [...this.cycle.state.views.values()].map((view) => ({
      ...view,
      memory: this.memory.view(view.name),
    }));
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
    return [...this.cycle.state.incidents.values()]
      .filter(
        ({ announced, resolvedAt }) => announced && (resolvedAt === null || Date.parse(resolvedAt) >= since),
      )
      .sort((a, b) => b.since - a.since)
      .map(incidentView);
  }

  status(): HealthStatus {
    const { engine, lastCheckAt, healingFrom, watchingSince } = this.cycle;
    const views = [...this.cycle.state.views.values()];
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
      healingFrom: iso(healingFrom),
      lastCheckAt: lastCheckAt === null ? null : iso(lastCheckAt),
      containers: { total: views.length, ...counts },
      store: this.store.status,
      webhooks: this.webhooks.status(),
    };
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
    return this.act(name, 'start', by, wished('running', by, this.clock.now()));
  }

  /** Stops a container and leaves it off until somebody starts it. Throws as `start` does. */
  async stop(name: string, by: string): Promise<ContainerView> {
    return this.act(name, 'stop', by, wished('stopped', by, this.clock.now()));
  }

  /** Stops a container, with its own stop timeout, and starts it. Throws as `start` does. */
  async restart(name: string, by: string): Promise<ContainerView> {
    const at = this.clock.now();
    return this.act(name, 'restart', by, (before) => {
      const record = wished('running', by, at)(before);
      return { ...record, healing: beginRestart(record.healing, at) };
    });
  }

  /** @throws NotFoundException */
  previewStop(name: string): StopPreview {
    const view = this.find(name);
    const topology = this.cycle.state.topology?.topology;
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
    const view = this.findToChange(name);
    const since = this.clock.now();
    const hold = { reason, by, since, until: forMs === undefined ? null : since + forMs };
    const event = this.cycle.event('container.held', view.name, { reason: `On hold: ${reason}`, by });
    await this.cycle.change({
      name: view.name,
      update: (record) => ({ ...record, intent: { ...record.intent, hold } }),
      event,
      byPerson: true,
    });
    await this.cycle.look([view.name]);
    return this.find(name);
  }

  /** Ends a hold; what went down meanwhile is seen to at once. @throws NotFoundException */
  async release(name: string, by: string): Promise<ContainerView> {
    const view = this.findToChange(name);
    const event = this.cycle.event('container.released', view.name, { reason: 'Released.', by });
    await this.cycle.change({
      name: view.name,
      update: (record) => ({ ...record, intent: { ...record.intent, hold: null } }),
      event,
      byPerson: true,
    });
    await this.cycle.look([view.name]);
    return this.find(name);
  }

  /**
   * Forgets attempts, and that it was given up. A container that is down and wished running is started at once, whatever its exit and
   * its restart policy say; one wished stopped is left off.
   *
   * @throws NotFoundException
   */
  async retry(name: string, by: string): Promise<ContainerView> {
    const view = this.findToChange(name);
    const event = this.cycle.event('container.rearmed', view.name, {
      reason: `Trying again, as ${by} asked.`,
      by,
    });
    const wishedAnew = wished('running', by, this.clock.now());
    const update = (record: ContainerRecord) =>
      record.intent.wish.value === 'running'
        ? wishedAnew(record)
        : { ...record, healing: rearm(record.healing) };
    await this.cycle.change({ name: view.name, update, event, byPerson: true });
    await this.cycle.look([view.name]);
    return this.find(name);
  }

  private async act(
    name: string,
    kind: 'start' | 'stop' | 'restart',
    by: string,
    update: (record: ContainerRecord) => ContainerRecord,
  ): Promise<ContainerView> {
    // A person comes before the monitor, which has no second thoughts about a start that takes minutes.
    await this.actor.freeForPerson(this.findToChange(name).name);
    const view = this.findToChange(name);
    const { engine } = this.cycle;
    if (engine.reachable !== true)
      throw new ServiceUnavailableException(engine.problem ?? 'Podman was not reached yet.');
    if (this.actor.acting.has(view.name)) {
      throw new ConflictException(
        `Something is being done to ${view.name} right now; try again when it has ended.`,
      );
    }
    const { stopTimeoutMs } = this.previewStop(name);
    const before = this.cycle.state.records.get(view.name)?.intent.wish;
    const change = (next: typeof update, event: EventDraft | null) =>
      this.cycle.change({ name: view.name, update: next, event, byPerson: true });
    // The wish is written down first: it counts also when this process ends in the middle.
    const outcome = await this.actor.perform(
      { name: view.name, id: view.id, kind, stopTimeoutMs, attempt: null, by: 'person' },
      () => change(update, null),
    );
    const failed = outcome.kind === 'refused' || (outcome.kind === 'void' && outcome.detail !== null);
    if (failed && kind === 'stop' && before)
      await change((record) => ({ ...record, intent: { ...record.intent, wish: before } }), null);
    if (!failed && outcome.kind !== 'timed-out') {
      const { type, verb } = DONE_BY_PERSON[kind];
      await change(
        (record) => record,
        this.cycle.event(type, view.name, { reason: `${verb} by ${by}.`, by }),
      );
    }
    await this.cycle.look([view.name]);
    switch (outcome.kind) {
      case 'refused':
        throw new BadGatewayException(outcome.detail ?? 'The engine refused.');
      case 'timed-out':
        throw new ServiceUnavailableException('The engine did not answer in time; it may still be at it.');
      case 'void':
        if (outcome.detail !== null) throw new ServiceUnavailableException(outcome.detail);
        return this.find(name);
      case 'done':
        return this.find(name);
    }
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
    const { views } = this.cycle.state;
    const view = views.get(name) ?? [...views.values()].find(({ appId }) => appId === name);
    if (!view) throw new NotFoundException(`There is no container ${JSON.stringify(name.slice(0, 200))}.`);
    return { ...view, memory: this.memory.view(view.name) };
  }
}

const wished =
  (value: 'running' | 'stopped', who: string, at: number) =>
  (record: ContainerRecord): ContainerRecord => ({
    ...record,
    intent: { ...record.intent, wish: { value, by: 'person', who, at } },
    healing: rearm(record.healing),
  });

const iso = (at: number): string => new Date(at).toISOString();
