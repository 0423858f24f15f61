import { CliError, EXIT } from './cli-error.js';
import { dayOf } from './terminal/text.js';

const MINUTE_MS = 60_000;

/**
 * The end of the minute or second that `text` names, in milliseconds since 1970, where this process is told to be: `03:12`
 * and `03:12:40` are the latest such time that is over, `2026-01-31 03:12` is that day's. Pure.
 *
 * @throws CliError
 */
export function momentOf(text: string, now: number): number {
  const [, date, hours, minutes, seconds] =
    /^(?:(\d{4}-\d\d-\d\d)[ T])?(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  const begin =
    hours === undefined ? NaN : Date.parse(`${date ?? dayOf(now)}T${hours}:${minutes}:${seconds ?? '00'}`);
  if (Number.isNaN(begin))
    throw new CliError(`${JSON.stringify(text)} is no time; write 03:12 or "2026-01-31 03:12".`, EXIT.badUse);
  return (date === undefined && begin > now ? dayBefore(begin) : begin) + lengthOf(seconds) - 1;
}

const lengthOf = (seconds: string | undefined): number => (seconds === undefined ? MINUTE_MS : 1_000);

/** The same time of day, also where a day has 23 or 25 hours. */
function dayBefore(at: number): number {
  const day = new Date(at);
  day.setDate(day.getDate() - 1);
  return day.getTime();
}
