import type { Family, MetricName } from './family.js';
import { labelText, type Labels } from './labels.js';

/** Counts, by labels, since this process began. */
export class Counter {
  private readonly counts = new Map<string, { readonly labels: Labels; value: number }>();

  /** @param expected labels that are shown with 0 until something is counted: a rate needs the 0 before the first 1 */
  constructor(
    private readonly named: MetricName,
    expected: Iterable<Labels> = [],
  ) {
    for (const labels of expected) this.of(labels);
  }

  add(labels: Labels): void {
    this.of(labels).value += 1;
  }

  family(): Family {
    const samples = Array.from(this.counts.values(), (count) => ({ ...count }));
    return { ...this.named, type: 'counter', samples };
  }

  private of(labels: Labels): { value: number } {
    const key = labelText(labels);
    let count = this.counts.get(key);
    if (!count) this.counts.set(key, (count = { labels, value: 0 }));
    return count;
  }
}
