export type MetricType = 'counter' | 'gauge' | 'histogram';

/** One line: a value under the name of its family. */
export interface Sample {
  /** What a histogram puts behind the name. */
  readonly suffix: '' | '_bucket' | '_sum' | '_count';
  /** As {@link labelText} writes them; `''` for none. */
  readonly labels: string;
  readonly value: number;
}

/** All samples of one name. */
export interface Family {
  readonly name: string;
  readonly type: MetricType;
  /** What it means, in a sentence. */
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** What a family is called, and what it means. */
export type FamilyName = Pick<Family, 'name' | 'help'>;

/** A family of plain values. */
export function gauge(
  { name, help }: FamilyName,
  values: Iterable<readonly [labels: string, value: number]>,
): Family {
  return {
    name,
    help,
    type: 'gauge',
    samples: Array.from(values, ([labels, value]) => plain(labels, value)),
  };
}

export const plain = (labels: string, value: number): Sample => ({ suffix: '', labels, value });
