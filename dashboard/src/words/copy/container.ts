import { bytes, exactDuration, list } from '../format.js';

export const container = {
  back: 'All containers',
  missing: (name: string) => `There is no container ${name}.`,
  missingDetail: 'It may have been removed.',
  unreadable: (why: string) => `The engine lists it, but cannot show it: ${why}`,
  onSilentHost: 'Its host does not answer. Nothing is decided about it until that does.',
  decided: (past: string) => `decided ${past}`,
  memory: 'Memory, last 24 hours',
  noMemory: 'Its memory has not been measured yet.',
  noLimit: 'no limit',
  limit: (amount: number) => `limit ${bytes(amount)}`,
  forecast: 'forecast',
  floor: 'floor',
  used: 'used',
  now: 'now',
  usedNow: (used: number, limit: number | null) =>
    used === 0
      ? 'None in use.'
      : limit === null
        ? `${bytes(used)} in use, no limit.`
        : `${bytes(used)} of ${bytes(limit)} in use.`,
  usedLast: (at: string, used: number, limit: number | null) =>
    `None in use. Last measured at ${at}: ${bytes(used)}${limit === null ? '' : ` of ${bytes(limit)}`}.`,
  asTable: 'Show as table',
  asChart: 'Show as chart',
  chartKeys: 'Arrow keys move along the chart, with Shift an hour at a time.',
  chartAt: (at: string, used: string) => `${at}: ${used}`,
  strip: 'Last 24 hours',
  needs: 'Needs',
  neededBy: 'Needed by',
  nothing: 'nothing',
  probe: 'Its probe',
  owner: 'Restarted by',
  owners: { monitor: 'the monitor', engine: 'the engine first, by its own policy', systemd: 'systemd' },
  exit: 'Last exit',
  exitText: (code: number, words: string, past: string) => `code ${code}${words && ` (${words})`}, ${past}`,
  hold: 'On hold',
  holdText: (reason: string, by: string, until: string) => `“${reason}”, by ${by}, ${until}`,
  holdOpen: 'until it is released',
  image: 'Image',
  id: 'Id',
  copyId: 'Copy id',
  copied: 'Copied',
  rules: 'Rules',
  ruleFrom: {
    config: 'config',
    label: 'label',
    preset: 'preset',
    default: 'default',
    engine: 'engine',
  } as Record<string, string>,
  history: 'History',
  noHistory: 'Nothing has happened to it yet.',
  older: 'Older',
  incidentLink: 'Read the incident',
  waitsFor: (names: readonly string[]) => `Waits for ${list(names)}.`,
};

export const ruleNames = {
  ignore: 'Ignored',
  job: 'Job',
  tier: 'Tier',
  dependsOn: 'Needs',
  unhealthy: 'When unhealthy',
  stopTimeoutMs: 'Time to stop',
  probes: 'Probes',
  maxAttempts: 'Attempts',
  backoffMs: 'Between attempts',
  on: 'Heals exits',
  onLeak: 'When it leaks',
  leakRestartWindow: 'Leak restarts',
} as Record<string, string>;

export const exitWords = (code: number, oom: boolean): string =>
  oom
    ? 'out of memory'
    : code === 137
      ? 'killed'
      : code === 143
        ? 'asked to stop'
        : code === 139
          ? 'crashed'
          : code === 1
            ? 'ended with an error'
            : code === 0
              ? 'ended by itself'
              : '';

export const strip = {
  fine: 'Healthy all the time.',
  down: (times: number, ms: number, at: string) =>
    times === 1
      ? `Down once, ${exactDuration(ms)}, at ${at}.`
      : `Down ${times} times, ${exactDuration(ms)} in all.`,
  unhealthy: (times: number, ms: number, at: string) =>
    times === 1
      ? `Unhealthy once, ${exactDuration(ms)}, at ${at}.`
      : `Unhealthy ${times} times, ${exactDuration(ms)} in all.`,
  off: (ms: number) => `Off by choice for ${exactDuration(ms)}.`,
  waited: (ms: number) => `Of that, it waited ${exactDuration(ms)} for others.`,
  notWatched: (from: string, to: string) => `Not watched ${from} to ${to} (the monitor was off).`,
  since: (at: string) => `Watched since ${at}.`,
  span: (what: string, from: string, to: string) => `${what}, ${from} to ${to}`,
};
