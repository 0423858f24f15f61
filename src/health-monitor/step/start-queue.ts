import { TIERS, type Tier } from '../../common/events/index.js';
import type { DecisionMeaning, Surroundings } from '../policy/index.js';
import type { Batch } from './monitor-state.js';

const FOR_NOW = Number.POSITIVE_INFINITY;
/** A start that is not answered after that gives its slot up: one sick container delays nobody. */
const SLOT_MS = 5_000;
/** Of starts without an answer there are never more at once than so many times those that may start at once. */
const UNANSWERED_FACTOR = 3;
/** So long after it was asked for a start without an answer holds back the higher tiers. */
const PATIENCE_MS = 30_000;
/** Who is only behind others in line is decided about again this soon: they may have left it. */
const AGAIN_MS = 1_000;

/** What is under way, and who waits for it. */
export interface Starting {
  /** When those starts and restarts of ours were asked for that are not answered yet. */
  readonly askedAt: readonly number[];
  /** Who stands in line for a start, first come first. */
  readonly line: readonly string[];
}

/** Who of those that are decided about in one step goes first. It lives for one step only. */
export class StartQueue {
  private readonly byId: Map<number, Batch>;
  private readonly inLine: Set<string>;
  private readonly askedAt: number[];
  /** The lowest tier of each batch that still has someone to start before the higher ones may. */
  private readonly stillToStart = new Map<number, { rank: number; name: string; until: number }>();

  constructor(
    batches: readonly Batch[],
    { askedAt, line }: Starting,
    private readonly limits: { readonly maxConcurrent: number; readonly tierSettleMs: number },
    private readonly now: number,
  ) {
    this.byId = new Map(batches.map((batch) => [batch.id, batch]));
    this.inLine = new Set(line);
    this.askedAt = [...askedAt];
  }

  get batches(): readonly Batch[] {
    return [...this.byId.values()];
  }

  get line(): readonly string[] {
    return [...this.inLine];
  }

  /** The place of this one in line; `null`: there is a slot for it now. */
  placeOf(name: string): Surroundings['place'] {
    const { maxConcurrent } = this.limits;
    const before = this.inLine.has(name) ? [...this.inLine].indexOf(name) : this.inLine.size;
    const holding = this.askedAt.filter((at) => this.now - at < SLOT_MS).toSorted((a, b) => a - b);
    const unanswered = this.askedAt.length - UNANSWERED_FACTOR * maxConcurrent;
    const ahead = Math.max(holding.length + before - maxConcurrent, unanswered + before) + 1;
    if (ahead <= 0) return null;
    // A slot that no time makes free is freed by an answer, which is a fact of its own.
    if (unanswered >= 0) return { ahead, until: null };
    const first = holding[holding.length - maxConcurrent];
    return { ahead, until: first === undefined ? this.now + AGAIN_MS : first + SLOT_MS };
  }

  /** For whom one of this batch and tier waits, and until when; `null`: for nobody. */
  pauseOf(batchId: number | null, tier: Tier): Surroundings['tierPause'] {
    const batch = this.find(batchId);
    if (!batch) return null;
    const rank = TIERS.indexOf(tier);
    const first = this.stillToStart.get(batch.id);
    if (first && first.rank < rank) return { after: first.name, until: first.until };
    const [latest] = TIERS.slice(0, rank)
      .flatMap((lower) => batch.starts[lower] ?? [])
      .toSorted((a, b) => b.at - a.at);
    return latest ? { after: latest.name, until: latest.at + this.limits.tierSettleMs } : null;
  }

  /**
   * It was decided about: it takes its place in line, or leaves it, and others wait for it.
   *
   * @param askedAt when an act on it was asked for that is under way; `null`: none is
   */
  decided(
    name: string,
    { inLine, holdsBack }: Pick<DecisionMeaning, 'inLine' | 'holdsBack'>,
    batchId: number | null,
    tier: Tier,
    askedAt: number | null = null,
  ): void {
    if (inLine) this.inLine.add(name);
    else this.inLine.delete(name);
    const until = askedAt === null ? FOR_NOW : askedAt + PATIENCE_MS;
    if (holdsBack && this.now < until) this.holdBack(batchId, { rank: TIERS.indexOf(tier), name, until });
  }

  /** It is started now. */
  started(batchId: number | null, tier: Tier, name: string): void {
    this.askedAt.push(this.now);
    const batch = this.find(batchId);
    if (!batch) return;
    this.byId.set(batch.id, { ...batch, starts: { ...batch.starts, [tier]: { name, at: this.now } } });
    const until = this.now + PATIENCE_MS;
    this.holdBack(batch.id, { rank: TIERS.indexOf(tier), name, until });
  }

  private holdBack(batchId: number | null, by: { rank: number; name: string; until: number }): void {
    const batch = this.find(batchId);
    if (!batch) return;
    const first = this.stillToStart.get(batch.id);
    const goesFirst = !first || by.rank < first.rank || (by.rank === first.rank && by.until > first.until);
    if (goesFirst) this.stillToStart.set(batch.id, by);
  }

  private find(id: number | null): Batch | undefined {
    return id === null ? undefined : this.byId.get(id);
  }
}
