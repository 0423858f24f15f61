import type { Family, Metric, MetricName, Sample } from './family.js';
import { labelText, type Labels } from './labels.js';

interface Observed {
  readonly labels: Labels;
  /** How many fell into each bucket, and into none of them. */
  readonly counts: number[];
  sum: number;
}

type Listener = (labels: Labels, seconds: number) => void;

/** How long things took, by labels, since this process began. Seconds. */
export class Histogram {
  readonly metric: Metric;
  private readonly observed = new Map<string, Observed>();
  private readonly listeners = new Set<Listener>();

  /**
   * @param bounds upper bounds of its buckets, rising; that of +Inf is understood
   * @param expected labels that are shown with 0 until something is observed
   */
  constructor(
    named: MetricName,
    readonly bounds: readonly number[],
    expected: Iterable<Labels> = [{}],
  ) {
    this.metric = { ...named, type: 'histogram' };
    for (const labels of expected) this.of(labels);
  }

  observe(labels: Labels, seconds: number): void {
    const observed = this.of(labels);
    const bucket = this.bounds.findIndex((bound) => seconds <= bound);
    observed.counts[bucket === -1 ? this.bounds.length : bucket]! += 1;
    observed.sum += seconds;
    for (const listener of this.listeners) listener(labels, seconds);
  }

  /** Calls `listener` with all that is observed from now on; returns how to stop it. It must not throw. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  family(): Family {
    return { ...this.metric, samples: [...this.observed.values()].flatMap((one) => this.samplesOf(one)) };
  }

  private of(labels: Labels): Observed {
    const key = labelText(labels);
    let observed = this.observed.get(key);
    if (!observed) {
      const counts = [...this.bounds, Infinity].map(() => 0);
      this.observed.set(key, (observed = { labels, counts, sum: 0 }));
    }
    return observed;
  }

  /** Each bucket counts those of the smaller ones, too. */
  private samplesOf({ labels, counts, sum }: Observed): Sample[] {
    let count = 0;
    const buckets = [...this.bounds.map(String), '+Inf'].map((bound, index): Sample => {
      count += counts[index]!;
      return { labels: { ...labels, le: bound }, value: count, part: '_bucket' };
    });
    return [...buckets, { labels, value: sum, part: '_sum' }, { labels, value: count, part: '_count' }];
  }
}
