import { setMaxListeners } from 'node:events';
import type { Clock } from '../../common/clock/index.js';
import type { ResolvedProbe } from '../../common/options/index.js';
import type { ExternalAnswers } from '../policy/index.js';
import { shiftProbed, type ContainerRuntime } from '../runtime/index.js';
import { askProbe } from './ask-probe.js';
import { isSamePicture } from './combine.js';
import { judgeAnswer, shiftVerdict, type Verdict } from './judge-answer.js';
import { FIRST_WITHIN_MS, nextAfter } from './pace.js';

/** How an external is to be asked. */
export interface AskedExternal {
  readonly id: string;
  readonly probe: ResolvedProbe;
}

/** One that an earlier process left as down: it is so until it works. */
export interface KnownDown {
  readonly id: string;
  readonly sentence: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

interface Known {
  readonly probe: ResolvedProbe;
  /** Monotonic; `Infinity` while it is being asked. */
  nextAt: number;
  verdict: Verdict | null;
  /** Milliseconds since 1970. */
  workedAt: number | null;
  told: ExternalAnswers | null;
}

/**
 * Asks externals, each in its interval. They have no part in the doubt whether it is the monitor's own network that fails:
 * that an external does not answer is what is to be known of it, and the way to it is not the way to containers, so that its
 * good answer proves nothing for them.
 */
export class ExternalLoop {
  private readonly known: ReadonlyMap<string, Known>;
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  /** @param onAnswers hears what the questions to one came to, each time that this is another thing than before */
  constructor(
    private readonly runtime: ContainerRuntime,
    private readonly clock: Clock,
    externals: readonly AskedExternal[],
    private readonly onAnswers: (id: string, answers: ExternalAnswers) => void,
    private readonly random: () => number = Math.random,
  ) {
    setMaxListeners(0, this.closing.signal);
    const now = clock.monotonic();
    this.known = new Map(
      externals.map(({ id, probe }) => [
        id,
        { probe, nextAt: now + random() * FIRST_WITHIN_MS, verdict: null, workedAt: null, told: null },
      ]),
    );
  }

  /** Begins anew, with what an earlier process knew: one failure is enough for one that was down. */
  takeUp(down: Iterable<KnownDown>): void {
    const now = this.clock.monotonic();
    for (const known of this.known.values())
      Object.assign(known, {
        // One that is being asked is asked again after that.
        nextAt: known.nextAt === Infinity ? Infinity : now + this.random() * FIRST_WITHIN_MS,
        verdict: null,
        workedAt: null,
        told: null,
      });
    for (const { id, sentence, since } of down) {
      const known = this.known.get(id);
      if (known === undefined) continue;
      known.verdict = {
        health: 'failed',
        sentence,
        share: null,
        leftMs: null,
        since,
        patienceUntil: null,
        needsPerson: false,
        isUnderstood: true,
        failures: known.probe.failureThreshold,
        successes: 0,
        begin: null,
        furthest: null,
      };
    }
  }

  /** Asks whoever is due. */
  beat(): void {
    if (this.closing.signal.aborted) return;
    const now = this.clock.monotonic();
    for (const [id, known] of this.known) {
      if (known.nextAt > now) continue;
      known.nextAt = Infinity;
      const question = this.ask(id, known).finally(() => this.underWay.delete(question));
      this.underWay.add(question);
    }
  }

  /** The wall clock was set: what is counted from moves along. */
  clockSet(by: number): void {
    for (const known of this.known.values()) {
      known.verdict = known.verdict && shiftVerdict(known.verdict, by);
      known.workedAt = known.workedAt === null ? null : known.workedAt + by;
      known.told = known.told && shiftProbed(known.told, by);
    }
  }

  /** Ends what is being asked. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.underWay);
  }

  private async ask(id: string, known: Known): Promise<void> {
    const { probe } = known;
    const answer = await askProbe(probe, { id }, { runtime: this.runtime, signal: this.closing.signal });
    known.nextAt = nextAfter(probe, this.clock.monotonic(), this.random);
    if (this.closing.signal.aborted || answer.kind === 'not-asked') return;
    const at = this.clock.now();
    known.verdict = judgeAnswer(known.verdict, answer, probe, at, at);
    if (answer.kind === 'ok') known.workedAt = at;
    this.tell(id, known, known.verdict, answer.kind === 'failed');
  }

  private tell(id: string, known: Known, verdict: Verdict, isFailing: boolean): void {
    const { told, workedAt } = known;
    if (told?.isFailing === isFailing && isSamePicture(told, verdict)) return;
    const { health, sentence, share, leftMs, since, patienceUntil, needsPerson } = verdict;
    known.told = {
      health,
      sentence,
      share,
      leftMs,
      since,
      patienceUntil,
      needsPerson,
      isFailing,
      workedAt,
    };
    this.onAnswers(id, known.told);
  }
}
