/** Plain data of any shape, as a document from the store is until it was checked. */
export type Fields = Readonly<Record<string, unknown>>;
/** Whether a value is of a shape. Never throws. */
export type Check = (value: unknown) => boolean;

/** The farthest from 1970 that a `Date` can be: what is beyond cannot be shown. */
const MOST_MS = 8.64e15;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isText: Check = (value) => typeof value === 'string';
export const isFlag: Check = (value) => typeof value === 'boolean';
export const isNumber: Check = (value) => Number.isFinite(value);
/** Milliseconds, as a moment since 1970 or a time that something lasted. */
export const isTime: Check = (value) => typeof value === 'number' && Math.abs(value) <= MOST_MS;
/** A moment in ISO 8601. */
export const isMoment: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));

export const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
/** Documents of an earlier version may be without it. */
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
export const recordOf =
  (check: Check): Check =>
  (value) =>
    isFields(value) && Object.values(value).every(check);
/** Fields beyond those named are let be. */
export const fieldsOf = (shape: Readonly<Record<string, Check>>): Check => {
  const checks = Object.entries(shape);
  return (value) => isFields(value) && checks.every(([name, fits]) => fits(value[name]));
};
