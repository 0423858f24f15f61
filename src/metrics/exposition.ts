import type { Family, Sample } from './family.js';

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
  let text = `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
  for (const sample of samples) text += sampleText(name, sample);
  return text;
}

function sampleText(name: string, { suffix, labels, value }: Sample): string {
  return labels === ''
    ? `${name}${suffix} ${valueText(value)}\n`
    : `${name}${suffix}{${labels}} ${valueText(value)}\n`;
}

function valueText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
