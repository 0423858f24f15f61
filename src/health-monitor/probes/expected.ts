import type { ExpectedAnswer, ProbeProgress } from '../../common/options/index.js';

/** What came back, as far as it can be looked at. */
export interface Received {
  /** Of HTTP. */
  readonly status?: number;
  /** Of a command. */
  readonly exit?: number;
  readonly text: string;
  /** Left out: it is not JSON. */
  readonly json?: unknown;
}

/** No more of an answer is read. */
export const MOST_READ_BYTES = 64 * 1024;

const INDEX = /^(?:0|[1-9]\d{0,9})$/;
/** A little more than the whole is the whole, by other rounding. */
const ROUNDING = 1.01;

/** That it answered, for people, without the full stop: `It answered 503`, `It ended with exit 1`. Pure. */
export function answerInWords({ status, exit }: Pick<Received, 'status' | 'exit'>): string {
  if (exit !== undefined) return `It ended with exit ${exit}`;
  return status === undefined ? 'It answered' : `It answered ${status}`;
}

/** Of what is expected, the first that the answer has everything of; `undefined`: none. Pure. */
export const firstMet = (
  received: Received,
  expected: ExpectedAnswer | readonly ExpectedAnswer[] | undefined,
): ExpectedAnswer | undefined => listOf(expected).find((one) => unmet(received, one) === null);

/** Why the answer has not everything of anything that is expected, for people; `null`: it has. Pure. */
export function noneMet(
  received: Received,
  expected: ExpectedAnswer | readonly ExpectedAnswer[],
): string | null {
  const missing = listOf(expected).map((one) => unmet(received, one));
  return missing.includes(null) ? null : (missing[0] ?? null);
}

const listOf = (
  expected: ExpectedAnswer | readonly ExpectedAnswer[] | undefined,
): readonly ExpectedAnswer[] => (expected === undefined ? [] : [expected].flat());

/** What is missing in an answer, for people; `null`: it has everything that is expected. Pure. */
export function unmet(received: Received, expected: ExpectedAnswer): string | null {
  const { text, json } = received;
  if (!isAnyOf(received.status, expected.status) || !isAnyOf(received.exit, expected.exit))
    return `${answerInWords(received)}.`;
  if (expected.text !== undefined && !text.includes(expected.text))
    return `Its answer lacks "${expected.text}".`;
  const paths = Object.entries(expected.json ?? {});
  if (paths.length > 0 && json === undefined) return `${answerInWords(received)}, and not in JSON.`;
  const [other] = paths.filter(([path, value]) => valueAt(json, path) !== value);
  if (other === undefined) return null;
  const [path, value] = other;
  return `Its ${path} is ${shown(valueAt(json, path))}, not ${shown(value)}.`;
}

const isAnyOf = (code: number | undefined, expected: readonly number[] | undefined): boolean =>
  expected === undefined || (code !== undefined && expected.includes(code));

/** What in an answer made it be as expected, for people: the line with the words, or the first of the values. Pure. */
export function met(received: Received, expected: ExpectedAnswer): string {
  const { text, json } = received;
  const words = expected.text;
  const line = words === undefined ? undefined : text.split('\n').find((one) => one.includes(words));
  if (line !== undefined) return line;
  const [path] = Object.keys(expected.json ?? {});
  return path === undefined ? `${answerInWords(received)}.` : `Its ${path} is ${shown(valueAt(json, path))}.`;
}

/** How far it has come, as a share from 0 to 1; `null`: it does not say, or not what can be meant. Pure. */
export function shareOf(json: unknown, progress: string | ProbeProgress | undefined): number | null {
  if (progress === undefined) return null;
  const { at, of = 1 } = typeof progress === 'string' ? { at: progress } : progress;
  const done = valueAt(json, at);
  const whole = typeof of === 'number' ? of : valueAt(json, of);
  if (!isNumber(done) || !isNumber(whole) || whole <= 0) return null;
  const share = done / whole;
  return share >= 0 && share <= ROUNDING ? Math.min(1, share) : null;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

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

/** What an answer says last; `null`: nothing. Pure. */
export const lastLine = (text: string): string | null =>
  text.split(/\r?\n/).findLast((line) => line.trim() !== '') ?? null;

/** With what is in it as JSON, where it is that. Pure. */
export function withJson<T extends Pick<Received, 'text'>>(received: T): T & Pick<Received, 'json'> {
  try {
    return { ...received, json: JSON.parse(received.text) as unknown };
  } catch {
    return received;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
}
