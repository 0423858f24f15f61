import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/index.js';
import {
  ENGINE_UNKNOWN,
  engineAnswered,
  engineFailed,
  forgetFailures,
  type EngineState,
} from '../engine/index.js';
import { EventStream, type EventDraft } from '../events/index.js';
import { Host } from '../host/index.js';
import {
  closeEngineIncident,
  leakNotice,
  openEngineIncident,
  openLeakIncident,
  type IncidentRecord,
  type Notice,
} from '../incidents/index.js';
import { inDailyWindow, MemoryLeakService, type MemoryChange } from '../memory/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../options/index.js';
import {
  endAttempt,
  isUp,
  RestartPolicy,
  type ActOutcome,
  type ContainerRecord,
  type HostBoot,
} from '../policy/index.js';
import { ContainerRuntime, type EngineEvent } from '../runtime/index.js';
import { HealthStore } from '../store/index.js';
import { assembleChange, type StepChange } from './assemble-change.js';
import { conclude } from './conclude.js';
import { ContainerActor } from './container-actor.js';
import { ContainerObserver, type EngineContext } from './container-observer.js';
import type { CycleContext } from './cycle-context.js';
import { decideAll, type Act } from './decide-all.js';
import { whatIsDue } from './due.js';
import { EventSigns } from './event-signs.js';
import type { HostRecord } from './host-record.js';
import { loadState } from './load-state.js';
import { NOTHING_KNOWN, type MonitorState } from './monitor-state.js';
import { NotificationIds } from './notification-ids.js';
import type { Observation } from './observation.js';
import { shiftIncident, shiftRecord } from './shift-times.js';
import { takeIn } from './take-in.js';
import { viewContainer } from './view-container.js';
import { WantedLooks } from './wanted-looks.js';

/** A failed check is made again this soon. */
const RETRY_MS = 5_000;
/** What is overdue although it was just looked at is looked at again this soon. */
const OVERDUE_MS = 1_000;
/** Between two heartbeats, wall clock and monotonic clock may drift apart this far; beyond, the clock was set. */
const CLOCK_SET_MS = 60_000;
/** Engines may round the time of a start to the second. */
const CLOCKS_DIFFER_MS = 1_000;
/** A heartbeat this late means that the host slept. */
const SLEPT_MS = 30_000;

/**
 * The cycle: look, decide, write down, tell, act. It owns the state; every change of it, from a look, from an act that
 * ended or from a person, takes its turn, one after the other.
 */
@Injectable()
export class Cycle {
  private readonly logger = new Logger('HealthMonitor');
  private readonly signs: EventSigns;
  private readonly wanted = new WantedLooks();
  private readonly ids = new NotificationIds();
  private current: MonitorState = NOTHING_KNOWN;
  private engineState: EngineState = ENGINE_UNKNOWN;
  private turns: Promise<unknown> = Promise.resolve();
  private looking: Promise<void> | null = null;
  private closing = false;
  private eventsLive = false;

  private startedAt = 0;
  private host: {
    readonly id: string | null;
    readonly before: HostRecord | null;
    readonly ownId: string | null;
  } = {
    id: null,
    before: null,
    ownId: null,
  };
  private lastFullCheck: { readonly at: number; readonly boot: HostBoot } | null = null;
  /** Monotonic. */
  private nextFullCheckAt = 0;
  private nextDueAt = Number.POSITIVE_INFINITY;
  private heartbeat = { wall: 0, monotonic: 0 };
  private reported = new Set<string>();

  constructor(
    private readonly runtime: ContainerRuntime,
    private readonly observer: ContainerObserver,
    private readonly actor: ContainerActor,
    private readonly policy: RestartPolicy,
    private readonly memory: MemoryLeakService,
    private readonly stream: EventStream,
    private readonly store: HealthStore,
    private readonly clock: Clock,
    private readonly machine: Host,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {
    this.signs = new EventSigns((name, from, to) => actor.actedOn(name, from, to));
  }

  get state(): MonitorState {
    return this.current;
  }

  get engine(): EngineState {
    return this.engineState;
  }

  get lastCheckAt(): number | null {
    return this.lastFullCheck?.at ?? null;
  }

  get watchingSince(): number {
    return this.startedAt;
  }

  get healingFrom(): number {
    return this.startedAt + this.options.check.startupDelayMs;
  }

  /** Takes up what an earlier process left. Call it once, before anything else. */
  async begin(): Promise<void> {
    this.startedAt = this.clock.now();
    this.heartbeat = { wall: this.clock.now(), monotonic: this.clock.monotonic() };
    const [bootId, ownId] = await Promise.all([this.machine.bootId(), this.machine.ownContainerId()]);
    const { state, host } = await loadState(this.store, this.startedAt);
    this.current = state;
    this.host = { id: bootId, before: host, ownId };
  }

  /** Asks what is due. Nearly free when nothing is. */
  beat(): void {
    const wall = this.clock.now();
    const monotonic = this.clock.monotonic();
    this.noticeClock(wall, monotonic);
    if (this.closing) return;
    if (monotonic >= this.nextFullCheckAt) {
      this.nextFullCheckAt = monotonic + this.options.check.intervalMs;
      this.lookSoon('all');
    } else if (wall >= this.nextDueAt) {
      const due = [...whatIsDue(this.current, wall)].filter(({ at }) => at <= wall);
      this.nextDueAt = wall + OVERDUE_MS;
      this.lookSoon(new Set(due.map(({ name }) => name)));
    }
  }

  /** Something happened, says the engine: look at it now. */
  take(event: EngineEvent): void {
    this.signs.take(event);
    const known = this.current.records.get(event.name);
    switch (event.action) {
      case 'created':
      case 'renamed':
        return this.lookSoon('all');
      case 'health-checked':
        return known?.readySince === null ? this.lookSoon([event.name]) : undefined;
      case 'cleaned-up':
        return known?.death?.stoppedBy === 'judging' ? this.lookSoon([event.name]) : undefined;
      default:
        return this.lookSoon(known && known.absentSince === null ? [event.name] : 'all');
    }
  }

  /** Whether the engine's events are being heard. */
  hear(live: boolean): void {
    this.eventsLive = live;
  }

  /** Looks without waiting for it; what goes wrong is logged. */
  lookSoon(names: Iterable<string> | 'all'): void {
    this.look(names).catch((error: unknown) =>
      this.logger.error('A check failed unexpectedly; the next one is made as usual.', stackOf(error)),
    );
  }

  /** Looks at some containers, or all, and does what follows. Requests that come meanwhile are served in one go. */
  look(names: Iterable<string> | 'all'): Promise<void> {
    if (this.closing) return Promise.resolve();
    this.wanted.add(names);
    this.looking ??= this.lookWhileWanted().finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookWhileWanted(): Promise<void> {
    for (let names = this.wanted.take(); names !== null && !this.closing; names = this.wanted.take()) {
      const wanted = names;
      await this.inTurn(() => this.step(wanted));
    }
  }

  // ------------------------------------------------------------------------------------------------- the cycle

  private async step(names: ReadonlySet<string> | 'all'): Promise<void> {
    const before = this.engineState;
    const observation = await this.observe(names);
    if (observation === null) return;
    const context = await this.context(observation);
    const seen = new Set(observation.containers.map(({ name }) => name));

    const taken = takeIn(this.current, observation, context);
    const decided = decideAll(taken, seen, context);
    const concluded = conclude(this.current, observation, taken, decided, context, (name) =>
      this.memory.view(name),
    );

    const incidents = new Map(concluded.state.incidents);
    const notices: Notice[] = [...concluded.incidents.notices, ...concluded.notices];
    const events: EventDraft[] = [...concluded.events];
    if (before.told && observation.full)
      this.tellEngineBack(incidents, notices, events, decided.acts, context.now);
    this.markRestartedLeaks(incidents, decided.acts);

    await this.keep({
      at: iso(context.now),
      events,
      notices,
      records: concluded.changedRecords,
      forgotten: concluded.forgotten,
      incidents,
      incidentsBefore: this.current.incidents,
      put: observation.full ? [this.signOfLife(context.now)] : [],
      state: concluded.state,
    });
    for (const act of decided.acts) this.launch(act);

    const unreadable = new Set([...observation.unreadable, ...observation.gone]);
    this.wanted.add(decided.lookAgain.filter((name) => !unreadable.has(name)));
    if (observation.full) this.lastFullCheck = { at: context.now, boot: { ...context.host, isNew: false } };
    this.report(taken.topology.topology.graph.problems);
  }

  /** What the engine shows; `null`: it does not answer, and nothing is decided. */
  private async observe(names: ReadonlySet<string> | 'all'): Promise<Observation | null> {
    const full = names === 'all' || this.lastFullCheck === null;
    try {
      const info = this.engineState.reachable === true ? this.engineState.info! : await this.runtime.info();
      const engine: EngineContext = { tells: info.tellsWhoStopped, signs: this.signs.all };
      const first = this.lastFullCheck === null || this.engineState.reachable === false;
      const blind = info.tellsWhoStopped === 'flag' && !this.eventsLive;
      const observation = full
        ? await this.observer.lookAtAll(this.current, first, blind, engine)
        : await this.observer.lookAt(this.withDependencies(names), this.current, engine);
      if (full) this.engineState = engineAnswered(this.engineState, info, this.clock.now());
      return observation;
    } catch (error) {
      this.nextFullCheckAt = this.clock.monotonic() + Math.min(RETRY_MS, this.options.check.intervalMs);
      if (full) await this.engineDidNotAnswer(error);
      return null;
    }
  }

  /** Who is to be started may only be judged together with what it needs. */
  private withDependencies(names: ReadonlySet<string>): ReadonlySet<string> {
    const below = this.current.topology?.topology.graph.below;
    return new Set([...names].flatMap((name) => [name, ...(below?.get(name) ?? [])]));
  }

  private async context({ containers }: Observation): Promise<CycleContext> {
    const now = this.clock.now();
    const someDown = containers.some((container) => !isUp(container));
    return {
      now,
      options: this.options,
      policy: this.policy,
      host: this.lastFullCheck?.boot ?? this.hostBoot(containers.flatMap(({ exitedAt }) => exitedAt ?? [])),
      healingFrom: this.healingFrom,
      shuttingDown: this.closing || (someDown && (await this.machine.isShuttingDown())),
      observeOnly: !this.store.writer,
      ownId: this.host.ownId,
      acting: this.actor.acting,
      stoppedByUs: (name, at) => this.actor.stopped(name, at),
      startedByUs: (name, at) => this.actor.actedOn(name, at - CLOCKS_DIFFER_MS, at + CLOCKS_DIFFER_MS),
      leakRestartDue: (name) => this.leakRestartDue(name, now),
    };
  }

  /** When the host came up, and the last sign of life before that. */
  private hostBoot(exits: readonly number[]): HostBoot {
    const bootedAt = this.machine.bootedAt();
    const { id, before } = this.host;
    const lastAlive = before !== null && before.aliveAt < bootedAt ? before.aliveAt : 0;
    return {
      bootedAt,
      downAt: Math.max(lastAlive, ...exits.filter((at) => at < bootedAt)),
      isNew: before !== null && (id === null ? before.aliveAt < bootedAt : before.bootId !== id),
    };
  }

  private signOfLife(now: number): { collection: 'host'; key: string; value: HostRecord } {
    return { collection: 'host', key: 'host', value: { bootId: this.host.id, aliveAt: now } };
  }

  /** Does what was decided and written down; how it ends is another turn. */
  private launch(act: Act): void {
    this.logger.log(`${act.name}: ${act.reason}`);
    void this.actor
      .perform({ ...act, by: 'monitor' })
      .then((outcome) => this.inTurn(() => this.concludeAct(act, outcome)))
      .then(() => this.lookSoon([act.name]))
      .catch((error: unknown) =>
        this.logger.error(`The end of an act on ${act.name} was lost.`, stackOf(error)),
      );
  }

  private async concludeAct(act: Act, outcome: ActOutcome): Promise<void> {
    const of = act.attempt === null ? '' : ` Attempt ${act.attempt}.`;
    const event: Record<ActOutcome['kind'], EventDraft | null> = {
      done: this.event('container.restarted', act.name, {
        reason: `${act.kind === 'start' ? 'Started' : 'Restarted'}.${of}`,
        attempt: act.attempt ?? undefined,
      }),
      refused: this.event('container.restart_failed', act.name, {
        reason: `The engine refused: ${outcome.detail}`,
        attempt: act.attempt ?? undefined,
      }),
      'timed-out': this.event('container.restart_failed', act.name, {
        reason: 'The engine did not answer in time.',
        attempt: act.attempt ?? undefined,
      }),
      void: null,
    };
    const draft = event[outcome.kind];
    const update = (record: ContainerRecord) => (act.attempt === null ? record : endAttempt(record, outcome));
    await this.applyChange(act.name, update, draft === null ? [] : [draft]);
  }

  // --------------------------------------------------------------------------------------- changes from elsewhere

  /** Changes what is remembered of a container, keeps and tells that. Waits for its turn. */
  change(
    name: string,
    update: (record: ContainerRecord) => ContainerRecord,
    events: readonly EventDraft[],
    byPerson: boolean,
  ): Promise<void> {
    return this.inTurn(() => this.applyChange(name, update, events, byPerson));
  }

  private async applyChange(
    name: string,
    update: (record: ContainerRecord) => ContainerRecord,
    events: readonly EventDraft[],
    byPerson = false,
  ): Promise<void> {
    const state = this.current;
    const known = state.records.get(name);
    const container = state.containers.get(name);
    const topology = state.topology?.topology;
    if (!known || !container || !topology) return;
    const record = update(known);
    const now = this.clock.now();
    const dependencies = topology.graph.dependencies.get(name) ?? [];
    const view = viewContainer(
      container,
      record,
      topology.rules.get(name)!,
      dependencies,
      this.memory.view(name),
      now,
    );
    const told =
      events.length > 0 ? events : [this.event('container.changed', name, { reason: view.decision.reason })];
    const incidents = new Map(state.incidents);
    if (byPerson) {
      for (const [id, incident] of incidents) {
        if (incident.status === 'open' && incident.cause.container === name && !incident.helped) {
          incidents.set(id, { ...incident, helped: true });
        }
      }
    }
    await this.keep({
      at: iso(now),
      events: told.map((draft, index) =>
        index === told.length - 1 ? ({ ...draft, data: { ...draft.data, view } } as EventDraft) : draft,
      ),
      records: record === known ? [] : [record],
      incidents,
      incidentsBefore: state.incidents,
      state: {
        ...state,
        incidents,
        records: new Map(state.records).set(name, record),
        views: new Map(state.views).set(name, view),
      },
    });
  }

  event<
    T extends
      | 'container.changed'
      | 'container.started'
      | 'container.stopped'
      | 'container.restarted'
      | 'container.restart_failed'
      | 'container.held'
      | 'container.released'
      | 'container.rearmed',
  >(
    type: T,
    container: string,
    data: { readonly reason: string; readonly attempt?: number; readonly by?: string },
  ): EventDraft {
    return { type, at: iso(this.clock.now()), container, data } as EventDraft;
  }

  /** Takes in what the latest memory readings say. */
  takeMemory(changes: readonly MemoryChange[]): Promise<void> {
    return this.inTurn(async () => {
      const state = this.current;
      const now = this.clock.now();
      const at = iso(now);
      const incidents = new Map(state.incidents);
      const notices: Notice[] = [];
      const events: EventDraft[] = [];
      const types = {
        leak: 'memory.leak',
        urgent: 'memory.leak_urgent',
        cleared: 'memory.leak_cleared',
      } as const;
      for (const { container, kind, trend } of changes) {
        const open = [...incidents.values()].find(
          ({ kind, status, cause }) => kind === 'leak' && status === 'open' && cause.container === container,
        );
        const incident = kind === 'cleared' ? open : (open ?? openLeakIncident(container, trend, now));
        if (incident) {
          incidents.set(
            incident.id,
            kind === 'cleared'
              ? {
                  ...incident,
                  status: 'resolved',
                  resolvedAt: at,
                  endedBy: incident.attempted ? 'attempt' : 'itself',
                }
              : { ...incident, cause: { ...incident.cause, reason: trend.reason } },
          );
        }
        notices.push(leakNotice(kind, container, trend.reason, incident?.id ?? null));
        events.push({
          type: types[kind],
          at,
          container,
          data: { reason: trend.reason, incidentId: incident?.id },
        });
        this.logger.warn(`${container}: ${trend.reason}`);
      }
      await this.keep({
        at,
        events,
        notices,
        incidents,
        incidentsBefore: state.incidents,
        state: { ...state, incidents },
      });
      this.wanted.add(changes.map(({ container }) => container));
    }).then(() => this.look([]));
  }

  private leakRestartDue(name: string, now: number): boolean {
    const rules = this.current.topology?.topology.rules.get(name);
    if (rules?.onLeak !== 'restart' || !inDailyWindow(rules.leakRestartWindow, new Date(now))) return false;
    return [...this.current.incidents.values()].some(
      ({ kind, status, cause, attempted }) =>
        kind === 'leak' && status === 'open' && cause.container === name && !attempted,
    );
  }

  /** A leak is answered by one restart, not by one a night. */
  private markRestartedLeaks(incidents: Map<string, IncidentRecord>, acts: readonly Act[]): void {
    for (const { name, attempt, kind } of acts) {
      if (kind !== 'restart' || attempt !== null) continue;
      for (const [id, incident] of incidents) {
        const itsLeak =
          incident.kind === 'leak' && incident.status === 'open' && incident.cause.container === name;
        if (itsLeak) incidents.set(id, { ...incident, attempted: true });
      }
    }
  }

  // -------------------------------------------------------------------------------------------------- the engine

  private async engineDidNotAnswer(error: unknown): Promise<void> {
    const now = this.clock.now();
    const before = this.engineState;
    const problem = error instanceof Error ? error.message : String(error);
    this.engineState = engineFailed(before, problem, now);
    if (!this.engineState.told || before.told) return;
    this.logger.error(`Podman does not answer. ${problem}`);
    const alreadyOpen = [...this.current.incidents.values()].some(
      ({ kind, status }) => kind === 'engine' && status === 'open',
    );
    if (alreadyOpen) return;
    const { incident, notice } = openEngineIncident(this.engineState.failingSince ?? now, problem);
    const incidents = new Map(this.current.incidents).set(incident.id, incident);
    await this.keep({
      at: iso(now),
      events: [
        { type: 'engine.unreachable', at: iso(now), data: { reason: problem, incidentId: incident.id } },
      ],
      notices: [notice],
      incidents,
      incidentsBefore: this.current.incidents,
      state: { ...this.current, incidents },
    });
  }

  private tellEngineBack(
    incidents: Map<string, IncidentRecord>,
    notices: Notice[],
    events: EventDraft[],
    acts: readonly Act[],
    now: number,
  ): void {
    const open = [...incidents.values()].find(({ kind, status }) => kind === 'engine' && status === 'open');
    if (!open) return;
    const { incident, notice } = closeEngineIncident(
      open,
      acts.map(({ name }) => name),
      now,
    );
    incidents.set(incident.id, incident);
    notices.push(notice);
    events.push({
      type: 'engine.reachable',
      at: iso(now),
      data: { reason: notice.message, incidentId: incident.id },
    });
    this.logger.log(`Podman answers again. ${notice.message}`);
  }

  // --------------------------------------------------------------------------------------------------- machinery

  /** Keeps a step, tells it, and makes its state the current one. */
  private async keep(step: StepChange & { readonly state: MonitorState }): Promise<void> {
    let { incidents } = step;
    await this.stream.commit((nextSeq) => {
      const assembled = assembleChange(step, nextSeq, (appId, at) => this.ids.next(appId, at));
      incidents = assembled.incidents;
      return assembled.change;
    });
    this.current = { ...step.state, incidents };
    const now = this.clock.now();
    this.nextDueAt = Number.POSITIVE_INFINITY;
    for (const { at } of whatIsDue(this.current, now)) {
      this.nextDueAt = Math.min(this.nextDueAt, at <= now ? now + OVERDUE_MS : at);
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turns.then(work);
    this.turns = turn.catch(() => undefined);
    return turn;
  }

  /** The wall clock may be set, and the host may sleep: neither is time that a container was down or unhealthy. */
  private noticeClock(wall: number, monotonic: number): void {
    const before = this.heartbeat;
    this.heartbeat = { wall, monotonic };
    const passed = monotonic - before.monotonic;
    const jump = wall - before.wall - passed;
    if (Math.abs(jump) > CLOCK_SET_MS) {
      void this.inTurn(async () => {
        this.startedAt += jump;
        const records = new Map(
          [...this.current.records].map(([name, record]) => [name, shiftRecord(record, jump)]),
        );
        const incidents = new Map(
          [...this.current.incidents].map(([id, incident]) => [id, shiftIncident(incident, jump)]),
        );
        this.current = { ...this.current, records, incidents };
        this.nextDueAt = 0;
        return Promise.resolve();
      });
    }
    if (passed > SLEPT_MS || Math.abs(jump) > CLOCK_SET_MS) {
      void this.inTurn(async () => {
        this.engineState = forgetFailures(this.engineState);
        const records = new Map(
          [...this.current.records].map(([name, record]) => [
            name,
            record.unhealthySince === null ? record : { ...record, unhealthySince: wall },
          ]),
        );
        this.current = { ...this.current, records };
        return Promise.resolve();
      });
    }
  }

  private report(problems: readonly string[]): void {
    for (const problem of problems) {
      if (this.reported.has(problem)) continue;
      this.reported.add(problem);
      this.logger.warn(problem);
    }
  }

  /** Starts nothing any more; resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.closing = true;
    await this.looking;
    await this.actor.settled();
    await this.turns;
  }
}

const iso = (at: number): string => new Date(at).toISOString();
const stackOf = (error: unknown): unknown => (error instanceof Error ? error.stack : error);
