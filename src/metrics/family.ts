export type MetricType = 'counter' | 'gauge' | 'histogram';

/** All samples of one name. */
export interface Family {
  readonly name: string;
  readonly type: MetricType;
  /** What it means, in a sentence. */
  readonly help: string;
  /** As {@link sample} writes them: objects of them would be much of the work where there are thousands. */
  readonly samples: readonly string[];
}

/** What a family is called, and what it means. */
export type FamilyName = Pick<Family, 'name' | 'help'>;

/** A family of plain values. */
export function gauge(
  { name, help }: FamilyName,
  values: Iterable<readonly [labels: string, value: number]>,
): Family {
  const samples = Array.from(values, ([labels, value]) => sample(name, labels, value));
  return { name, help, type: 'gauge', samples };
}

/** One line. @param labels as `labelText` writes them; `''` for none */
export const sample = (name: string, labels: string, value: number): string =>
  labels === '' ? `${name} ${valueText(value)}` : `${name}{${labels}} ${valueText(value)}`;

function valueText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
