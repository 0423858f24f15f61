/**
 * RFC 3339 as milliseconds since 1970, with all its digits as a fraction, where `Date.parse` drops what is below a
 * millisecond. `NaN`: it is none.
 */
export function parseTimestamp(text: string): number {
  const [, seconds, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  return Date.parse(`${seconds}${zone}`) + Number(`0${fraction}`) * 1000;
}
