import { expect, it } from 'vitest';
import { upSince, whatTellsWhoStopped } from './engine-info.js';

it.each([
  ['3.4.4', 'events'],
  ['4.3.1', 'events'],
  ['4.5.0', 'events'],
  ['4.6.2', 'never'],
  ['4.7.0', 'flag'],
  ['4.10.1-dev', 'flag'],
  ['5.4.2', 'flag'],
  ['10.0', 'flag'],
  ['unknown', 'never'],
])('Podman %s tells who stopped a container by: %s', (version, means) => {
  expect(whatTellsWhoStopped(version)).toBe(means);
});

it.each([
  ['27.5s', 27_500],
  ['19m 27s', (19 * 60 + 27) * 1_000],
  ['3h 19m 27.00s (Approximately 0.12 days)', ((3 * 60 + 19) * 60 + 27) * 1_000],
  ['since yesterday', null],
  ['', null],
])('a machine that is up for %j came up so long ago', (uptime, ms) => {
  const now = Date.now();
  const since = upSince(uptime, now);
  expect(since === null ? null : now - since).toBe(ms);
});
