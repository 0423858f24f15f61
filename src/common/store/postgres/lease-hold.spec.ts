import { expect, it } from 'vitest';
import { ManualClock } from '../../../testing/manual-clock.js';
import { LeaseHold } from './lease-hold.js';

it('counts from the moment before it was asked for, and never below nothing', () => {
  const clock = new ManualClock(0);
  const lease = new LeaseHold(clock, 8_000);
  expect([lease.term, lease.leftMs()]).toEqual([null, 0]);
  const askedAt = clock.monotonic();
  clock.advance(1_500);
  lease.got(4, askedAt);
  expect([lease.term, lease.leftMs()]).toEqual([4, 6_500]);
  clock.advance(7_000);
  expect([lease.term, lease.leftMs()]).toEqual([4, 0]);
  lease.lost();
  expect(lease.term).toBeNull();
});
