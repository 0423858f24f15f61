import type { ExpectedAnswer } from '../../common/options/index.js';

/** What came back, as far as it can be looked at. */
export interface Received {
  readonly status: number;
  readonly text: string;
  /** Left out: it is not JSON. */
  readonly json?: unknown;
}

const INDEX = /^(?:0|[1-9]\d{0,9})$/;

/** What is missing in an answer, for people; `null`: it has everything that is expected. Pure. */
export function unmet({ status, text, json }: Received, expected: ExpectedAnswer): string | null {
  if (expected.status !== undefined && !expected.status.includes(status)) return `It answered ${status}.`;
  if (expected.text !== undefined && !text.includes(expected.text))
    return `Its answer lacks "${expected.text}".`;
  const paths = Object.entries(expected.json ?? {});
  if (paths.length > 0 && json === undefined) return `It answered ${status}, and not in JSON.`;
  const [other] = paths.filter(([path, value]) => valueAt(json, path) !== value);
  if (other === undefined) return null;
  const [path, value] = other;
  return `Its ${path} is ${shown(valueAt(json, path))}, not ${shown(value)}.`;
}

/** What in an answer made it be as expected, for people: the line with the words, or the first of the values. Pure. */
export function met({ status, text, json }: Received, expected: ExpectedAnswer): string {
  const words = expected.text;
  const line = words === undefined ? undefined : text.split('\n').find((one) => one.includes(words));
  if (line !== undefined) return line;
  const [path] = Object.keys(expected.json ?? {});
  return path === undefined ? `It answered ${status}.` : `Its ${path} is ${shown(valueAt(json, path))}.`;
}

/** The number at the path, as a share from 0 to 1; `null`: there is none. Pure. */
export function shareAt(json: unknown, path: string | undefined): number | null {
  const value = path === undefined ? undefined : valueAt(json, path);
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return Math.min(1, Math.max(0, value));
}

/** What JSON has at a path such as `result.blocks.0.height`; `undefined`: nothing. Only what is its own counts. Pure. */
export function valueAt(json: unknown, path: string): unknown {
  let value = json;
  for (const key of path.split('.')) {
    const isThere =
      typeof value === 'object' &&
      value !== null &&
      key !== '__proto__' &&
      (!Array.isArray(value) || INDEX.test(key)) &&
      Object.hasOwn(value, key);
    if (!isThere) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
}
