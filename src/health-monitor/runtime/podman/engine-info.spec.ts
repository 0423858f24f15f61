import { expect, it } from 'vitest';
import { whatTellsWhoStopped } from './engine-info.js';

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
