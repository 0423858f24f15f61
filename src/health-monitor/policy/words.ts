import os from 'node:os';
import type { ProbedHealth } from '../runtime/index.js';
import type { NewRun } from './surroundings.js';

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

const STEPS = [3_600_000, 600_000, 60_000];

/** As `inWords`, in whole hours, below one in tens of minutes: a sentence that is made anew must not be another each time. */
export function roughlyInWords(ms: number): string {
  const step = STEPS.find((size) => ms >= size) ?? 1_000;
  return inWords(Math.floor(ms / step) * step);
}

/** The host's own time of day, `14:05`; with seconds when it matters within the minute. */
export function timeOfDay(at: number, withSeconds = false): string {
  return new Date(at).toTimeString().slice(0, withSeconds ? 8 : 5);
}

/** The time of day, `14:05`, and of another day than today also which: `14:05 tomorrow`. At most a day from now. */
export function timeAndDay(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return isToday ? timeOfDay(at) : `${timeOfDay(at)} ${at > now ? 'tomorrow' : 'yesterday'}`;
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

/** "was killed (137)", "crashed (139, SIGSEGV)", "exited with 1". */
export function endInWords(exitCode: number, oomKilled: boolean): string {
  if (oomKilled) return `ran out of memory (${exitCode})`;
  if (exitCode === 137) return `was killed (${exitCode})`;
  if (exitCode === 143) return `was asked to stop (${exitCode})`;
  const signal = signalOf(exitCode);
  return signal === null ? `exited with ${exitCode}` : `crashed (${exitCode}, ${signal})`;
}

/** The name without `archy-`: what the Archipelago UI knows it by. */
export function appIdOf(name: string): string {
  return name.startsWith('archy-') ? name.slice('archy-'.length) : name;
}

/** That a container runs on in namespaces of a run that is over, without the full stop. */
/** What a probe says of how far a container has come: `Verifying blocks… (87.3 %, about 5 hours left).` */
export function progressInWords({
  sentence,
  share,
  leftMs,
}: Pick<ProbedHealth, 'sentence' | 'share' | 'leftMs'>): string {
  const parts = [
    ...(share === null ? [] : [`${(share * 100).toFixed(1)} %`]),
    ...(leftMs === null ? [] : [`about ${roughlyInWords(leftMs)} left`]),
  ];
  return parts.length === 0 ? sentence : `${sentence.replace(/\.$/, '')} (${parts.join(', ')}).`;
}

export const cutOffInWords = ({ name, shares }: Pick<NewRun, 'name' | 'shares'>): string =>
  `It still runs in the ${shares.join(' and ')} of the former run of ${name}`;
