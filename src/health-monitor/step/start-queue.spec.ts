import { describe, expect, it } from 'vitest';
import { NOON, SECOND } from '../../../test/support/situation.js';
import type { Batch } from './monitor-state.js';
import { StartQueue, type Starting } from './start-queue.js';

const LIMITS = { maxConcurrent: 2, tierSettleMs: 5 * SECOND };
const batch: Batch = { id: 1, latestDeathAt: NOON, starts: {} };
const queue = (batches: readonly Batch[] = [batch], starting: Partial<Starting> = {}, now = NOON) =>
  new StartQueue(batches, { askedAt: [], line: [], ...starting }, LIMITS, now);
const WAITS = { inLine: false, holdsBack: true } as const;
const IN_LINE = { inLine: true, holdsBack: true } as const;
const DONE_WITH = { inLine: false, holdsBack: false } as const;

describe('who goes first', () => {
  it('lets as many start at once as may', () => {
    const starts = queue();
    expect(starts.placeOf('a')).toBeNull();
    starts.started(null, 'core', 'a');
    expect(starts.placeOf('b')).toBeNull();
    starts.started(null, 'core', 'b');
    expect(starts.placeOf('c')).toEqual({ ahead: 1, until: NOON + 5 * SECOND });
  });

  it('takes the slot of a start that is not answered for five seconds, of the oldest first', () => {
    const askedAt = [NOON - 2 * SECOND, NOON - 4 * SECOND];
    expect(queue([], { askedAt }).placeOf('c')).toEqual({ ahead: 1, until: NOON + SECOND });
    expect(queue([], { askedAt }, NOON + SECOND).placeOf('c')).toBeNull();
  });

  it('never has more starts without an answer than three times those that may start at once', () => {
    const hung = (count: number) => Array.from({ length: count }, () => NOON - 60 * SECOND);
    expect(queue([], { askedAt: hung(5) }).placeOf('c')).toBeNull();
    expect(queue([], { askedAt: hung(6) }).placeOf('c')).toEqual({ ahead: 1, until: null });
  });

  it('serves who came first, whatever the order in which they are decided about', () => {
    const starts = queue([], { askedAt: [NOON], line: ['first', 'second'] });
    expect(starts.placeOf('newcomer')).toEqual({ ahead: 2, until: NOON + SECOND });
    expect(starts.placeOf('second')).toEqual({ ahead: 1, until: NOON + SECOND });
    expect(starts.placeOf('first')).toBeNull();
    starts.decided('second', IN_LINE, null, 'core');
    starts.decided('newcomer', IN_LINE, null, 'core');
    starts.decided('first', DONE_WITH, null, 'core');
    expect(starts.line).toEqual(['second', 'newcomer']);
    expect(starts.placeOf('second')).toBeNull();
  });

  it('keeps higher tiers of a batch behind one that is started now, and lets the same tier go', () => {
    const starts = queue();
    starts.started(1, 'database', 'db');
    expect(starts.pauseOf(1, 'core')).toEqual({ after: 'db', until: NOON + 30 * SECOND });
    expect(starts.pauseOf(1, 'database')).toBeNull();
    expect(starts.pauseOf(null, 'core')).toBeNull();
  });

  it('pauses after the last start of a lower tier, as it is kept with the batch', () => {
    const first = queue();
    first.started(1, 'database', 'db');
    const later = queue(first.batches, {}, NOON + SECOND);
    expect(later.pauseOf(1, 'frontend')).toEqual({ after: 'db', until: NOON + 5 * SECOND });
    expect(later.pauseOf(1, 'database')).toBeNull();
  });

  it('lets the higher tiers go when a start has had no answer for thirty seconds', () => {
    const starts = queue([batch], {}, NOON + 29 * SECOND);
    starts.decided('db', WAITS, 1, 'database', NOON);
    expect(starts.pauseOf(1, 'core')).toEqual({ after: 'db', until: NOON + 30 * SECOND });
    const later = queue([batch], {}, NOON + 30 * SECOND);
    later.decided('db', WAITS, 1, 'database', NOON);
    expect(later.pauseOf(1, 'core')).toBeNull();
  });

  it('holds back nobody without a batch, and nobody for what holds nobody back', () => {
    const starts = queue();
    starts.decided('a', WAITS, null, 'core');
    starts.decided('a', DONE_WITH, 1, 'core');
    expect(starts.pauseOf(1, 'frontend')).toBeNull();
  });
});
