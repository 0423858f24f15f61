import { exactDuration, list } from '../words/format.js';

const DURATIONS: ReadonlySet<string> = new Set(['stopTimeoutMs', 'backoffMs']);

/** A dependency as the monitor resolved it: any of some names. */
function dependencyText(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('anyOf' in value) || !Array.isArray(value.anyOf))
    return null;
  const condition =
    'condition' in value && typeof value.condition === 'string' ? ` (${value.condition})` : '';
  return value.anyOf.map(String).join(' or ') + condition;
}

/** A rule's value for people: durations in words, lists with commas, whatever else as it is written. */
export function ruleText(name: string, value: unknown): string {
  if (DURATIONS.has(name)) {
    if (typeof value === 'number') return exactDuration(value);
    if (Array.isArray(value) && value.every((one) => typeof one === 'number'))
      return list(value.map(exactDuration));
  }
  if (Array.isArray(value))
    return value.length === 0 ? 'nothing' : value.map((one) => ruleText('', one)).join(', ');
  const dependency = dependencyText(value);
  if (dependency !== null) return dependency;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '');
}
