const LOCALE = 'en-GB';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const numbers = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });
const lists = new Intl.ListFormat(LOCALE, { type: 'conjunction' });
const plurals = new Intl.PluralRules(LOCALE);
const minuteOfDay = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const secondOfDay = new Intl.DateTimeFormat(LOCALE, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const dayOfYear = new Intl.DateTimeFormat(LOCALE, { weekday: 'long', day: 'numeric', month: 'long' });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: 'long' });
const shortWeekday = new Intl.DateTimeFormat(LOCALE, { weekday: 'short' });
const whole = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'long' });

export function count(amount: number, one: string, many = `${one}s`): string {
  return `${numbers.format(amount)} ${plurals.select(amount) === 'one' ? one : many}`;
}

/** `a, b and c` */
export function list(items: readonly string[]): string {
  return lists.format(items);
}

/** `a, b and 3 others`, with at most `limit` names. */
export function shortList(items: readonly string[], limit: number): string {
  if (items.length <= limit) return list(items);
  return list([...items.slice(0, limit), count(items.length - limit, 'other')]);
}

const UNITS: readonly [number, string][] = [
  [DAY, 'day'],
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
  [SECOND, 'second'],
];

/** In its largest unit, rounded down: `41 seconds`, `3 days`. */
export function duration(ms: number): string {
  const [size, unit] = UNITS.find(([unitMs]) => ms >= unitMs) ?? [SECOND, 'second'];
  return count(Math.max(0, Math.floor(ms / size)), unit);
}

/** In its two largest units: `4 minutes 12 seconds`. */
export function exactDuration(ms: number): string {
  const rounded = Math.max(0, Math.round(ms / SECOND) * SECOND);
  const first = UNITS.findIndex(([unitMs]) => rounded >= unitMs);
  if (first < 0) return count(0, 'second');
  const parts: string[] = [];
  let rest = rounded;
  for (const [size, unit] of UNITS.slice(first, first + 2)) {
    const amount = Math.floor(rest / size);
    if (amount > 0) parts.push(count(amount, unit));
    rest -= amount * size;
  }
  return parts.join(' ');
}

/** `0:24`, `12:05`, `1:02:09`; rounded up, so that 0:00 is when it is due. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `2 minutes ago`; from an hour on the clock time, and from a day on the day, too. */
export function ago(at: number, now: number): string {
  const past = now - at;
  if (past < SECOND) return 'now';
  if (past < HOUR) return `${duration(past)} ago`;
  return isSameDay(at, now) ? `at ${time(at)}` : `${moment(at, now).replace(/ (?=[^ ]*$)/, ' at ')}`;
}

/** The moment itself, for after "since": `02:10`, `yesterday 02:10`, `Friday 2 January 02:10`. */
export function moment(at: number, now: number): string {
  if (isSameDay(at, now)) return time(at);
  const name = day(at, now);
  return `${name === 'Yesterday' ? 'yesterday' : name} ${time(at)}`;
}

export function time(at: number): string {
  return minuteOfDay.format(at);
}

export function exactTime(at: number): string {
  return secondOfDay.format(at);
}

export function fullTime(at: number): string {
  return whole.format(at);
}

/** For an axis that may span days: the time, and at midnight the day that begins, `Fri`. */
export function axisTime(at: number): string {
  return time(at) === '00:00' ? shortWeekday.format(at) : time(at);
}

/** `today`, `tomorrow`, `on Friday`, `on Friday 2 January`: a day to come. */
export function dayAhead(at: number, now: number): string {
  if (isSameDay(at, now)) return 'today';
  if (isSameDay(at, now + DAY)) return 'tomorrow';
  return `on ${at - now < 6 * DAY ? weekday.format(at) : day(at, now)}`;
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `Today`, `Yesterday`, `Friday 2 January` */
export function day(at: number, now: number): string {
  if (isSameDay(at, now)) return 'Today';
  if (isSameDay(at, now - DAY)) return 'Yesterday';
  return dayOfYear.format(at).replace(',', '');
}

/** `4 GiB`, `620 MiB`, never broken across lines; the units of the server's sentences. */
export function bytes(amount: number): string {
  const [size, unit] = (
    [
      [1024 ** 4, 'TiB'],
      [1024 ** 3, 'GiB'],
      [1024 ** 2, 'MiB'],
      [1024, 'KiB'],
    ] as const
  ).find(([unitBytes]) => Math.abs(amount) >= unitBytes) ?? [1, 'bytes'];
  const value = amount / size;
  return `${Math.abs(value) >= 100 ? Math.round(value) : numbers.format(value)}\u00a0${unit}`;
}

function isSameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
