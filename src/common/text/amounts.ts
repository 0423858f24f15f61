const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `12 MiB`, `2.1 GiB`: rounded down below, since what is free should not seem more. Pure. */
export function sizeInWords(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024;
  const digits = value < 10 && unit > 0 ? 10 : 1;
  return `${Math.floor(value * digits) / digits} ${UNITS[unit]}`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `3 days`, `5 hours`, `20 minutes`: nobody knows it better. Pure. */
export function aboutInWords(ms: number): string {
  const [unit, size] =
    ms >= 2 * DAY ? ['day', DAY] : ms >= 2 * HOUR ? ['hour', HOUR] : (['minute', MINUTE] as const);
  const count = Math.max(1, Math.round(ms / size));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
