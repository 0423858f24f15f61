import type { Logger } from '@nestjs/common';
import type { MachineView } from '../../common/events/index.js';
import { hostLogger } from '../../common/logging/index.js';
import { isFollowing, type ReplicaRole, type StoreNotice } from '../../common/store/index.js';
import { PACKAGE_VERSION } from '../../common/package/index.js';
import { openOnesOfMachine, victimsDown } from '../incidents/index.js';
import type { MemoryChange } from '../memory/index.js';
import {
  causeOfRefusal,
  meaningOf,
  neededByStore,
  RestartPolicy,
  wasNotMade,
  type ActOutcome,
  type Elsewhere,
  type ExternalAnswers,
} from '../policy/index.js';
import { ExternalLoop } from '../probes/index.js';
import { recordedOptions, Recorder, RECORDING_FORMAT, type RecordingHeader } from '../recording/index.js';
import { EngineEventFeed } from '../runtime/index.js';
import { isSeenAlready, type Act, type FactOf, type MonitorState, type Watched } from '../step/index.js';
import { CheckLoop } from './check-loop.js';
import { ClockWatch } from './clock-watch.js';
import { ContainerActor } from './container-actor.js';
import { Driver } from './driver.js';
import { LeaseFence } from './lease-fence.js';
import { loadState } from './load-state.js';
import { MachineWatch } from './machine-watch.js';
import { MemoryWatch } from './memory-watch.js';
import type { MonitorParts } from './monitor-parts.js';
import { OwnHealth } from './own-health.js';
import { OwnSight } from './own-sight.js';
import { externalsOf, knownDown } from './externals-to-ask.js';
import { People } from './people.js';
import { ProbeWatch } from './probe-watch.js';
import { ProblemLog } from './problem-log.js';
import { stackOf } from '../../common/text/index.js';
import type { Watch } from './watch.js';

/** What the engine told while nobody listened is heard later, but not the events of days. */
const HEARD_LATER_MS = 6 * 60 * 60_000;

/** Who closes waits so long for what the engine was asked for; the next process sees what came of it. */
const FINISH_MS = 2_000;

/** The monitor of one host, made from its parts: it checks the engine and acts, for as long as it lives. */
export class Monitor {
  /** What people ask of it. */
  readonly people: People;
  private readonly logger: Logger;
  private readonly recorder: Recorder;
  private readonly driver: Driver;
  private readonly actor: ContainerActor;
  private readonly checks: CheckLoop;
  private readonly machineWatch: MachineWatch;
  private readonly externals: ExternalLoop;
  private readonly watches: readonly Watch[];
  private readonly feed: EngineEventFeed;
  private readonly problems: ProblemLog;
  private readonly ownHealth: OwnHealth;
  private clockWatch: ClockWatch;
  /** As of the last beat; `undefined`: nobody shares the store. */
  private role: ReplicaRole | undefined;
  private readonly sight = new OwnSight();
  private closing = false;
  private stopListening: () => void = () => undefined;

  constructor(private readonly parts: MonitorParts) {
    const { runtime, clock, memory, options, stream } = parts;
    this.logger = hostLogger('HealthMonitor', options.ofHost);
    this.recorder = new Recorder(options.recording.keepBytes);
    this.problems = new ProblemLog(this.logger);
    this.ownHealth = new OwnHealth(clock, options.check.intervalMs);
    const { shared } = parts.store;
    const fence = shared && new LeaseFence(shared, (name) => this.bringsStoreBack(name));
    this.actor = new ContainerActor(runtime, clock, parts.aroundAct, fence?.check.bind(fence));
    this.driver = new Driver(
      stream,
      parts.notificationIds,
      { options, policy: parts.policy, isRemote: parts.isRemote ?? false, bootId: null, ownId: null },
      {
        news: () => [this.clockWatch.takeNews() ?? [], this.machineWatch.takeNews() ?? []].flat(),
        onStep: (before, fact, step) => {
          this.recorder.record(before, fact, step);
          this.problems.onStep(before, fact, step);
          this.ownHealth.onFact(fact);
          if (fact.kind === 'clock-set')
            for (const watch of [...this.watches, this.checks]) watch.clockSet?.(fact.by);
          if (before.topology !== step.state.topology) this.machineWatch.readSoon();
          parts.onStep?.(before, fact, step);
          if (step.renames.size > 0) {
            memory.rename(step.renames);
            this.actor.rename(step.renames);
          }
        },
        memoryOf: (name) => memory.view(name),
        isServed: parts.store.shared !== null,
        perform: (act) => this.perform(act),
      },
    );
    const probeWatch = new ProbeWatch(parts, {
      state: () => this.state,
      onChange: (name) => this.checks.checkSoon([name]),
      onDoubt: (containers) => this.onProbesDoubted(containers),
    });
    this.externals = new ExternalLoop(runtime, clock, externalsOf(options), (id, answers) =>
      this.onExternalAnswers(id, answers),
    );
    this.machineWatch = new MachineWatch(parts, {
      state: () => this.state,
      setting: () => this.driver.setting,
      onNews: () => this.onMachineNews(),
    });
    this.checks = new CheckLoop(parts, this.driver, this.actor, {
      probedHealth: (container) => probeWatch.of(container),
      onEngine: (engine) => this.feed.engineClockIs(engine),
      onNoSpace: () => this.machineWatch.readAgain(),
    });
    const memoryWatch = new MemoryWatch(parts, (changes) => this.onMemoryChanges(changes));
    this.watches = [memoryWatch, probeWatch, this.machineWatch, this.externals];
    this.people = new People(clock, this.driver, this.actor, this.checks, shared, (name) =>
      this.bringsStoreBack(name),
    );
    this.clockWatch = new ClockWatch(clock);
    this.feed = new EngineEventFeed(
      runtime,
      clock,
      {
        onEvent: (event) => this.checks.onEvent(event),
        onExit: (exit) => this.checks.onExit(exit),
        onToldAgain: (event) => this.checks.onToldAgain(event),
        onGap: () => this.checks.onGap(),
        onStatus: ({ state }) => {
          this.checks.setEventsHeard(state === 'listening');
          this.problems.onEventsHeard(state === 'listening');
        },
      },
      { host: options.ofHost },
    );
  }

  get state(): MonitorState {
    return this.driver.state;
  }

  /** Nothing is healed before this. Milliseconds since 1970. */
  get healingFrom(): number {
    return this.state.watchingSince + this.parts.options.check.startupDelayMs;
  }

  /** The machine as it was last read; `null`: it is not watched, or was not read yet. */
  get machine(): MachineView | null {
    return this.machineWatch.view();
  }

  /**
   * Whether the engine answers: as checks found it where there are any, else by asking it.
   *
   * @param signal ends the asking: then it does not answer
   */
  async reachesEngine(signal: AbortSignal): Promise<boolean> {
    const { reachable } = this.state.engine;
    if (reachable !== null && !isFollowing(this.parts.store)) return reachable;
    return this.parts.runtime.ping({ signal }).then(
      () => true,
      () => false,
    );
  }

  /** Whether starting this one brings the store back, of which nobody knows now who leads. */
  bringsStoreBack(name: string): boolean {
    const { topology } = this.state;
    return topology !== undefined && neededByStore(topology, this.parts.options.storage).has(name);
  }

  /** What keeps the monitor itself from working, in a sentence; `null`: nothing. */
  get ownProblem(): string | null {
    return this.ownHealth.problem;
  }

  /** Checks some containers, or all, and does what follows. */
  check(names: Iterable<string> | 'all'): Promise<void> {
    return this.checks.check(names);
  }

  /** What happened lately and what followed from it, as lines of JSON. */
  recording(): string {
    const { options, isRemote, bootId, ownId } = this.driver.setting;
    const header: RecordingHeader = {
      kind: 'recording',
      format: RECORDING_FORMAT,
      version: PACKAGE_VERSION,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      policy: this.parts.policy.constructor === RestartPolicy ? 'built-in' : 'own',
      options: recordedOptions(options),
      bootId,
      ownId,
      ...(isRemote && { isRemote }),
    };
    return this.recorder.export(header, this.state);
  }

  // ------------------------------------------------------------------------------------------------------ life

  /**
   * Takes up what an earlier process left, and begins. Call it before anything else, and after `rest`.
   *
   * @param watched another process has watched until now; `null`: none has, or nobody knows
   */
  async begin(watched: Watched | null = null): Promise<void> {
    const { clock, host, store, options } = this.parts;
    const now = clock.now();
    this.closing = false;
    this.ownHealth.begin();
    this.clockWatch = new ClockWatch(clock);
    const [bootId, ownId] = await Promise.all([host.bootId(), host.ownContainerId()]);
    this.sight.note(this.state);
    this.driver.begin({ bootId, ownId }, now);
    await this.driver.next(() => this.load(watched));
    this.externals.takeUp(knownDown(this.state));
    this.role = store.shared?.role;
    this.stopListening = store.onNotice((notice) => this.onStoreNotice(notice));
    await Promise.all(this.watches.flatMap((watch) => watch.begin?.() ?? []));
    const unheardSince = this.unheardSince(now);
    this.checks.begin(unheardSince ?? now);
    if (options.check.events) this.feed.start(unheardSince);
  }

  private async load(watched: Watched | null = null): Promise<FactOf<'loaded'>> {
    const { store, clock, host } = this.parts;
    this.sight.note(this.state);
    const { seen } = this.sight;
    const kept = await loadState(store, clock.now(), (problem) => this.logger.warn(problem));
    // What the start-up delay waits for, it has yet to wait for on a machine that has booted meanwhile.
    const hasBooted = host.bootedAt() > (kept.lastAlive?.aliveAt ?? 0);
    return { ...kept, watched: hasBooted ? null : watched, ...(seen && { seen }) };
  }

  /** Since when nobody has listened to the engine, as far as that is worth hearing now; `null`: nobody ever did. */
  private unheardSince(now: number): number | null {
    const { lastAlive } = this.state;
    if (lastAlive === null) return null;
    return Math.max(lastAlive.aliveAt, this.parts.host.bootedAt(), now - HEARD_LATER_MS);
  }

  /** Asks what is due. Nearly free when nothing is. */
  beat(): void {
    // Nothing else may happen for a while: the driver is to take up what became of the clocks.
    if (this.clockWatch.hasNews())
      this.driver.next(() => null).catch((error: unknown) => this.lost('A change of the clock', error));
    this.followRole();
    this.checks.beat();
    for (const watch of this.watches) watch.beat();
  }

  /** Another role means other decisions. */
  private followRole(): void {
    const role = this.parts.store.shared?.role;
    if (role === this.role) return;
    this.role = role;
    this.checks.checkSoon('all');
  }

  private lost(what: string, error: unknown): void {
    this.logger.error(`${what} was lost.`, stackOf(error));
  }

  /** From now on nothing is checked and nothing is started. */
  stop(): void {
    this.closing = true;
    this.checks.stop();
  }

  /** Stops until it begins again: another process watches now. Resolves when the engine is asked nothing any more. */
  async rest(): Promise<void> {
    this.stop();
    this.stopListening();
    for (const watch of this.watches) watch.rest?.();
    await this.feed.stop();
    await this.checks.idle();
    await this.driver.idle();
  }

  /** Stops; resolves when what is under way has ended and is kept. */
  async close(): Promise<void> {
    this.stop();
    this.stopListening();
    await Promise.all([this.feed.stop(), ...this.watches.map((watch) => watch.close())]);
    await this.checks.idle();
    await this.actor.finish(FINISH_MS);
    await this.driver.idle();
    await this.parts.runtime.disconnect();
  }

  // -------------------------------------------------------------------------------------------------- its own acts

  /** Does what was decided and written down. How it ends is a fact. */
  private perform(act: Act): void {
    // A person may have begun something with it while the decision was written down, or the host a shutdown.
    const isOvertaken = this.closing || this.actor.isActingOn(act.name);
    if (!isOvertaken) this.logger.log(`${act.name}: ${act.reason}`);
    const outcome = isOvertaken
      ? Promise.resolve<ActOutcome>({ kind: 'void', detail: 'Something else was begun with it.' })
      : this.actor.perform({ ...act, by: 'monitor' });
    outcome
      .then((ended) => this.onActEnded(act, ended))
      .catch((error: unknown) => this.lost(`How an act on ${act.name} ended`, error));
  }

  private async onActEnded(act: Act, outcome: ActOutcome): Promise<void> {
    await this.driver.next(async () => {
      if (isForSpace(act.name, outcome)) await this.machineWatch.readAgain();
      return {
        kind: 'acted',
        at: this.parts.clock.now(),
        act: { name: act.name, kind: act.kind, attempt: act.attempt, answers: meaningOf(act).answers },
        outcome,
        by: null,
        wishBefore: null,
      };
    });
    // The engine could not do it, or not be asked: to check at once would only ask it the same again.
    if (wasNotMade(outcome)) this.checks.retryLater();
    else await this.checks.check([act.name]);
  }

  // ------------------------------------------------------------------------------------- what the watches tell

  /**
   * Takes up how containers of other hosts are that ours need.
   *
   * @param look how all of them are, when it is this one's turn
   */
  async seeElsewhere(look: () => readonly Elsewhere[]): Promise<void> {
    const seen = await this.driver.next(() => {
      const containers = look();
      if (this.closing || isSeenAlready(this.state, containers)) return null;
      return { kind: 'elsewhere-seen', at: this.parts.clock.now(), containers };
    });
    if (seen !== null && seen.checkNext.length > 0) this.checks.checkSoon(seen.checkNext);
  }

  private onExternalAnswers(external: string, answers: ExternalAnswers): void {
    this.driver
      .next(() => ({ kind: 'external-answered', at: this.parts.clock.now(), external, answers }))
      .then(() => this.checks.checkSoon('all'))
      .catch((error: unknown) => this.lost(`What ${external} answered`, error));
  }

  private onProbesDoubted(containers: readonly string[]): void {
    this.driver
      .next(() => ({ kind: 'probes-doubted', at: this.parts.clock.now(), containers }))
      .catch((error: unknown) => this.lost('That probes fail at once', error));
  }

  /** Whoever is kept down for want of space may follow now. */
  private async onMachineNews(): Promise<void> {
    await this.driver.next(() => null);
    const down = openOnesOfMachine(this.state.incidents).flatMap(victimsDown);
    if (down.length > 0) await this.checks.check(down);
  }

  private async onMemoryChanges(changes: readonly MemoryChange[]): Promise<void> {
    await this.driver.next(() => ({ kind: 'memory-changed', at: this.parts.clock.now(), changes }));
    await this.checks.check(changes.map(({ container }) => container));
  }

  /** Says when the store cannot write, and takes up what another process left in it. */
  private async onStoreNotice({ kind, reason }: StoreNotice): Promise<void> {
    const { clock } = this.parts;
    await this.driver.next(() =>
      kind === 'reloaded' ? this.load() : { kind: 'store-changed', at: clock.now(), change: kind, reason },
    );
    if (kind !== 'reloaded') return;
    for (const watch of this.watches) watch.reloaded?.();
    this.checks.checkSoon('all');
  }
}

const isForSpace = (name: string, { kind, detail }: ActOutcome): boolean =>
  kind === 'refused' && detail !== null && causeOfRefusal(detail, name) === 'space';
