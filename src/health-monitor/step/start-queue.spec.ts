import { describe, expect, it } from 'vitest';
import { NOON, SECOND } from '../../../test/support/situation.js';
import type { Batch } from './monitor-state.js';
import { StartQueue } from './start-queue.js';

const LIMITS = { maxConcurrent: 2, tierSettleMs: 5 * SECOND };
const batch: Batch = { id: 1, latestDeathAt: NOON, starts: {} };
const queue = (batches: readonly Batch[] = [batch], underWay = 0, now = NOON) =>
  new StartQueue(batches, underWay, LIMITS, now);

describe('who goes first', () => {
  it('lets as many start at once as may', () => {
    const starts = queue();
    expect(starts.ahead).toBe(0);
    starts.started(null, 'core', 'a');
    expect(starts.ahead).toBe(0);
    starts.started(null, 'core', 'b');
    expect(starts.ahead).toBe(1);
    expect(queue([], 3).ahead).toBe(2);
  });

  it('keeps higher tiers of a batch behind one that is started now, and lets the same tier go', () => {
    const starts = queue();
    starts.started(1, 'database', 'db');
    expect(starts.pauseOf(1, 'core')).toEqual({ after: 'db', until: Infinity });
    expect(starts.pauseOf(1, 'database')).toBeNull();
    expect(starts.pauseOf(null, 'core')).toBeNull();
  });

  it('pauses after the last start of a lower tier, as it is kept with the batch', () => {
    const first = queue();
    first.started(1, 'database', 'db');
    const later = queue(first.batches, 0, NOON + SECOND);
    expect(later.pauseOf(1, 'frontend')).toEqual({ after: 'db', until: NOON + 5 * SECOND });
    expect(later.pauseOf(1, 'database')).toBeNull();
  });

  it('lets all of a batch wait for one of whom it is not known yet whether it is healed', () => {
    const starts = queue();
    starts.holdBack('all', 1, 'frontend', 'web');
    expect(starts.pauseOf(1, 'database')).toEqual({ after: 'web', until: Infinity });
  });

  it('holds back nobody without a batch, and nobody for what holds nobody back', () => {
    const starts = queue();
    starts.holdBack('all', null, 'core', 'a');
    starts.holdBack(null, 1, 'core', 'a');
    expect(starts.pauseOf(1, 'frontend')).toBeNull();
  });
});
