import type { Incident } from '../client.js';
import * as copy from '../words/copy/index.js';

/** What is said of an incident of the machine; `part`: where the file system is mounted, `memory` or `clock`. */
interface MachineWords {
  /** While it is so; `reason`: as the monitor says it. */
  readonly now: (part: string, reason: string) => string;
  /** Once it was. */
  readonly before: (part: string) => string;
  /** What a person can do while it is so. */
  readonly advice: (part: string) => string;
}

/** Of a file system the monitor says it best, as long as it is so. */
const asTheMonitorSays: MachineWords['now'] = (_, reason) => reason;

const LITTLE_SPACE: MachineWords = {
  now: asTheMonitorSays,
  before: copy.cause.wasLow,
  advice: copy.incident.adviceSpace,
};

const WORDS: Readonly<Partial<Record<Incident['kind'], MachineWords>>> = {
  disk: LITTLE_SPACE,
  'disk-full': { ...LITTLE_SPACE, before: copy.cause.wasFull },
  'disk-read-only': {
    now: asTheMonitorSays,
    before: copy.cause.wasReadOnly,
    advice: () => copy.incident.adviceReadOnly,
  },
  'memory-pressure': {
    now: () => copy.cause.shortOfMemory,
    before: () => copy.cause.wasShortOfMemory,
    advice: () => copy.incident.adviceMemory,
  },
  clock: {
    now: () => copy.cause.clock,
    before: () => copy.cause.wasClock,
    advice: () => copy.incident.adviceClock,
  },
};

/** The words for one kind; for one that only a newer server has, those of little space. */
export const machineWords = (kind: Incident['kind']): MachineWords => WORDS[kind] ?? LITTLE_SPACE;
