import { expect, it } from 'vitest';
import { parseTimestamp } from './timestamp.js';

it.each([
  ['2026-11-22T11:23:52Z', 1_795_346_632_000],
  ['2026-11-22T11:23:52.5Z', 1_795_346_632_500],
  ['2026-11-22T12:23:52.0005+01:00', 1_795_346_632_000.5],
])('reads %s with all its digits', (text, at) => {
  expect(parseTimestamp(text)).toBe(at);
});

it.each([
  '',
  'yesterday',
  '2026-11-22',
  '2026-11-22T11:23:52',
  '2026-13-22T11:23:52Z',
  'x2026-11-22T11:23:52Z',
])('takes %j for no time', (text) => {
  expect(parseTimestamp(text)).toBeNaN();
});
