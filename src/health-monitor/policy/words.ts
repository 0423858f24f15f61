import os from 'node:os';

const UNITS: readonly (readonly [string, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/** `400` → "0 seconds", `100_000` → "1 minute 40 seconds", `7_200_000` → "2 hours": two units at the most. */
export function inWords(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1_000)) * 1_000;
  const first = UNITS.findIndex(([, size]) => rest >= size);
  if (first === -1) return '0 seconds';
  const words = UNITS.slice(first, first + 2).flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`];
  });
  return words.join(' ');
}

/** The host's own time of day, `14:05`; with seconds when it matters within the minute. */
export function timeOfDay(at: number, withSeconds = false): string {
  return new Date(at).toTimeString().slice(0, withSeconds ? 8 : 5);
}

/** "a", "a and b", "a, b and c"; beyond five, "a, b, c, d and 3 more". */
export function listed(names: readonly string[]): string {
  if (names.length <= 1) return names.join('');
  if (names.length > 5) return `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

// Reversed, so that the usual name of a number wins over its alias (SIGABRT over SIGIOT).
const SIGNALS = new Map(
  Object.entries(os.constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** `139` → `SIGSEGV`; `null` when the code does not say that a signal ended it. */
export function signalOf(exitCode: number): string | null {
  return exitCode > 128 ? (SIGNALS.get(exitCode - 128) ?? null) : null;
}

/** "code 139 (SIGSEGV)", "code 137 (out of memory)". */
export function exitInWords(exitCode: number, oomKilled: boolean): string {
  const why = oomKilled ? 'out of memory' : signalOf(exitCode);
  return why === null ? `code ${exitCode}` : `code ${exitCode} (${why})`;
}

/** The name without `archy-`: what the Archipelago UI knows it by. */
export function appIdOf(name: string): string {
  return name.startsWith('archy-') ? name.slice('archy-'.length) : name;
}
