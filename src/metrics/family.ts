import type { Labels } from './labels.js';

/** Something that can be measured. Each is declared once, whoever reads it. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What it means, in a sentence. */
  readonly help: string;
  /** What a series says once there is nothing more to say of it, to readers that cannot forget it. Default: what it last said. */
  readonly afterwards?: number;
}

/** A metric without its type. */
export type MetricName = Omit<Metric, 'type'>;

/** A value as it is now. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  /** Of a histogram: which of its figures this is. */
  readonly part?: '_bucket' | '_sum' | '_count';
}

/** A metric with all its values. */
export interface Family extends Metric {
  readonly samples: readonly Sample[];
}

/** A family of plain values. */
export const gauge = (named: MetricName, samples: readonly Sample[]): Family => ({
  ...named,
  type: 'gauge',
  samples,
});
