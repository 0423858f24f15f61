import { setMaxListeners } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../common/clock/index.js';
import type { ResolvedProbe } from '../../common/options/index.js';
import { shiftProbed, type Container, type ContainerRuntime, type ProbedHealth } from '../runtime/index.js';
import { askProbe } from './ask-probe.js';
import { combine, isSamePicture } from './combine.js';
import { judgeAnswer, shiftVerdict, type Verdict } from './judge-answer.js';
import { OwnNetwork, ROUND_MS } from './own-network.js';
import { FIRST_WITHIN_MS, nextAfter } from './pace.js';
import type { ProbeAnswer } from './probe-answer.js';
import { whyUnreachable } from './address-of.js';

/** So many are asked at once: a socket costs next to nothing, a command in a container is work for the engine. */
const ASKED_AT_ONCE = { exec: 8, network: 64 } as const;
type Lane = keyof typeof ASKED_AT_ONCE;
const laneOf = (probe: ResolvedProbe): Lane => ('exec' in probe ? 'exec' : 'network');

/** A container with probes, and how it is to be asked. */
export interface Probed {
  readonly container: Container;
  /** When its run began, by our clock; `null`: nobody knows. */
  readonly begunAt: number | null;
  readonly probes: readonly ResolvedProbe[];
  /** Else it is not asked, as while it is paused; what is known of its run is kept. */
  readonly isUp: boolean;
  /** It was not ready when it was last asked: also a run of before we came is not ready before its first answer. */
  readonly isAwaited: boolean;
}

export interface ProbeListener {
  /** What is made of a container's probes has changed. */
  onChange(name: string): void;
  /** These fail at once: it is likely our own way to them, so for five minutes their failures count for nothing. */
  onDoubt(names: readonly string[]): void;
  /** A probe cannot be asked before somebody mends this. */
  onUnreachable(name: string, why: string): void;
}

/** What is known of one container's run. */
interface Asked {
  /** As it was last seen. */
  container: Container;
  isUp: boolean;
  readonly startedAt: number | null;
  /** The same as the clock goes now; `null`: nobody knows. */
  begunAt: number | null;
  probes: readonly ResolvedProbe[];
  /** Of each probe: when it is to be asked next, monotonic; `Infinity`: it is being asked, or cannot be. */
  readonly nextAt: number[];
  readonly verdicts: (Verdict | null)[];
  /** Of each probe: when its last answer was one that shows the way to it to be open, monotonic; else `-Infinity`. */
  readonly openAt: number[];
  /** Of each probe: whether a new run is not ready before its first answer. */
  readonly awaited: boolean[];
  /** Of each probe: why it cannot be asked before somebody mends that; `null`: it can. */
  readonly obstacles: (string | null)[];
  /** What those that are awaited make of it. */
  notAskedYet: ProbedHealth;
  told: ProbedHealth | undefined;
}

/** One run of a container. */
type Run = Pick<Container, 'id' | 'startedAt'>;

/**
 * Asks containers by their probes: each in its interval, no probe twice at a time, few at once and who has waited longest
 * first, never at the same moment.
 * What their answers come to is read with `of`.
 */
export class ProbeLoop {
  private readonly asked = new Map<string, Asked>();
  /** To commands in containers, the way is the engine. */
  private readonly ways: Record<Lane, OwnNetwork> = { exec: new OwnNetwork(), network: new OwnNetwork() };
  private readonly closing = new AbortController();
  private readonly underWay: Record<Lane, Set<Promise<void>>> = { exec: new Set(), network: new Set() };
  /** Somebody is due and waits for others to have answered. */
  private isCrowded = false;
  private begunAt: number;

  constructor(
    private readonly runtime: ContainerRuntime,
    private readonly clock: Clock,
    private readonly listener: ProbeListener,
    private readonly random: () => number = Math.random,
  ) {
    this.begunAt = clock.now();
    setMaxListeners(0, this.closing.signal);
  }

  /** What the probes of this run came to; `undefined`: nothing is known, and nobody need wait for it. */
  of(container: Run): ProbedHealth | undefined {
    return this.askedOf(container)?.told;
  }

  /** Whether this run is asked, with whatever result. */
  knows(container: Run): boolean {
    return this.askedOf(container) !== undefined;
  }

  /** Whether it has told in this run how it is, so that it is asked at the right place and in the right way. */
  isUnderstood(container: Run): boolean {
    return this.askedOf(container)?.verdicts.some((verdict) => verdict?.isUnderstood === true) === true;
  }

  /** Why this run cannot be asked before somebody mends that, as a sentence for people; `null`: nothing is in the way. */
  obstacleOf(container: Run): string | null {
    return this.askedOf(container)?.obstacles.find((why) => why !== null) ?? null;
  }

  private askedOf({ id, startedAt }: Run): Asked | undefined {
    const asked = this.asked.get(id);
    return asked?.startedAt === startedAt ? asked : undefined;
  }

  /** Asks whoever is due. `probed`: all that have probes. */
  beat(probed: Iterable<Probed>): void {
    if (this.closing.signal.aborted) return;
    const now = this.clock.monotonic();
    const present = new Set<string>();
    for (const one of probed) {
      const { container, probes, isUp } = one;
      present.add(container.id);
      const asked = this.known(one, now);
      if (asked === null) continue;
      Object.assign(asked, { container, isUp, probes });
      if (!isUp) this.forgetFailures(container.id);
    }
    for (const id of this.asked.keys()) if (!present.has(id)) this.forget(id);
    this.askWhoIsDue();
  }

  /** Asks nobody until the next beat, but for those that are being asked. */
  rest(): void {
    this.isCrowded = false;
  }

  /** The wall clock was set: what is waited for, and what is counted from, moves along. */
  clockSet(by: number): void {
    this.begunAt += by;
    for (const asked of this.asked.values()) {
      if (asked.begunAt !== null) asked.begunAt += by;
      asked.notAskedYet = shiftProbed(asked.notAskedYet, by);
      asked.verdicts.forEach((verdict, index) => {
        if (verdict !== null) asked.verdicts[index] = shiftVerdict(verdict, by);
      });
      asked.told = asked.told && shiftProbed(asked.told, by);
    }
  }

  /** Ends what is being asked. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([...this.underWay.exec, ...this.underWay.network]);
  }

  private forget(id: string): void {
    this.asked.delete(id);
    this.forgetFailures(id);
  }

  private forgetFailures(id: string): void {
    this.ways.exec.forget(id);
    this.ways.network.forget(id);
  }

  /** `null`: nothing is to be known of it before it runs. */
  private known({ container, begunAt, probes, isUp, isAwaited }: Probed, now: number): Asked | null {
    const { id, startedAt } = container;
    const known = this.asked.get(id);
    if (known?.startedAt === startedAt && isDeepStrictEqual(known.probes, probes)) return known;
    if (!isUp) return null;
    const obstacles = probes.map((probe) => whyUnreachable(probe, container));
    const isAnybodyWaiting = isAwaited || this.isNewRun(begunAt);
    const asked: Asked = {
      container,
      isUp,
      startedAt,
      begunAt,
      probes,
      nextAt: obstacles.map((why) => (why === null ? now + this.random() * FIRST_WITHIN_MS : Infinity)),
      verdicts: probes.map(() => null),
      openAt: probes.map(() => -Infinity),
      awaited: obstacles.map((why) => isAnybodyWaiting && why === null),
      obstacles,
      notAskedYet: this.notAskedYet(probes),
      told: undefined,
    };
    this.asked.set(id, asked);
    for (const why of new Set(obstacles)) if (why !== null) this.listener.onUnreachable(container.name, why);
    this.tell(asked);
    return asked;
  }

  /** One that has run since before we came is taken for what it was. */
  private isNewRun(begunAt: number | null): boolean {
    return begunAt !== null && begunAt >= this.begunAt;
  }

  private notAskedYet(probes: readonly ResolvedProbe[]): ProbedHealth {
    const since = this.clock.now();
    return {
      health: 'not-yet',
      sentence: 'It has not been asked yet.',
      share: null,
      leftMs: null,
      since,
      patienceUntil: since + Math.max(...probes.map(({ notYetForMs }) => notYetForMs)),
      needsPerson: false,
    };
  }

  private askWhoIsDue(): void {
    this.isCrowded = false;
    for (const { asked, index } of this.due()) {
      const lane = laneOf(asked.probes[index]!);
      const underWay = this.underWay[lane];
      if (underWay.size >= ASKED_AT_ONCE[lane]) {
        this.isCrowded = true;
        continue;
      }
      asked.nextAt[index] = Infinity;
      const question = this.ask(asked, index).finally(() => {
        underWay.delete(question);
        if (this.isCrowded && !this.closing.signal.aborted) this.askWhoIsDue();
      });
      underWay.add(question);
    }
  }

  /** Who has waited longest comes first: in an order that is always the same, the last of many would never be asked. */
  private due(): readonly { readonly asked: Asked; readonly index: number; readonly at: number }[] {
    const now = this.clock.monotonic();
    const due: { asked: Asked; index: number; at: number }[] = [];
    for (const asked of this.asked.values())
      if (asked.isUp)
        asked.nextAt.forEach((at, index) => {
          if (at <= now) due.push({ asked, index, at });
        });
    return due.sort((a, b) => a.at - b.at);
  }

  private async ask(asked: Asked, index: number): Promise<void> {
    const { container } = asked;
    const probe = asked.probes[index]!;
    const answer = await askProbe(probe, container, { runtime: this.runtime, signal: this.closing.signal });
    const now = this.clock.monotonic();
    asked.nextAt[index] = nextAfter(probe, now, this.random);
    // It may have ended meanwhile, or been given other rules.
    if (this.closing.signal.aborted || !asked.isUp || this.asked.get(container.id) !== asked) return;
    if (answer.kind === 'not-asked') {
      if (answer.why !== null) this.cannotAsk(asked, index, answer.why);
      return;
    }
    asked.awaited[index] = false;
    asked.obstacles[index] = null;
    const before = asked.verdicts[index] ?? null;
    const at = this.clock.now();
    const verdict = judgeAnswer(before, answer, probe, asked.begunAt ?? at, at);
    asked.verdicts[index] = verdict;
    if (answer.isOurOwn !== true) this.doubt(asked, index, answer, before, now);
    this.tell(asked);
  }

  /** Nobody is to wait for an answer that cannot come before somebody mends that. */
  private cannotAsk(asked: Asked, index: number, why: string): void {
    asked.awaited[index] = false;
    if (asked.obstacles[index] !== why) {
      asked.obstacles[index] = why;
      this.listener.onUnreachable(asked.container.name, why);
    }
    this.tell(asked);
  }

  /** Where many that were well fail at once, that counts for nothing for a while. */
  private doubt(asked: Asked, index: number, answer: ProbeAnswer, before: Verdict | null, now: number): void {
    const { id } = asked.container;
    const lane = laneOf(asked.probes[index]!);
    const way = this.ways[lane];
    // A command that failed was run.
    const isOpen = answer.kind !== 'failed' || (lane === 'exec' && answer.isSilence !== true);
    asked.openAt[index] = isOpen ? now : -Infinity;
    if (isOpen) return way.worked();
    if (asked.verdicts[index]?.health !== 'failed') return;
    const doubted = before?.health === 'ok' ? way.failed(id, now, this.isOpenToSomebody(lane, now)) : null;
    const whose = doubted ?? (way.isDoubted(id, now) ? [id] : []);
    for (const one of whose) this.takeBack(one, lane);
    if (doubted !== null)
      this.listener.onDoubt(doubted.map((one) => this.asked.get(one)?.container.name ?? one));
  }

  private isOpenToSomebody(lane: Lane, now: number): boolean {
    return [...this.asked.values()].some(
      ({ isUp, probes, openAt }) =>
        isUp && openAt.some((at, index) => now - at <= ROUND_MS && laneOf(probes[index]!) === lane),
    );
  }

  /** As if it were still well: if it goes on failing once the doubt is over, it has failed at once. */
  private takeBack(id: string, lane: Lane): void {
    const asked = this.asked.get(id);
    asked?.verdicts.forEach((verdict, index) => {
      if (verdict?.health === 'failed' && laneOf(asked.probes[index]!) === lane)
        asked.verdicts[index] = { ...verdict, health: 'ok', patienceUntil: null };
    });
    if (asked) this.tell(asked);
  }

  private tell(asked: Asked): void {
    const known = asked.verdicts.flatMap((verdict): ProbedHealth[] => (verdict === null ? [] : [verdict]));
    const combined = combine(asked.awaited.includes(true) ? [...known, asked.notAskedYet] : known);
    if (isSamePicture(asked.told, combined)) return;
    asked.told = combined;
    this.listener.onChange(asked.container.name);
  }
}
