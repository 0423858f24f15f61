import { sample, type Family, type FamilyName } from './family.js';
import { labelText, type Labels } from './labels.js';

interface Observed {
  /** How many fell into each bucket, and into none of them. */
  readonly counts: number[];
  sum: number;
}

/** How long things took, by labels, since this process began. Seconds. */
export class Histogram {
  private readonly observed = new Map<string, Observed>();

  /**
   * @param bounds upper bounds of its buckets, rising; that of +Inf is understood
   * @param expected labels that are shown with 0 until something is observed
   */
  constructor(
    private readonly named: FamilyName,
    private readonly bounds: readonly number[],
    expected: Iterable<Labels> = [{}],
  ) {
    for (const labels of expected) this.of(labels);
  }

  observe(labels: Labels, seconds: number): void {
    const observed = this.of(labels);
    const bucket = this.bounds.findIndex((bound) => seconds <= bound);
    observed.counts[bucket === -1 ? this.bounds.length : bucket]! += 1;
    observed.sum += seconds;
  }

  family(): Family {
    const samples = [...this.observed].flatMap(([labels, observed]) => this.samplesOf(labels, observed));
    return { ...this.named, type: 'histogram', samples };
  }

  private of(labels: Labels): Observed {
    const key = labelText(labels);
    let observed = this.observed.get(key);
    if (!observed)
      this.observed.set(key, (observed = { counts: [...this.bounds, Infinity].map(() => 0), sum: 0 }));
    return observed;
  }

  /** Each bucket counts those of the smaller ones, too. */
  private samplesOf(labels: string, { counts, sum }: Observed): string[] {
    const { name } = this.named;
    const before = labels === '' ? '' : `${labels},`;
    let count = 0;
    const buckets = [...this.bounds.map(String), '+Inf'].map((bound, index) => {
      count += counts[index]!;
      return sample(`${name}_bucket`, `${before}le="${bound}"`, count);
    });
    return [...buckets, sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, count)];
  }
}
