import type { MemoryTrend } from '../../common/events/index.js';
import type { MemoryReading } from '../runtime/index.js';
import type { LeakEnd } from './leak-detector.js';
import { endSentence } from './leak-sentence.js';

export type MemoryChangeEnd = LeakEnd | 'gone' | 'remade';

/** Something people want to know of a container's memory; each is said once a leak. */
export interface MemoryChange {
  readonly container: string;
  /** Found; less than 6 h left to its limit; over. */
  readonly kind: 'leak' | 'urgent' | 'cleared';
  readonly trend: MemoryTrend;
  /** Of `cleared` only. */
  readonly endedBy?: MemoryChangeEnd;
}

/** A leak is over. `floorBytes` is where the floor stands now; `null`: where the latest reading does. */
export function leakCleared(
  { name, usedBytes }: MemoryReading,
  floorBytes: number | null,
  endedBy: MemoryChangeEnd,
): MemoryChange {
  const trend: MemoryTrend = {
    leaking: false,
    floorBytes: floorBytes ?? usedBytes,
    growthBytesPerHour: 0,
    sinceHours: 0,
    hoursToLimit: null,
    reason: endSentence(endedBy),
  };
  return { container: name, kind: 'cleared', trend, endedBy };
}
