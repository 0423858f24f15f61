import type { Family } from './family.js';

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
  return `# HELP ${name} ${meaning}\n# TYPE ${name} ${type}\n${samples.join('\n')}\n`;
}
