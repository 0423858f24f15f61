import { exactDuration, list } from '../words/format.js';

const DURATIONS: ReadonlySet<string> = new Set(['stopTimeoutMs', 'backoffMs']);

/** A rule's value for people: durations in words, lists with commas, whatever else as it is written. */
export function ruleText(name: string, value: unknown): string {
  if (DURATIONS.has(name)) {
    if (typeof value === 'number') return exactDuration(value);
    if (Array.isArray(value) && value.every((one) => typeof one === 'number'))
      return list(value.map(exactDuration));
  }
  if (Array.isArray(value))
    return value.length === 0 ? 'nothing' : value.map((one) => ruleText('', one)).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '');
}
