import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';
import {
  ENGINE_UNKNOWN,
  engineAnswered,
  engineFailed,
  forgetFailures,
  type EngineState,
} from '../engine/index.js';
import type { EventDraft, HealthEventType } from '../../common/events/index.js';
import { Host } from '../host/index.js';
import { MemoryLeakService, type MemoryChange } from '../memory/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../../common/options/index.js';
import {
  CRASH_SIGNALS,
  endAttempt,
  isUp,
  RestartPolicy,
  withParts,
  type ActOutcome,
  type HostBoot,
} from '../policy/index.js';
import {
  ContainerRuntime,
  RuntimeError,
  type Container,
  type EngineEvent,
  type ExitHint,
} from '../runtime/index.js';
import { HealthStore, type Put, type StoreNotice } from '../../common/store/index.js';
import { changeRecord, type RecordChange } from './change-record.js';
import { conclude } from './conclude.js';
import { ContainerActor } from './container-actor.js';
import { ContainerObserver } from './container-observer.js';
import type { CycleContext } from './cycle-context.js';
import { decideAll, type Act } from './decide-all.js';
import { outageBegins, outageEnds } from './engine-outage.js';
import { GuardedPolicy } from './guarded-policy.js';
import { hostBoot } from './host-boot.js';
import type { HostRecord } from './host-record.js';
import { isLeakRestartDue, leaksChanged, noteLeakRestarts } from './leaks.js';
import type { MonitorState } from './monitor-state.js';
import type { Observation } from './observation.js';
import { StateKeeper, type Step } from './state-keeper.js';
import { StopEvidenceCollector } from './stop-evidence.js';
import { storeChanged } from './store-trouble.js';
import { takeIn } from './take-in.js';
import { WantedLooks } from './wanted-looks.js';

/** A failed check is made again this soon. */
const RETRY_MS = 5_000;
/** Between two heartbeats, wall clock and monotonic clock may drift apart this far; beyond, the clock was set. */
const CLOCK_SET_MS = 60_000;
/** A heartbeat this late means that the host slept. */
const SLEPT_MS = 30_000;
/** What the engine told while nobody listened is heard later, but not the events of days. */
const HEARD_LATER_MS = 6 * 60 * 60_000;
/** Engines may round the time of a start to the second. */
const ROUNDED_MS = 1_000;

/** The cycle: look, decide, write down, tell, act. */
@Injectable()
export class Cycle {
  private readonly logger = new Logger('HealthMonitor');
  private readonly policy: RestartPolicy;
  private readonly stopEvidence: StopEvidenceCollector;
  private readonly wanted = new WantedLooks();
  private readonly reported = new Set<string>();
  private engineState: EngineState = ENGINE_UNKNOWN;
  private looking: Promise<void> | null = null;
  private closing = false;
  private stopListening: () => void = () => undefined;
  private eventsHeard = false;
  private engineMayBeAnother = false;

  private startedAt = 0;
  private bootId: string | null = null;
  private ownId: string | null = null;
  private hostBefore: HostRecord | null = null;
  private lastFullCheck: { readonly at: number; readonly boot: HostBoot } | null = null;
  /** Monotonic. */
  private nextFullCheckAt = 0;
  private heartbeat = { wall: 0, monotonic: 0 };

  constructor(
    private readonly keeper: StateKeeper,
    private readonly runtime: ContainerRuntime,
    private readonly observer: ContainerObserver,
    private readonly actor: ContainerActor,
    policy: RestartPolicy,
    private readonly memory: MemoryLeakService,
    private readonly store: HealthStore,
    private readonly clock: Clock,
    private readonly host: Host,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {
    this.policy = new GuardedPolicy(policy);
    this.stopEvidence = new StopEvidenceCollector((name, from, to) => actor.actedOn(name, from, to));
  }

  get state(): MonitorState {
    return this.keeper.state;
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

  /** Since when nobody has listened to the engine, as far as that is worth hearing now; `null`: nobody ever did. */
  get unheardSince(): number | null {
    if (this.hostBefore === null) return null;
    return Math.max(this.hostBefore.aliveAt, this.host.bootedAt(), this.startedAt - HEARD_LATER_MS);
  }

  /** Takes up what an earlier process left. Call it once, before anything else. */
  async begin(): Promise<void> {
    this.startedAt = this.clock.now();
    this.heartbeat = { wall: this.startedAt, monotonic: this.clock.monotonic() };
    [this.bootId, this.ownId] = await Promise.all([this.host.bootId(), this.host.ownContainerId()]);
    this.hostBefore = await this.keeper.load(this.store);
    this.stopListening = this.store.onNotice((notice) => this.takeStoreNotice(notice));
  }

  /** From now on nothing is looked at and nothing is started. */
  stop(): void {
    this.closing = true;
  }

  /** Stops; resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.stop();
    this.stopListening();
    await this.looking;
    await this.actor.settled();
    await this.keeper.idle();
  }

  // ------------------------------------------------------------------------------------------------ when to look

  /** Asks what is due. Nearly free when nothing is. */
  beat(): void {
    const wall = this.clock.now();
    const monotonic = this.clock.monotonic();
    this.noticeClock(wall, monotonic);
    if (this.closing) return;
    if (monotonic >= this.nextFullCheckAt) {
      this.nextFullCheckAt = monotonic + this.options.check.intervalMs;
      this.lookSoon('all');
    } else if (wall >= this.keeper.nextDueAt) {
      this.lookSoon(this.keeper.takeDue(wall));
    }
  }

  /** Something happened, says the engine: look at it now. */
  take(event: EngineEvent): void {
    this.stopEvidence.onEvent(event);
    const known = this.state.records.get(event.name);
    switch (event.action) {
      case 'created':
      case 'renamed':
        return this.lookSoon('all');
      case 'health-checked':
        return known?.health.readySince === null || this.isNewHealth(event)
          ? this.lookSoon([event.name])
          : undefined;
      case 'cleaned-up':
        return known?.life.death?.stoppedBy === 'pending' ? this.lookSoon([event.name]) : undefined;
      default:
        return this.lookSoon(known?.life.absentSince === null ? [event.name] : 'all');
    }
  }

  /**
   * A process ended, says the host: a crash is looked at before the engine's event comes. Not so where a person may have
   * asked it to stop, and it crashed over that: then the events decide.
   */
  takeExit({ id, exitCode }: ExitHint): void {
    if (this.closing || !CRASH_SIGNALS.has(exitCode)) return;
    this.runtime.inspect(id).then(
      ({ name, stoppedByUser }) => stoppedByUser === false && this.lookSoon([name]),
      // The engine's event comes all the same.
      () => undefined,
    );
  }

  /** A check that says the same as before costs nothing. */
  private isNewHealth({ name, health }: EngineEvent): boolean {
    const known = this.state.containers.get(name);
    return known !== undefined && health !== null && health !== known.health;
  }

  /** Whether the engine's events are being heard. */
  hear(heard: boolean): void {
    this.eventsHeard = heard;
    // Its service may have been started anew, as another version.
    if (!heard) this.engineMayBeAnother = true;
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
      await this.keeper.inTurn(() => this.lookOnce(wanted));
    }
  }

  // -------------------------------------------------------------------------------------------------- the cycle

  private async lookOnce(names: ReadonlySet<string> | 'all'): Promise<void> {
    const looksClear = this.actor.beginLook();
    const observation = await this.observe(names);
    if (observation === null) return;
    const seen = new Set(observation.containers.map(({ name }) => name));
    looksClear([...seen, ...observation.gone]);
    const context = await this.context(observation);
    const { now } = context;

    const taken = takeIn(this.state, observation, context);
    const decided = decideAll(taken, seen, context);
    const concluded = conclude(this.state, observation, taken, decided, context, (name) =>
      this.memory.view(name),
    );

    let step: Step = { ...concluded, put: observation.full ? [this.signOfLife(now)] : [] };
    step = noteLeakRestarts(step, decided.acts);
    if (observation.full) step = outageEnds(step, decided.decisions, now);
    await this.keeper.keep(step);
    for (const act of decided.acts) this.launch(act);

    const unreadable = new Set([...observation.unreadable, ...observation.gone]);
    this.wanted.add(decided.lookAgain.filter((name) => !unreadable.has(name)));
    if (observation.full) this.lastFullCheck = { at: now, boot: { ...context.host, isNew: false } };
    this.report(taken.topology.topology.problems);
  }

  /** What the engine shows; `null`: it does not answer, and nothing is decided. */
  private async observe(names: ReadonlySet<string> | 'all'): Promise<Observation | null> {
    // The first look after an outage is at all of them: who went down meanwhile is one batch.
    const full = names === 'all' || this.lastFullCheck === null || this.engineState.reachable === false;
    try {
      const { info: known, reachable } = this.engineState;
      const isKnown = reachable === true && known !== null && !this.engineMayBeAnother;
      const info = isKnown ? known : await this.runtime.info();
      if (full) this.engineMayBeAnother = false;
      if (info.warning !== null) this.report([info.warning]);
      const engine = { tellsWhoStopped: info.tellsWhoStopped, stopEvidence: this.stopEvidence.all };
      const first = this.lastFullCheck === null || reachable === false;
      const thorough = info.tellsWhoStopped === 'flag' && !this.eventsHeard;
      const observation = full
        ? await this.observer.lookAtAll(this.state, first, thorough, engine)
        : await this.observer.lookAt(this.withDependencies(names), this.state, engine);
      if (full) this.engineState = engineAnswered(this.engineState, info, this.clock.now());
      return observation;
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      this.checkSoon();
      if (full) await this.engineDidNotAnswer(error);
      return null;
    }
  }

  /** Who is to be started may only be judged together with what it needs. */
  private withDependencies(names: ReadonlySet<string>): ReadonlySet<string> {
    const below = this.state.topology?.topology.graph.below;
    return new Set([...names].flatMap((name) => [name, ...(below?.get(name) ?? [])]));
  }

  private async context({ containers }: Observation): Promise<CycleContext> {
    const now = this.clock.now();
    const someDown = containers.some((container) => !isUp(container));
    return {
      now,
      options: this.options,
      policy: this.policy,
      host: this.lastFullCheck?.boot ?? this.hostBoot(containers),
      healingFrom: this.healingFrom,
      shuttingDown: this.closing || (someDown && (await this.host.isShuttingDown())),
      observeOnly: !this.store.writer,
      ownId: this.ownId,
      acting: this.actor.acting,
      unseen: this.actor.unseen,
      stoppedByUs: (name, at) => this.actor.stopped(name, at),
      startedByUs: (name, at) => this.actor.actedOn(name, at - ROUNDED_MS, at + ROUNDED_MS),
      leakRestartDue: (name, rules) => isLeakRestartDue(this.state, name, rules, now),
    };
  }

  private hostBoot(containers: readonly Container[]): HostBoot {
    const exits = containers.flatMap(({ exitedAt }) => exitedAt ?? []);
    return hostBoot({ bootedAt: this.host.bootedAt(), bootId: this.bootId, before: this.hostBefore, exits });
  }

  private signOfLife(now: number): Put {
    return { collection: 'host', key: 'host', value: { bootId: this.bootId, aliveAt: now } };
  }

  /** Does what was decided and written down. How it ends is a step of its own. */
  private launch(act: Act): void {
    // A person may have begun something with it while the decision was written down, or the host a shutdown.
    const overtaken = this.closing || this.actor.acting.has(act.name);
    if (!overtaken) this.logger.log(`${act.name}: ${act.reason}`);
    const outcome = overtaken
      ? Promise.resolve<ActOutcome>({ kind: 'void', detail: 'Something else was begun with it.' })
      : this.actor.perform({ ...act, by: 'monitor' });
    void outcome
      .then(async (ended) => {
        await this.change(this.outcomeOf(act, ended));
        if (ended.kind === 'void' && ended.detail !== null) this.checkSoon();
        else await this.look([act.name]);
      })
      .catch((error: unknown) =>
        this.logger.error(`How an act on ${act.name} ended was lost.`, stackOf(error)),
      );
  }

  /** The engine could not do something, or not be asked: looking at once would only ask it the same again. */
  private checkSoon(): void {
    const soon = this.clock.monotonic() + Math.min(RETRY_MS, this.options.check.intervalMs);
    this.nextFullCheckAt = Math.min(this.nextFullCheckAt, soon);
  }

  private outcomeOf(act: Act, outcome: ActOutcome): RecordChange {
    const { name, attempt } = act;
    const told = attempt === null ? {} : { attempt };
    const done = `${act.kind === 'start' ? 'Started' : 'Restarted'}${attempt === null ? '' : `, attempt ${attempt}`}.`;
    const events: Record<ActOutcome['kind'], EventDraft | null> = {
      done: this.event('container.restarted', name, { reason: done, ...told }),
      refused: this.event('container.restart_failed', name, {
        reason: `The engine refused: ${outcome.detail}`,
        ...told,
      }),
      'timed-out': this.event('container.restart_failed', name, {
        reason: 'The engine did not answer in time.',
        ...told,
      }),
      void: null,
    };
    return {
      name,
      update: (record) =>
        attempt === null ? record : withParts(record, { healing: endAttempt(record.healing, outcome) }),
      event: events[outcome.kind],
      byPerson: false,
    };
  }

  // --------------------------------------------------------------------------------------- changes from elsewhere

  /** Changes what is remembered of a container, keeps that and tells it. */
  change(change: RecordChange): Promise<void> {
    return this.keeper.inTurn(async () => {
      const step = changeRecord(this.state, change, this.memory.view(change.name), this.clock.now());
      if (step) await this.keeper.keep(step);
    });
  }

  /** An event about a container, now. */
  event(
    type: Extract<HealthEventType, `container.${string}`>,
    container: string,
    data: { readonly reason: string; readonly attempt?: number; readonly by?: string },
  ): EventDraft {
    return { type, at: new Date(this.clock.now()).toISOString(), container, data };
  }

  /** Takes in what the latest memory readings say. */
  async takeMemory(changes: readonly MemoryChange[]): Promise<void> {
    for (const { container, trend } of changes) this.logger.warn(`${container}: ${trend.reason}`);
    await this.keeper.inTurn(() => this.keeper.keep(leaksChanged(this.state, changes, this.clock.now())));
    await this.look(changes.map(({ container }) => container));
  }

  /** Tells people when the store cannot write, and takes up what another process left in it. */
  private async takeStoreNotice({ kind, reason }: StoreNotice): Promise<void> {
    await this.keeper.inTurn(async () => {
      if (kind !== 'reloaded')
        return this.keeper.keep(storeChanged(this.state, kind, reason, this.clock.now()));
      this.hostBefore = await this.keeper.load(this.store);
      this.lastFullCheck = null;
    });
    if (kind === 'reloaded') this.lookSoon('all');
  }

  private async engineDidNotAnswer({ message: problem }: RuntimeError): Promise<void> {
    const now = this.clock.now();
    const known = this.engineState.told;
    this.engineState = engineFailed(this.engineState, problem, now);
    if (!this.engineState.told || known) return;
    this.logger.error(`The engine does not answer. ${problem}`);
    const step = outageBegins(this.state, this.engineState.failingSince ?? now, problem, now);
    if (step) await this.keeper.keep(step);
  }

  /** The wall clock may be set, and the host may sleep: neither is time that a container was down or unhealthy. */
  private noticeClock(wall: number, monotonic: number): void {
    const passed = monotonic - this.heartbeat.monotonic;
    const jump = wall - this.heartbeat.wall - passed;
    this.heartbeat = { wall, monotonic };
    const wasSet = Math.abs(jump) > CLOCK_SET_MS;
    if (wasSet) {
      this.startedAt += jump;
      if (jump < 0) this.shiftBoot(jump);
      void this.keeper.shiftTimes(jump);
    }
    if (wasSet || passed > SLEPT_MS) {
      this.engineState = forgetFailures(this.engineState);
      void this.keeper.restartTimers(wall);
    }
  }

  /** Containers started from now on must not seem older than the host's start. */
  private shiftBoot(by: number): void {
    if (this.lastFullCheck === null) return;
    const { at, boot } = this.lastFullCheck;
    this.lastFullCheck = { at, boot: { ...boot, bootedAt: boot.bootedAt + by, downAt: boot.downAt + by } };
  }

  private report(problems: readonly string[]): void {
    for (const problem of problems) {
      if (!this.reported.has(problem)) this.logger.warn(problem);
      this.reported.add(problem);
    }
  }
}

const stackOf = (error: unknown): unknown => (error instanceof Error ? error.stack : error);
