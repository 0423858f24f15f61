import { expect, it } from 'vitest';
import { RuntimeError } from '../runtime-error.js';
import { Backoff } from './backoff.js';

const failure = new RuntimeError('outage', 'It failed.');

it('waits longer after each failure in a row, up to half a minute, and not at all after a success', () => {
  let now = 0;
  const backoff = new Backoff(() => now);
  const pauses = Array.from({ length: 7 }, () => {
    backoff.failed(failure);
    const from = now;
    for (; isPaused(backoff); now += 500);
    return now - from;
  });
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  backoff.failed(failure);
  backoff.succeeded();
  expect(isPaused(backoff)).toBe(false);
  backoff.failed(failure);
  now += 1_000;
  expect(isPaused(backoff)).toBe(false);
});

function isPaused(backoff: Backoff): boolean {
  try {
    backoff.check();
    return false;
  } catch (error) {
    expect(error).toBe(failure);
    return true;
  }
}
