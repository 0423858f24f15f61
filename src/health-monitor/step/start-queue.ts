import { TIERS, type Tier } from '../../common/events/index.js';
import type { DecisionMeaning, Surroundings } from '../policy/index.js';
import type { Batch } from './monitor-state.js';

const FOR_NOW = Number.POSITIVE_INFINITY;

/** Who of those that are decided about in one step goes first. It lives for one step only. */
export class StartQueue {
  private readonly byId: Map<number, Batch>;
  /** The lowest tier of each batch that still has someone to start before the higher ones may. */
  private readonly stillToStart = new Map<number, { readonly rank: number; readonly name: string }>();
  /** Of which batches someone is down of whom it is not known yet whether it is healed: all others wait. */
  private readonly pending = new Map<number, string>();

  /** @param underWay how many starts of ours are under way */
  constructor(
    batches: readonly Batch[],
    private underWay: number,
    private readonly limits: { readonly maxConcurrent: number; readonly tierSettleMs: number },
    private readonly now: number,
  ) {
    this.byId = new Map(batches.map((batch) => [batch.id, batch]));
  }

  get batches(): readonly Batch[] {
    return [...this.byId.values()];
  }

  /** How many starts go first; 0: there is room now. */
  get ahead(): number {
    return Math.max(0, this.underWay - this.limits.maxConcurrent + 1);
  }

  /** For whom one of this batch and tier waits, and until when; `null`: for nobody. */
  pauseOf(batchId: number | null, tier: Tier): Surroundings['tierPause'] {
    const batch = this.find(batchId);
    if (!batch) return null;
    const pending = this.pending.get(batch.id);
    if (pending !== undefined) return { after: pending, until: FOR_NOW };
    const rank = TIERS.indexOf(tier);
    const first = this.stillToStart.get(batch.id);
    if (first && first.rank < rank) return { after: first.name, until: FOR_NOW };
    const [latest] = TIERS.slice(0, rank)
      .flatMap((lower) => batch.starts[lower] ?? [])
      .toSorted((a, b) => b.at - a.at);
    return latest ? { after: latest.name, until: latest.at + this.limits.tierSettleMs } : null;
  }

  holdBack(whom: DecisionMeaning['holdsBack'], batchId: number | null, tier: Tier, name: string): void {
    const batch = this.find(batchId);
    if (!batch || whom === null) return;
    if (whom === 'all') {
      this.pending.set(batch.id, name);
      return;
    }
    const rank = TIERS.indexOf(tier);
    const first = this.stillToStart.get(batch.id);
    if (!first || rank < first.rank) this.stillToStart.set(batch.id, { rank, name });
  }

  /** It is started now. */
  started(batchId: number | null, tier: Tier, name: string): void {
    this.underWay++;
    const batch = this.find(batchId);
    if (!batch) return;
    this.byId.set(batch.id, { ...batch, starts: { ...batch.starts, [tier]: { name, at: this.now } } });
    this.holdBack('higher-tiers', batch.id, tier, name);
  }

  private find(id: number | null): Batch | undefined {
    return id === null ? undefined : this.byId.get(id);
  }
}
