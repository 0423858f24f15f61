import type { Status, Tier } from '../../client.js';

/** What a container is, after its name. */
export const is = {
  healthy: 'is healthy',
  'not-yet': 'is not ready yet',
  starting: 'is starting',
  restarting: 'is being restarted',
  unhealthy: 'is unhealthy',
  down: 'is down',
  'backing-off': 'is down',
  'given-up': 'is given up',
  'crash-looping': 'keeps crashing',
  waiting: 'waits',
  stopped: 'is stopped',
  held: 'is on hold',
  ignored: 'is ignored',
  unknown: 'is not known',
} satisfies Record<Status, string>;

export const isSilent = 'does not answer';
export const isCrashLooping = 'keeps crashing';
export const needsYou = 'needs you';

export const status = {
  healthy: 'Healthy',
  'not-yet': 'Not ready yet',
  starting: 'Starting',
  restarting: 'Restarting',
  unhealthy: 'Unhealthy',
  down: 'Down',
  'backing-off': 'Down',
  'given-up': 'Given up',
  'crash-looping': 'Keeps crashing',
  waiting: 'Waiting',
  stopped: 'Stopped',
  held: 'On hold',
  ignored: 'Ignored',
  'not-watched': 'Not watched',
  unknown: 'Not known',
} satisfies Record<Status | 'not-watched' | 'unknown', string>;

/** Never 100 before it is done. */
export const percent = (share: number): string => `${Math.floor(share * 100)} %`;
export const leak = 'Memory leak';
export const leakOutlook = {
  grows: 'takes more and more memory, and gives none back.',
  limit: (when: string) => `will run out of memory ${when}.`,
  host: (when: string) => `will use up the memory of the server ${when}.`,
  within: (left: string) => `in about ${left}`,
  at: (day: string, time: string) => `${day} about ${time}`,
};
export const statusFor = (past: string) => `for ${past}`;
export const statusUntil = (until: string) => `until ${until}`;

export const tiers = {
  frontend: 'Frontends',
  application: 'Applications',
  dependent: 'Dependents',
  core: 'Core',
  database: 'Databases',
} satisfies Record<Tier, string>;
