import { sample, type Family, type FamilyName } from './family.js';
import { labelText, type Labels } from './labels.js';

/** Counts, by labels, since this process began. */
export class Counter {
  private readonly counts = new Map<string, number>();

  /** @param expected labels that are shown with 0 until something is counted: a rate needs the 0 before the first 1 */
  constructor(
    private readonly named: FamilyName,
    expected: Iterable<Labels> = [],
  ) {
    for (const labels of expected) this.counts.set(labelText(labels), 0);
  }

  add(labels: Labels): void {
    const key = labelText(labels);
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  family(): Family {
    const samples = Array.from(this.counts, ([labels, count]) => sample(this.named.name, labels, count));
    return { ...this.named, type: 'counter', samples };
  }
}
