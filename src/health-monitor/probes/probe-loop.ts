import type { Clock } from '../../common/clock/index.js';
import type { ResolvedProbe } from '../../common/options/index.js';
import type { Container, ContainerRuntime, ProbedHealth } from '../runtime/index.js';
import { askProbe } from './ask-probe.js';
import { combine, isSamePicture } from './combine.js';
import { judgeAnswer, type Verdict } from './judge-answer.js';
import { OwnNetwork } from './own-network.js';
import type { ProbeAnswer } from './probe-answer.js';
import { whyUnreachable } from './address-of.js';

/** So many are asked at once. */
const ASKED_AT_ONCE = 8;
/** The first question comes within this after a start, so that many do not ask at the same moment. */
const FIRST_WITHIN_MS = 1_000;
/** Questions wander by so much of their interval, for the same reason. */
const JITTER = 0.1;

/** A container that runs, and how it is to be asked. */
export interface Probed {
  readonly container: Container;
  readonly probes: readonly ResolvedProbe[];
}

export interface ProbeListener {
  /** What is made of a container's probes has changed. */
  onChange(name: string): void;
  /** These fail at once: it is likely our own network, so for five minutes their failures count for nothing. */
  onDoubt(names: readonly string[]): void;
  /** A probe cannot be asked before somebody mends this. */
  onUnreachable(name: string, why: string): void;
}

/** What is known of one container's run. */
interface Asked {
  readonly name: string;
  readonly startedAt: number | null;
  readonly probes: readonly ResolvedProbe[];
  /** Of each probe: when it is to be asked next, monotonic; `Infinity`: it is being asked, or cannot be. */
  readonly nextAt: number[];
  readonly verdicts: (Verdict | null)[];
  told: ProbedHealth | undefined;
}

/**
 * Asks containers by their probes: each in its interval, no probe twice at a time, few at once, never at the same moment.
 * What their answers come to is read with `of`.
 */
export class ProbeLoop {
  private readonly asked = new Map<string, Asked>();
  private readonly network = new OwnNetwork();
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private readonly begunAt: number;

  constructor(
    private readonly runtime: ContainerRuntime,
    private readonly clock: Clock,
    private readonly listener: ProbeListener,
    private readonly random: () => number = Math.random,
  ) {
    this.begunAt = clock.now();
  }

  /** What the probes of this run came to; `undefined`: nothing is known, and nobody need wait for it. */
  of({ id, startedAt }: Pick<Container, 'id' | 'startedAt'>): ProbedHealth | undefined {
    const asked = this.asked.get(id);
    if (asked === undefined || asked.startedAt !== startedAt) return undefined;
    return asked.told;
  }

  /** Asks whoever is due. `probed`: those that run and have probes. */
  beat(probed: Iterable<Probed>): void {
    if (this.closing.signal.aborted) return;
    const now = this.clock.monotonic();
    const present = new Set<string>();
    for (const { container, probes } of probed) {
      present.add(container.id);
      this.askWhatIsDue(this.known(container, probes, now), container, now);
    }
    for (const id of this.asked.keys()) if (!present.has(id)) this.forget(id);
  }

  /** Ends what is being asked. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.underWay);
  }

  private forget(id: string): void {
    this.asked.delete(id);
    this.network.forget(id);
  }

  private known(container: Container, probes: readonly ResolvedProbe[], now: number): Asked {
    const { id, name, startedAt } = container;
    const known = this.asked.get(id);
    if (known?.startedAt === startedAt && known.probes === probes && known.name === name) return known;
    const asked: Asked = {
      name,
      startedAt,
      probes,
      nextAt: probes.map((probe) => this.firstAt(container, probe, now)),
      verdicts: probes.map(() => null),
      told: this.isNewRun(startedAt) ? this.notAskedYet(probes) : undefined,
    };
    this.asked.set(id, asked);
    if (asked.told !== undefined) this.listener.onChange(name);
    return asked;
  }

  /** One that has run since before we came is taken for what it was. */
  private isNewRun(startedAt: number | null): boolean {
    return startedAt !== null && startedAt >= this.begunAt;
  }

  private notAskedYet(probes: readonly ResolvedProbe[]): ProbedHealth | undefined {
    const [probe] = probes;
    if (probe === undefined) return undefined;
    const since = this.clock.now();
    return {
      health: 'not-yet',
      sentence: 'It has not been asked yet.',
      share: null,
      leftMs: null,
      since,
      patienceUntil: since + probe.notYetForMs,
      needsPerson: false,
    };
  }

  private firstAt(container: Container, probe: ResolvedProbe, now: number): number {
    const why = whyUnreachable(probe, container);
    if (why === null) return now + this.random() * FIRST_WITHIN_MS;
    this.listener.onUnreachable(container.name, why);
    return Infinity;
  }

  private askWhatIsDue(asked: Asked, container: Container, now: number): void {
    asked.nextAt.forEach((at, index) => {
      if (at > now || this.underWay.size >= ASKED_AT_ONCE) return;
      asked.nextAt[index] = Infinity;
      const question = this.ask(asked, container, index).finally(() => this.underWay.delete(question));
      this.underWay.add(question);
    });
  }

  private async ask(asked: Asked, container: Container, index: number): Promise<void> {
    const probe = asked.probes[index]!;
    const answer = await askProbe(probe, container, { runtime: this.runtime, signal: this.closing.signal });
    const now = this.clock.monotonic();
    asked.nextAt[index] = now + probe.everyMs * (1 - JITTER + 2 * JITTER * this.random());
    // It may have ended meanwhile, or been given other rules.
    if (this.closing.signal.aborted || this.asked.get(container.id) !== asked) return;
    if (answer.kind === 'not-asked') {
      if (answer.why !== null) this.listener.onUnreachable(container.name, answer.why);
      return;
    }
    const before = asked.verdicts[index] ?? null;
    const at = this.clock.now();
    const verdict = judgeAnswer(before, answer, probe, container.startedAt ?? at, at);
    asked.verdicts[index] = verdict;
    if (!('exec' in probe)) this.doubt(container.id, answer, before, verdict, now);
    this.tell(asked);
  }

  /** Where many that were well fail at once, that counts for nothing for a while. */
  private doubt(
    id: string,
    { kind }: ProbeAnswer,
    before: Verdict | null,
    verdict: Verdict,
    now: number,
  ): void {
    if (kind !== 'failed') return this.network.worked();
    if (verdict.health !== 'failed') return;
    const doubted = before?.health === 'ok' ? this.network.failed(id, now) : null;
    const whose = doubted ?? (this.network.isDoubted(id, now) ? [id] : []);
    for (const one of whose) this.takeBack(one);
    if (doubted !== null) this.listener.onDoubt(doubted.map((one) => this.asked.get(one)?.name ?? one));
  }

  /** As if it were still well: if it goes on failing once the doubt is over, it has failed at once. */
  private takeBack(id: string): void {
    const asked = this.asked.get(id);
    asked?.verdicts.forEach((verdict, index) => {
      if (verdict?.health === 'failed' && !('exec' in asked.probes[index]!))
        asked.verdicts[index] = { ...verdict, health: 'ok', patienceUntil: null };
    });
    if (asked) this.tell(asked);
  }

  private tell(asked: Asked): void {
    const combined = combine(asked.verdicts.flatMap((verdict) => verdict ?? []));
    if (isSamePicture(asked.told, combined)) return;
    asked.told = combined;
    this.listener.onChange(asked.name);
  }
}
