import { STEPS } from './floor-shape.js';
import type { Leak, LeakEnd } from './leak-detector.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** Longer than this is no forecast. */
const FORECAST_HOURS = 24 * 60;

/** Hours until a leak reaches what it must not; `null` where that is not foreseeable. */
export function hoursToLimit(bytes: number, bytesPerHour: number, limitBytes: number): number | null {
  if (!(bytesPerHour > 0)) return null;
  const hours = Math.max(0, (limitBytes - bytes) / bytesPerHour);
  return hours > FORECAST_HOURS ? null : Math.round(hours * 10) / 10;
}

/** What a leak looks like, in one sentence. `limitBytes` is the container's own; `null`: it has none but the host's memory. */
export function leakSentence(
  leak: Leak,
  limitBytes: number | null,
  hostBytes: number,
  hoursLeft: number | null,
): string {
  const parts = [
    `floor rose in ${leak.risingSteps} of the last ${STEPS} steps over ${Math.round(leak.spanHours)} h`,
    `${mib(leak.fromBytes)} -> ${mib(leak.highBytes)} MiB`,
    `+${mib(leak.bytesPerHour)} MiB/h`,
    leak.hoursGivenBack > 0 ? 'half of it given back' : 'never given back',
  ];
  if (leak.evidence === 'runs') parts.push('as in the run before');
  if (hoursLeft === null) return parts.join(', ');
  const limit = limitBytes === null ? `the host's ${size(hostBytes)}` : `its ${size(limitBytes)} limit`;
  return `${parts.join(', ')}; at this rate it reaches ${limit} in about ${duration(hoursLeft)}`;
}

export function growthSentence(container: string, percent: number): string {
  return `Potential memory leak in ${container}: ${Math.floor(percent)}% growth over tracking period`;
}

export function quietSentence(floorBytes: number, hours: number): string {
  return `floor at ${mib(floorBytes)} MiB, no lasting rise in the last ${Math.round(hours)} h`;
}

const ENDS: Readonly<Record<LeakEnd | 'gone' | 'remade', string>> = {
  restart: 'it was restarted, which gave its memory back',
  'given-back': 'half of the rise or more was given back, and has been for 2 h',
  level: 'its floor has made no new high for 24 h',
  gone: 'it has not run for a day',
  remade: 'it was made anew, or its memory is measured in another way now',
};

export function endSentence(end: LeakEnd | 'gone' | 'remade'): string {
  return ENDS[end];
}

function mib(bytes: number): string {
  const value = bytes / MIB;
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function size(bytes: number): string {
  return bytes >= GIB
    ? `${(bytes / GIB).toLocaleString('en-US', { maximumFractionDigits: 1 })} GiB`
    : `${mib(bytes)} MiB`;
}

function duration(hours: number): string {
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))} min`;
  return hours < 72 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
