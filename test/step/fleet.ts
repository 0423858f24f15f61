import { resolveOptions } from '../../src/common/options/index.js';
import {
  isAtRest,
  meaningOf,
  RestartPolicy,
  type Decision,
  type StopEvidence,
} from '../../src/health-monitor/policy/index.js';
import type { Container, EngineInfo } from '../../src/health-monitor/runtime/index.js';
import {
  deadlinesOf,
  NOTHING_KNOWN,
  step,
  type Act,
  type EndedAct,
  type Fact,
  type MonitorState,
  type Setting,
  type Step,
} from '../../src/health-monitor/step/index.js';
import { aCheck, aContainer, DAY, MINUTE, NOON, SECOND } from '../support/situation.js';

export const NEEDS = { db: [], core: [], api: ['db', 'core'], web: ['api'], tool: [] } as const;
/** Who needs the one thing that is no container. */
const NEED_NAS: readonly string[] = ['db', 'web'] satisfies (keyof typeof NEEDS)[];
/** Who needs a container of another host, and follows its restarts. */
const NEEDS_FAR: Name = 'tool';
const FAR = 'attic/far';
export type Name = keyof typeof NEEDS;
export const FLEET = Object.keys(NEEDS) as Name[];
export type Tells = EngineInfo['tellsWhoStopped'];

const NOTHING_HEARD: StopEvidence = {
  stopped: false,
  restarted: false,
  restartedByPolicy: false,
  diedAt: null,
  cleanedUpAt: null,
  engineCleanedUpAt: null,
  cleanups: 0,
  heardLateMs: 0,
  lastExit: null,
};

/** Something that happens to a fleet. */
export type Event =
  | { readonly do: 'crash'; readonly name: Name; readonly code: number }
  | {
      readonly do:
        | 'stop'
        | 'start'
        | 'vanish'
        | 'ail'
        | 'heal'
        | 'remove'
        | 'recreate'
        | 'refuse'
        | 'accept'
        | 'dies-soon'
        | 'ask-stop'
        | 'ask-start'
        | 'hold'
        | 'release'
        | 'retry';
      readonly name: Name;
    }
  | { readonly do: 'outage' | 'back' | 'restart-monitor' | 'set-clock' }
  | { readonly do: 'far-down' | 'far-ready' | 'far-silent' }
  | { readonly do: 'nas-fails' | 'nas-down' | 'nas-not-ready' | 'nas-works' };

/** As it is asked by a policy that says nothing of how long its decisions hold: every one is decided anew each time. */
class ForgetfulPolicy extends RestartPolicy {
  override decide(situation: Parameters<RestartPolicy['decide']>[0]): Decision {
    const decision = super.decide(situation);
    return decision.dueAt === 'when-changed' ? { ...decision, dueAt: null } : decision;
  }
}

export interface FleetSpec {
  readonly tells: Tells;
  /** How often all are checked. */
  readonly checkEveryMs: number;
  /** Whether each check is also made where nobody counts as settled, to see that it comes to the same. */
  readonly decidesAnew: boolean;
}

const OPTIONS = resolveOptions({
  preset: 'none',
  access: 'open',
  check: { startupDelayMs: 0 },
  externals: { nas: { tcp: '192.0.2.5:2049' } },
  hosts: { attic: { runtime: { ssh: 'attic' } } },
  containers: Object.fromEntries(
    FLEET.map((name) => [
      name,
      {
        dependsOn: Object.fromEntries([
          ...[...NEEDS[name], ...(NEED_NAS.includes(name) ? ['nas'] : [])].map((other) => [other, {}]),
          ...(name === NEEDS_FAR ? [[FAR, { restart: true }]] : []),
        ]) as Record<string, { restart?: boolean }>,
      },
    ]),
  ),
});

const USUAL: FleetSpec = { tells: 'flag', checkEveryMs: MINUTE, decidesAnew: false };

const SEEN = new Map<string, Fleet>();

function copyOf(value: unknown): unknown {
  if (value instanceof Map) return new Map(value);
  if (value instanceof Set) return new Set(value);
  return Array.isArray(value) ? [...value] : value;
}

/** A few containers and the engine that shows them, as plain values; what the monitor makes of them is `step` alone. */
export class Fleet {
  now = NOON;
  state: MonitorState;
  /** The same history, decided anew at every check. */
  private anew: MonitorState;
  readonly facts: { readonly fact: Fact; readonly before: MonitorState; readonly step: Step }[] = [];
  readonly broken: string[] = [];
  readonly setting: Setting;
  private readonly forgetful: Setting;
  private readonly containers = new Map<Name, Container>();
  /** As they were when they were last inspected. */
  private readonly inspected = new Map<Name, Container>();
  private readonly evidence = new Map<Name, StopEvidence>();
  private readonly refusing = new Set<Name>();
  private readonly dyingSoon = new Set<Name>();
  private readonly dyingAt = new Map<Name, number>();
  /** Acts through the monitor of the last minute. */
  private ended: readonly EndedAct[] = [];
  private out = false;
  /** How the NAS is. */
  private nas: Extract<Event, { do: `nas-${string}` }>['do'] = 'nas-works';
  /** The container of another host, as it was last seen. */
  private far = { isReady: true, isSilent: false, startedAt: NOON - DAY, since: NOON - DAY };
  private count = 0;
  private nextFullCheckAt = NOON;

  constructor(private readonly spec: FleetSpec = USUAL) {
    this.setting = {
      options: OPTIONS,
      policy: new RestartPolicy(),
      isRemote: false,
      bootId: 'boot',
      ownId: null,
    };
    this.forgetful = { ...this.setting, policy: new ForgetfulPolicy() };
    this.state = { ...NOTHING_KNOWN, watchingSince: NOON };
    this.anew = this.state;
    for (const name of FLEET) this.containers.set(name, this.make(name));
    this.answerOfNas();
    this.lookAtFar();
  }

  /** A fleet that was checked once. What all of one kind have in common until then is made once. */
  static seen(spec: FleetSpec): Fleet {
    const kind = JSON.stringify(spec);
    const first = SEEN.get(kind) ?? new Fleet(spec);
    if (!SEEN.has(kind)) first.checkAll();
    SEEN.set(kind, first);
    return first.copy();
  }

  /** What it is made of are values: only what holds them is its own. */
  private copy(): Fleet {
    const held = Object.entries(this).map(([field, value]) => [field, copyOf(value)]);
    return Object.assign(new Fleet(this.spec), Object.fromEntries(held));
  }

  // ---------------------------------------------------------------------------------------------- what happens

  happen(event: Event): void {
    switch (event.do) {
      case 'outage':
        this.out = true;
        return;
      case 'back':
        this.out = false;
        return;
      case 'restart-monitor':
        return this.restartMonitor();
      case 'set-clock':
        return this.take({ kind: 'clock-set', at: this.now, by: 0 });
      case 'crash':
        return this.end(event.name, event.code, 'nobody');
      case 'nas-fails':
      case 'nas-down':
      case 'nas-not-ready':
      case 'nas-works':
        this.nas = event.do;
        return this.answerOfNas();
      case 'far-down':
        this.far = { ...this.far, isReady: false, isSilent: false };
        return this.lookAtFar();
      case 'far-ready': {
        const run = this.far.isReady ? {} : { startedAt: this.now - DAY / 2, since: this.now };
        this.far = { ...this.far, ...run, isReady: true, isSilent: false };
        return this.lookAtFar();
      }
      case 'far-silent':
        this.far = { ...this.far, isSilent: true };
        return this.lookAtFar();
      default:
        return this.happenTo(event.name, event.do);
    }
  }

  private happenTo(name: Name, what: Exclude<Extract<Event, { name: Name }>['do'], 'crash'>): void {
    const container = this.containers.get(name);
    switch (what) {
      case 'stop':
        return this.end(name, 143, 'person');
      case 'start':
        if (container && container.state !== 'running') this.begin(name);
        return this.check([name]);
      case 'vanish':
        if (container?.state === 'running') this.show(name, { processVanished: true, pid: null });
        return this.check([name]);
      case 'ail':
      case 'heal': {
        const health = what === 'ail' ? 'unhealthy' : 'healthy';
        if (!container?.healthCheck || container.state !== 'running') return;
        this.show(name, { health, healthCheck: aCheck({ lastRunAt: this.now, lastStatus: health }) });
        return this.check([name]);
      }
      case 'remove':
        this.containers.delete(name);
        return this.check([name]);
      case 'recreate':
        this.containers.set(name, this.make(name));
        return this.checkAll();
      case 'refuse':
        return void this.refusing.add(name);
      case 'accept':
        return void this.refusing.delete(name);
      case 'dies-soon':
        return void this.dyingSoon.add(name);
      case 'hold':
        return this.ask(name, { kind: 'hold', reason: 'backup', until: null });
      case 'release':
        return this.ask(name, { kind: 'release' });
      case 'retry':
        return this.ask(name, { kind: 'retry' });
      case 'ask-stop':
        this.ask(name, { kind: 'stop' });
        this.remember(name, 'stop');
        if (container?.state === 'running') this.quietEnd(name, 143);
        return this.actedForPerson(name, 'stop');
      case 'ask-start':
        this.ask(name, { kind: 'start' });
        this.remember(name, 'start');
        if (container && container.state !== 'running') this.begin(name);
        return this.actedForPerson(name, 'start');
    }
  }

  /** Lets time pass: full checks each minute, and whatever falls due in between. */
  pass(ms: number): void {
    const end = this.now + ms;
    while (this.now < end) {
      const dueAt = deadlinesOf(this.state, this.now).map(({ at }) => Math.max(at, this.now + SECOND));
      this.now = Math.min(end, this.nextFullCheckAt, ...dueAt, ...this.dyingAt.values());
      for (const [name, at] of this.dyingAt) if (at <= this.now) this.end(name, 1, 'nobody');
      const due = deadlinesOf(this.state, this.now).filter(({ at }) => at <= this.now);
      if (this.now >= this.nextFullCheckAt) {
        const before = this.state;
        this.checkAll();
        if (this.isQuiet(before)) this.passOverChecksUntil(end);
      } else if (due.some(({ name }) => name === null)) this.checkAll();
      else if (due.length > 0) this.check([...new Set(due.map(({ name }) => name as Name))]);
    }
  }

  /** A full check changed nothing: nor would another one, before something falls due. */
  private isQuiet({ records, engine }: MonitorState): boolean {
    const isOutageKnown = engine.reachable === false;
    return this.state.records === records && this.out === isOutageKnown && !this.spec.decidesAnew;
  }

  private passOverChecksUntil(end: number): void {
    const { checkEveryMs } = this.spec;
    const left = Math.max(0, end - this.nextFullCheckAt);
    this.nextFullCheckAt += Math.ceil(left / checkEveryMs) * checkEveryMs;
  }

  /** Every fault ends; who is wished running and not on hold is to be well again after the longest wait there is. */
  recover(): string[] {
    this.out = false;
    this.happen({ do: 'nas-works' });
    this.happen({ do: 'far-ready' });
    this.refusing.clear();
    this.dyingSoon.clear();
    for (const name of FLEET) {
      if (!this.containers.has(name)) this.happenTo(name, 'recreate');
      this.happenTo(name, 'heal');
    }
    this.pass(MINUTE + 60 * MINUTE + 20 * MINUTE);
    const open = [...this.state.incidents.values()].filter(
      ({ kind, resolvedAt }) => kind === 'external' && resolvedAt === null,
    );
    const ill = [...this.state.views.values()].flatMap(({ name, desired, status, decision, blockedBy }) => {
      if (blockedBy.includes(FAR)) return [`${name} waits for what is ready elsewhere`];
      if (blockedBy.includes('nas')) return [`${name} waits for the NAS, which works`];
      const isMeant = ['finished', 'asked-to-stop', 'waiting-for-dependency'].includes(decision.code);
      return desired !== 'running' || status === 'healthy' || isMeant
        ? []
        : [`${name}: ${status}, ${decision.reason}`];
    });
    return [...ill, ...open.map(() => 'the incident of the NAS is open')];
  }

  // ------------------------------------------------------------------------------------------------- the engine

  private make(name: Name): Container {
    const hasCheck = name === 'core';
    return aContainer({
      name,
      id: `${name}-${this.count++}`,
      startedAt: this.now - DAY,
      stoppedByUser: this.spec.tells === 'flag' ? false : null,
      ...(hasCheck ? { health: 'healthy', healthCheck: aCheck({ lastRunAt: this.now }) } : {}),
    });
  }

  private show(name: Name, changes: Partial<Container>): void {
    const container = this.containers.get(name);
    if (container) this.containers.set(name, { ...container, ...changes });
  }

  private begin(name: Name): void {
    const container = this.containers.get(name)!;
    this.evidence.delete(name);
    this.show(name, {
      state: 'running',
      startedAt: this.now,
      exitCode: 0,
      pid: 1,
      processVanished: false,
      stoppedByUser: this.spec.tells === 'flag' ? false : null,
      ...(container.healthCheck ? { health: 'healthy', healthCheck: aCheck({ lastRunAt: this.now }) } : {}),
    });
    if (this.dyingSoon.delete(name)) this.dyingAt.set(name, this.now + 2 * SECOND);
  }

  private quietEnd(name: Name, exitCode: number): void {
    this.dyingAt.delete(name);
    this.show(name, { state: 'exited', exitCode, exitedAt: this.now, pid: null, health: 'none' });
  }

  private end(name: Name, exitCode: number, by: 'person' | 'nobody'): void {
    if (this.containers.get(name)?.state !== 'running') return void this.dyingAt.delete(name);
    this.quietEnd(name, exitCode);
    if (this.spec.tells === 'flag') this.show(name, { stoppedByUser: by === 'person' });
    const heard = {
      ...NOTHING_HEARD,
      diedAt: this.now,
      cleanedUpAt: this.now,
      engineCleanedUpAt: this.now,
      cleanups: by === 'person' ? 2 : 1,
    };
    if (this.spec.tells === 'events') this.evidence.set(name, heard);
    this.check([name]);
  }

  // ------------------------------------------------------------------------------------------------ the monitor

  checkAll(): void {
    this.nextFullCheckAt = this.now + this.spec.checkEveryMs;
    this.checkNames(null);
  }

  private check(names: readonly Name[]): void {
    this.checkNames(names);
  }

  /** `null`: all. Those that are down or unhealthy are inspected together with what they need, as the observer does it. */
  private checkNames(names: readonly Name[] | null): void {
    const first = this.state.lastFullCheckAt === null || this.state.engine.reachable === false;
    const isFull = names === null || first;
    if (this.out) {
      if (isFull) this.take({ kind: 'check-failed', at: this.now, problem: 'It is away.', by: 'engine' });
      return;
    }
    const asked = isFull ? FLEET : [...new Set(names.flatMap((name) => this.withNeeds(name)))];
    const there = asked.filter((name) => this.containers.has(name));
    const inspected = there.filter((name) => !isFull || first || this.isNew(name));
    const listed = FLEET.filter((name) => this.containers.has(name));
    const isAsBefore =
      !first && listed.every((name) => this.state.records.get(name)?.life.absentSince === null);
    this.take({
      kind: 'checked',
      at: this.now,
      observation: {
        full: isFull,
        eventsMissing: false,
        first,
        engine: this.engine,
        inspected: inspected.map((name) => ({
          container: this.inspect(name),
          stopEvidence: this.evidence.get(name) ?? null,
          evidence: null,
        })),
        listed: isFull && !(isAsBefore && this.isNobodyMissing()) ? listed : null,
        gone: isFull ? [] : asked.filter((name) => !this.containers.has(name)),
        unreadable: [],
      },
      ownActs: { underWay: [], ended: this.ended, unseen: [] },
      bootedAt: this.state.boot === null ? NOON - 30 * DAY : null,
      shuttingDown: false,
      writer: true,
    });
  }

  private readonly engine: EngineInfo = {
    kind: 'test',
    version: '1',
    rootless: false,
    address: 'nowhere',
    tellsWhoStopped: 'flag',
    warning: null,
  };

  private isNobodyMissing(): boolean {
    return [...this.state.records.values()].every(
      ({ name, life }) => life.absentSince !== null || this.containers.has(name as Name),
    );
  }

  /** As the observer sees it: another picture than before, or one that may have more to say. */
  private isNew(name: Name): boolean {
    const life = this.state.records.get(name)?.life;
    return (
      this.inspected.get(name) !== this.containers.get(name) ||
      life === undefined ||
      life.absentSince !== null ||
      life.death?.stoppedBy === 'pending' ||
      this.isCheckDue(name)
    );
  }

  private isCheckDue(name: Name): boolean {
    const { state, healthCheck } = this.containers.get(name)!;
    return state === 'running' && this.now - (healthCheck?.lastRunAt ?? this.now) >= 30 * SECOND;
  }

  /** Each answer is a value of its own, as an engine's is. */
  private inspect(name: Name): Container {
    const container = this.containers.get(name)!;
    this.inspected.set(name, container);
    return { ...container };
  }

  private withNeeds(name: Name): Name[] {
    const needs = NEEDS[name] as readonly Name[];
    return [...needs.flatMap((other) => this.withNeeds(other)), name];
  }

  private ask(container: Name, request: Extract<Fact, { kind: 'asked' }>['request']): void {
    if (!this.state.views.has(container)) return;
    this.take({ kind: 'asked', at: this.now, container, request, by: 'ann' });
    if (!['start', 'stop'].includes(request.kind)) this.check([container]);
  }

  private actedForPerson(name: Name, kind: 'start' | 'stop'): void {
    if (!this.state.views.has(name)) return;
    const outcome = { kind: 'done', detail: null } as const;
    this.take({
      kind: 'acted',
      at: this.now,
      act: { name, kind, attempt: null, answers: null },
      outcome,
      by: 'ann',
      wishBefore: null,
    });
    this.check([name]);
  }

  private answerOfNas(): void {
    const health = {
      'nas-fails': 'ok',
      'nas-works': 'ok',
      'nas-down': 'failed',
      'nas-not-ready': 'not-yet',
    } as const;
    this.take({
      kind: 'external-answered',
      at: this.now,
      external: 'nas',
      answers: {
        health: health[this.nas],
        sentence: this.nas,
        share: null,
        leftMs: null,
        since: this.now,
        patienceUntil: this.nas === 'nas-not-ready' ? this.now + 30 * MINUTE : null,
        needsPerson: false,
        isFailing: this.nas === 'nas-fails' || this.nas === 'nas-down',
        workedAt: this.now,
      },
    });
    if (this.state.lastFullCheckAt !== null) this.checkAll();
  }

  private lookAtFar(): void {
    const { isReady, isSilent, startedAt, since } = this.far;
    const lack = isReady ? null : 'is down';
    this.take({
      kind: 'elsewhere-seen',
      at: this.now,
      containers: [
        {
          reference: FAR,
          name: 'far',
          lacks: { started: lack, healthy: lack, completed: 'is up' },
          run: { startedAt, since },
          readySince: isReady ? since : null,
          silentSince: isSilent ? this.now : null,
          inCircleWith: [],
        },
      ],
    });
    if (this.state.lastFullCheckAt !== null) this.check([NEEDS_FAR]);
  }

  private restartMonitor(): void {
    const { records, incidents, lastAlive } = JSON.parse(
      JSON.stringify({
        records: [...this.state.records.values()],
        incidents: [...this.state.incidents.values()],
        lastAlive: this.state.lastAlive,
      }),
    ) as Pick<Extract<Fact, { kind: 'loaded' }>, 'records' | 'incidents' | 'lastAlive'>;
    // Another process has not asked anybody yet.
    this.state = { ...this.state, externals: new Map(), elsewhere: new Map() };
    this.anew = { ...this.anew, externals: new Map(), elsewhere: new Map() };
    this.take({ kind: 'loaded', at: this.now, records, incidents, lastAlive, views: [], watched: null });
    this.checkAll();
    this.answerOfNas();
    this.lookAtFar();
  }

  private take(fact: Fact): void {
    const before = this.state;
    const next = step(before, fact, this.setting);
    this.facts.push({ fact, before, step: next });
    this.watchAwake(next.state);
    if (this.spec.decidesAnew) this.compare(fact, next);
    this.state = next.state;
    for (const act of next.acts) this.perform(act, before);
  }

  /** Whoever is not at rest is looked at again. */
  private watchAwake({ records, awake }: MonitorState): void {
    if (records === this.state.records && awake === this.state.awake) return;
    for (const record of records.values())
      if (!isAtRest(record) && !awake.has(record.name))
        this.broken.push(`${record.name} sleeps without rest`);
  }

  /** The same fact, where nobody counts as settled: it must come to the same. */
  private compare(fact: Fact, next: Step): void {
    const before = this.anew;
    const anew = step(before, fact, this.forgetful);
    this.anew = anew.state;
    const isIdle = next.state.records === this.state.records && anew.state.records === before.records;
    if (isIdle && next.acts.length + anew.acts.length === 0) return;
    const [skipping, asking] = [next, anew].map(({ acts, messages, state }) =>
      JSON.stringify({
        acts,
        messages,
        decisions: [...state.records.values()].map(({ name, shown }) => [name, shown.decision?.code]),
      }),
    );
    if (skipping !== asking)
      this.broken.push(`decided anew, it is another: ${asking} instead of ${skipping}`);
  }

  private perform(act: Act, before: MonitorState): void {
    const name = act.name as Name;
    this.watch(act, before);
    this.remember(name, act.kind);
    const refused = this.refusing.has(name);
    if (!refused && this.containers.has(name)) this.begin(name);
    this.take({
      kind: 'acted',
      at: this.now,
      act: { name, kind: act.kind, attempt: act.attempt, answers: meaningOf(act).answers },
      outcome: refused ? { kind: 'refused', detail: 'busy' } : { kind: 'done', detail: null },
      by: null,
      wishBefore: null,
    });
    this.check([name]);
  }

  private remember(name: Name, kind: EndedAct['kind']): void {
    const recent = this.ended.filter(({ to }) => this.now - to < MINUTE);
    this.ended = [...recent, { name, kind, from: this.now, to: this.now }];
  }

  /** What no act may ever do. */
  private watch({ name, kind, attempt }: Act, before: MonitorState): void {
    const intent = before.records.get(name)?.intent;
    if (intent?.hold) this.broken.push(`${kind} of ${name}, which is on hold`);
    if ((attempt ?? 0) > this.setting.options.restart.maxAttempts)
      this.broken.push(`attempt ${attempt} on ${name}`);
    for (const need of NEEDS[name as Name]) {
      const container = this.containers.get(need);
      if (container && container.state !== 'running')
        this.broken.push(`${kind} of ${name} while ${need} is down`);
    }
    if (NEED_NAS.includes(name) && this.nas !== 'nas-works')
      this.broken.push(`${kind} of ${name} while the NAS does not work`);
    if (name === NEEDS_FAR && !this.far.isReady)
      this.broken.push(`${kind} of ${name} while what it needs elsewhere is down`);
    if (this.state.records.get(name)?.intent.wish.value === 'stopped')
      this.broken.push(`${kind} of ${name}, which is wished stopped`);
  }
}
