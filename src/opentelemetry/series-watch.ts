import { labelText, type Family, type Labels, type Sample } from '../metrics/index.js';

/**
 * Knows which series there were. The JavaScript SDK goes on with the last value of one that is told no more, against its
 * specification (https://github.com/open-telemetry/opentelemetry-js/issues/4096): so its last value is one that alarms nobody.
 */
export class SeriesWatch {
  private readonly told = new Map<string, ReadonlyMap<string, Labels>>();

  /** The samples of a family, and of those that it had the last time, and has no more, a last one. */
  withEnded({ name, afterwards, samples }: Family): readonly Sample[] {
    if (afterwards === undefined) return samples;
    const now = new Map(samples.map(({ labels }) => [labelText(labels), labels]));
    const before = this.told.get(name) ?? new Map<string, Labels>();
    this.told.set(name, now);
    const ended = [...before].filter(([text]) => !now.has(text));
    return [...samples, ...ended.map(([, labels]) => ({ labels, value: afterwards }))];
  }
}
