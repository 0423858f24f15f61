/** A number is a time of this host's clock; one that the engine wrote down; or no time at all: a count, a code, a length. */
type NumberKind = 'time' | 'engine-time' | 'not-a-time';
type NumbersKind = 'times' | 'engine-times' | 'not-times';

/**
 * Says of every field of a type whether it is a time. A field that is left out does not compile, and neither does a
 * number that is said to be none without saying what it is.
 */
export type TimesOf<T> = { readonly [K in keyof T]-?: KindOf<NonNullable<T[K]>> };

type KindOf<V> = [V] extends [number | string]
  ? [Extract<V, number>] extends [never]
    ? 'no-number'
    : NumberKind
  : [V] extends [string | boolean | readonly string[]]
    ? 'no-number'
    : [V] extends [readonly (infer E)[]]
      ? [E] extends [number]
        ? NumbersKind
        : TimesOf<E>
      : IsDictionary<V> extends true
        ? NumbersKind
        : TimesOf<V>;

type IsDictionary<V> = string extends keyof V ? true : false;

/** With every time moved by so many milliseconds, and everything else as it was. */
export function moveTimes<T extends object>(value: T, times: TimesOf<T>, by: number): T {
  return moved(value, times, by) as T;
}

/** Kinds in which there is nothing to move; neither is there in a field of which nothing is said. */
const UNMOVED: ReadonlySet<unknown> = new Set([
  'engine-time',
  'engine-times',
  'not-a-time',
  'not-times',
  'no-number',
  undefined,
]);

function moved(value: unknown, kind: unknown, by: number): unknown {
  if (UNMOVED.has(kind)) return value;
  if (typeof value === 'number') return kind === 'time' ? value + by : value;
  if (Array.isArray(value)) return value.map((each) => moved(each, kind === 'times' ? 'time' : kind, by));
  if (!isObject(value)) return value;
  const kindOf = (field: string): unknown =>
    isObject(kind) ? kind[field] : kind === 'times' ? 'time' : kind;
  return Object.fromEntries(
    Object.entries(value).map(([field, its]) => [field, moved(its, kindOf(field), by)]),
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
