import type { Family, Sample } from './family.js';
import { labelText } from './labels.js';

/** Of what {@link exposition} writes. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Families in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/), in the order
 * of their names. One without samples is left out.
 */
export function exposition(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(familyText)
    .join('');
}

function familyText({ name, type, help, samples }: Family): string {
  const meaning = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  const lines = samples.map((sample) => sampleText(name, sample));
  return `# HELP ${name} ${meaning}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
}

function sampleText(name: string, { labels, value, part }: Sample): string {
  const text = labelText(labels);
  return `${name}${part ?? ''}${text === '' ? '' : `{${text}}`} ${valueText(value)}`;
}

function valueText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
