import type { Logger } from '@nestjs/common';
import type { Clock } from '../../common/clock/index.js';
import { hostLogger } from '../../common/logging/index.js';
import { lineOfNoSpace } from '../machine/index.js';
import { CRASH_SIGNALS, isUp } from '../policy/index.js';
import {
  byOurClock,
  RuntimeError,
  type Container,
  type EngineEvent,
  type EngineInfo,
  type ExitHint,
  type ProbedHealth,
} from '../runtime/index.js';
import { type Checked, type Fact, type FactOf, type Observation } from '../step/index.js';
import { CheckQueue } from './check-queue.js';
import type { ContainerActor } from './container-actor.js';
import { ContainerObserver } from './container-observer.js';
import type { Driver } from './driver.js';
import type { MonitorParts } from './monitor-parts.js';
import { stackOf } from '../../common/text/index.js';
import { StopEvidenceLog } from './stop-evidence.js';
import { wordsOf } from './words-of.js';

/** A failed check is made again this soon. */
const RETRY_MS = 5_000;
/** The engine tells what was missed within this, once it is heard again. */
const CATCH_UP_MS = 1_000;
/** The clock of its machine may be set at any time. */
const ENGINE_ASKED_EACH_MS = 10 * 60_000;

/** What checks ask of others. */
export interface CheckHooks {
  readonly probedHealth: (container: Container) => ProbedHealth | undefined;
  /** The engine said anew what it is. */
  readonly onEngine: (engine: EngineInfo) => void;
  /** A container wrote that there is no space: resolves when that is looked into. */
  readonly onNoSpace: () => Promise<void>;
}

/** Decides when to check the engine, and whom; what a check brought becomes a fact. */
export class CheckLoop {
  private readonly logger: Logger;
  private readonly queue = new CheckQueue();
  private readonly stopEvidence: StopEvidenceLog;
  private readonly observer: ContainerObserver;
  private checking: Promise<void> | null = null;
  private closing = false;
  /** Monotonic; `null`: they are not heard. */
  private eventsHeardSince: number | null = null;
  /** As it last said what it is; `null`: it may be another one by now, and is asked anew. */
  private engine: EngineInfo | null = null;
  /** Monotonic. */
  private engineAskedAt = -Infinity;
  /** No full check was made since the engine was silent. */
  private mustSeeAll = false;
  /** Monotonic. */
  private nextFullCheckAt = 0;

  constructor(
    private readonly parts: MonitorParts,
    private readonly driver: Driver,
    private readonly actor: ContainerActor,
    private readonly hooks: CheckHooks,
  ) {
    this.logger = hostLogger('HealthMonitor', parts.options.ofHost);
    this.stopEvidence = new StopEvidenceLog(() => actor.acts);
    this.observer = new ContainerObserver(parts.runtime, parts.clock, {
      isNews: (id) => this.stopEvidence.isNews(id),
      probedHealth: hooks.probedHealth,
    });
  }

  private get clock(): Clock {
    return this.parts.clock;
  }

  // ------------------------------------------------------------------------------------------------------- when

  /** Asks what is due. Nearly free when nothing is. */
  beat(): void {
    if (this.closing) return;
    const wall = this.clock.now();
    const monotonic = this.clock.monotonic();
    const { intervalMs } = this.parts.options.check;
    if (monotonic >= this.nextFullCheckAt) {
      this.nextFullCheckAt = monotonic + intervalMs;
      this.checkSoon('all');
    } else if (wall >= this.driver.nextDeadline) {
      this.checkSoon(this.driver.overdue(wall));
    }
  }

  /** The engine says that something happened: the container is checked now. */
  onEvent(told: EngineEvent): void {
    const event = { ...told, name: this.nameOf(told) };
    this.stopEvidence.onEvent(event, this.clock.now());
    const known = this.driver.state.records.get(event.name);
    switch (event.action) {
      case 'created':
      case 'renamed':
        return this.checkSoon('all');
      case 'health-checked':
        return known?.health.readySince === null || this.isNewHealth(event)
          ? this.checkSoon([event.name])
          : undefined;
      case 'cleaned-up':
        return known?.life.death?.stoppedBy === 'pending' ? this.checkSoon([event.name]) : undefined;
      default:
        return this.checkSoon(known?.life.absentSince === null ? [event.name] : 'all');
    }
  }

  /** The engine has another name for what holds the namespaces of a pod. */
  private nameOf({ id, name }: Pick<EngineEvent, 'id' | 'name'>): string {
    const { records, containers } = this.driver.state;
    if (records.has(name)) return name;
    const known = [...containers.values()].find((container) => container.isInfra && container.id === id);
    return known?.name ?? name;
  }

  /**
   * The host says that a process ended: a crash is checked before the engine's event comes. Not so where a person may
   * have asked it to stop, and it crashed over that: then the events decide.
   */
  onExit({ id, exitCode }: ExitHint): void {
    if (this.closing || !CRASH_SIGNALS.has(exitCode)) return;
    this.parts.runtime.inspect(id).then(
      ({ name, stoppedByUser }) => stoppedByUser === false && this.checkSoon([this.nameOf({ id, name })]),
      // The engine's event comes all the same.
      () => undefined,
    );
  }

  /** A check that says the same as before costs nothing. */
  private isNewHealth({ name, health }: EngineEvent): boolean {
    const known = this.driver.state.containers.get(name);
    return known !== undefined && health !== null && health !== known.health;
  }

  /** Its clock seems to be another one now. */
  clockSet(): void {
    this.engine = null;
  }

  /** Whether the engine's events are being heard. */
  setEventsHeard(heard: boolean): void {
    const now = this.clock.now();
    if (heard) this.stopEvidence.heardAgain(now);
    else this.stopEvidence.silentSince(now);
    this.eventsHeardSince = heard ? this.clock.monotonic() : null;
    // Its service may have been started anew, as another version: when the events broke off, and until they are heard again.
    this.engine = null;
  }

  /**
   * All is checked as soon as possible.
   *
   * @param unheardSince what happened since then was not heard, and may be told now; milliseconds since 1970
   */
  begin(unheardSince: number): void {
    this.closing = false;
    this.queue.next();
    this.nextFullCheckAt = 0;
    this.eventsHeardSince = null;
    this.engine = null;
    this.stopEvidence.silentSince(unheardSince);
  }

  /** The engine tells once more what it told before, so it is the same as then. */
  onToldAgain(event: EngineEvent): void {
    this.stopEvidence.remembers(event.at);
  }

  /** What was missed may be told now. */
  onGap(): void {
    this.mustSeeAll = true;
    this.checkSoon('all');
    // Who stopped what can be judged when that was told.
    this.nextFullCheckAt = Math.min(this.nextFullCheckAt, this.clock.monotonic() + CATCH_UP_MS);
  }

  private get areEventsMissing(): boolean {
    const since = this.eventsHeardSince;
    const isCatchingUp = since === null || this.clock.monotonic() - since < CATCH_UP_MS;
    return this.parts.options.check.events && isCatchingUp;
  }

  /** Checks without waiting for it; what goes wrong is logged. */
  checkSoon(names: Iterable<string> | 'all'): void {
    this.check(names).catch((error: unknown) =>
      this.logger.error('A check failed unexpectedly; the next one is made as usual.', stackOf(error)),
    );
  }

  /** Checks some containers, or all, and does what follows. Requests that come meanwhile are served in one go. */
  check(names: Iterable<string> | 'all'): Promise<void> {
    if (this.closing) return Promise.resolve();
    this.queue.add(names);
    this.checking ??= this.checkWhileWanted().finally(() => (this.checking = null));
    return this.checking;
  }

  /** The engine could not do something, or not be asked: to check at once would only ask it the same again. */
  retryLater(): void {
    const later = this.clock.monotonic() + Math.min(RETRY_MS, this.parts.options.check.intervalMs);
    this.nextFullCheckAt = Math.min(this.nextFullCheckAt, later);
  }

  /** From now on nothing is checked, until it begins. */
  stop(): void {
    this.closing = true;
  }

  async idle(): Promise<void> {
    await this.checking;
  }

  // -------------------------------------------------------------------------------------------------------- how

  private async checkWhileWanted(): Promise<void> {
    for (let names = this.queue.next(); names !== null && !this.closing; names = this.queue.next()) {
      const wanted = names;
      const step = await this.driver
        .next(() => this.observe(wanted))
        .catch((error: unknown) => this.driver.next(() => this.failed(error)));
      if (step !== null) this.queue.add(this.withWhatTheyNeed(step.checkNext));
    }
  }

  /** What a check finds, as a fact; `null`: nothing is known now that was not known before. */
  private async observe(names: ReadonlySet<string> | 'all'): Promise<Fact | null> {
    const { state } = this.driver;
    const { reachable } = state.engine;
    // The first check after an outage is of all: who went down meanwhile is one batch.
    const first = state.lastFullCheckAt === null || reachable === false;
    const isFull = names === 'all' || first || this.mustSeeAll;
    const seeAgain = this.actor.beginCheck();
    try {
      const engine = await this.askEngine();
      const observation = isFull
        ? await this.observer.checkAll(state, {
            engine,
            first: first || (this.mustSeeAll && engine.tellsWhoStopped === 'signals'),
            thorough: engine.tellsWhoStopped === 'flag' && this.eventsHeardSince === null,
            eventsMissing: this.areEventsMissing,
            unseen: this.actor.acts.unseen,
          })
        : await this.observer.check(names, state, engine, this.areEventsMissing);
      if (isFull) this.mustSeeAll = false;
      seeAgain([
        ...observation.inspected.map(({ container }) => container.name),
        ...observation.unreadable.map(({ listed }) => listed.name),
        ...observation.gone,
      ]);
      return await this.checked(observation);
    } catch (error) {
      this.retryLater();
      return isFull ? this.failed(error) : null;
    }
  }

  /** Whatever a check met: people are told of it when it happens again. */
  private failed(error: unknown): FactOf<'check-failed'> {
    const isEngines = error instanceof RuntimeError;
    if (!isEngines) this.logger.error('A check failed unexpectedly.', stackOf(error));
    const by = isEngines ? 'engine' : 'monitor';
    return { kind: 'check-failed', at: this.clock.now(), problem: wordsOf(error), by };
  }

  private async askEngine(): Promise<EngineInfo> {
    const isFresh = this.clock.monotonic() - this.engineAskedAt < ENGINE_ASKED_EACH_MS;
    if (this.engine !== null && isFresh && this.driver.state.engine.reachable === true) return this.engine;
    const heardSince = this.eventsHeardSince;
    const engine = await this.parts.runtime.info();
    this.hooks.onEngine(engine);
    // Who is heard meanwhile may be another one than who has answered.
    if (this.eventsHeardSince !== heardSince) return engine;
    this.stopEvidence.onEngine(engine);
    this.engineAskedAt = this.clock.monotonic();
    this.engine = engine;
    return engine;
  }

  private async checked(observation: Observation): Promise<Checked> {
    if (observation.inspected.some(({ evidence }) => lineOfNoSpace(evidence?.log ?? []) !== null))
      await this.hooks.onNoSpace();
    const at = this.clock.now();
    const { host, store } = this.parts;
    const shuttingDown = this.closing || (this.isSomeoneDown(observation) && (await host.isShuttingDown()));
    // What events told, and what was ours, as of the same moment.
    const engineEnded = this.didEngineEnd(observation);
    const inspected = observation.inspected.map((one) => ({
      ...one,
      stopEvidence: this.stopEvidence.of(byOurClock(one.container, observation.engine), engineEnded, at),
    }));
    return {
      kind: 'checked',
      at,
      observation: { ...observation, inspected },
      ownActs: this.actor.acts,
      bootedAt: this.driver.state.boot === null ? host.bootedAt() : null,
      shuttingDown,
      writer: store.writer,
      ...(store.shared?.role === 'cut-off' && { cutOff: true as const }),
      ...(store.shared && { term: store.shared.term }),
    };
  }

  /** As far as its containers show that, as they are now; `null`: the one that is heard now was not asked yet. */
  private didEngineEnd(observation: Observation): boolean | null {
    if (observation.engine.tellsWhoStopped !== 'signals') return false;
    if (this.engine === null) return null;
    return this.stopEvidence.didEngineEnd(this.shownNow(observation));
  }

  /** All containers as they are now, by our clock. Mostly the first of them tells enough. */
  private *shownNow({ engine, inspected }: Observation): Generator<Container> {
    const seen = new Set<string>();
    for (const { container } of inspected) {
      seen.add(container.id);
      yield byOurClock(container, engine);
    }
    for (const container of this.driver.state.containers.values())
      if (!seen.has(container.id)) yield byOurClock(container, engine);
  }

  /** The host is asked whether it shuts down only where that matters: where someone went down, or waits for a start. */
  private isSomeoneDown({ full, inspected }: Observation): boolean {
    const { containers, awake, circumstances } = this.driver.state;
    if (circumstances?.shuttingDown || inspected.some(({ container }) => !isUp(container))) return true;
    return full && [...awake].some((name) => containers.has(name) && !isUp(containers.get(name)!));
  }

  /** Whether one may be started can only be decided together with what it needs. */
  private withWhatTheyNeed(names: readonly string[]): readonly string[] {
    const below = this.driver.state.topology?.graph.below;
    return names.flatMap((name) => [name, ...(below?.get(name) ?? [])]);
  }
}
