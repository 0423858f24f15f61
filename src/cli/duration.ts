import { CliError, EXIT } from './cli-error.js';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds of `90s`, `30m`, `2h` or `1d`. Pure.
 *
 * @throws CliError
 */
export function durationMs(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,7})([smhd])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined)
    throw new CliError(`${JSON.stringify(text)} is no duration; write 90s, 30m, 2h or 1d.`, EXIT.badUse);
  return Number(count) * UNITS[unit]!;
}
