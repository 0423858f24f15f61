import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../testing/manual-clock.js';
import { StoreHealth } from './store-health.js';
import type { Trouble } from './trouble.js';

const READ_ONLY: Trouble = { kind: 'read-only', reason: 'It cannot be written.' };
const LOCKED: Trouble = { kind: 'locked', reason: 'It is locked.' };
const CORRUPT: Trouble = { kind: 'corrupt', reason: 'It is damaged.' };

describe('StoreHealth', () => {
  let clock: ManualClock;
  let log: string[];
  let health: StoreHealth;
  beforeEach(() => {
    clock = new ManualClock();
    log = [];
    health = new StoreHealth('/data/a.db', clock, {
      log: (message) => log.push(`log: ${message}`),
      warn: (message) => log.push(`warn: ${message}`),
      error: (message) => log.push(`error: ${message}`),
    });
  });
  const kinds = (): string[] => health.dueNotices().map(({ kind }) => kind);

  /** After how many milliseconds a write may be tried again. */
  function waitUntilWrite(): number {
    for (let waited = 0; waited < 120_000; waited += 500) {
      if (health.mayWrite()) return waited;
      clock.advance(500);
    }
    throw new Error('It is never tried again.');
  }

  it('is well at first, and has nothing to say', () => {
    expect([health.isDegraded, health.problem, health.mayWrite(), kinds()]).toEqual([false, null, true, []]);
  });

  it('announces a trouble once, and its end, each in the log, too', () => {
    health.failed(READ_ONLY);
    expect([health.isDegraded, health.problem]).toEqual([true, 'It cannot be written.']);
    const [degraded, ...more] = health.dueNotices();
    expect(degraded).toEqual({
      kind: 'degraded',
      reason: 'It cannot be written. Until then, what happens is kept in memory only.',
    });
    health.failed(READ_ONLY);
    expect([more, kinds()]).toEqual([[], []]);

    health.recovered();
    expect([health.isDegraded, health.problem, health.mayWrite()]).toEqual([false, null, true]);
    expect(health.dueNotices()).toEqual([
      {
        kind: 'recovered',
        reason: 'The database /data/a.db is written again, with what was kept in memory.',
      },
    ]);
    expect(kinds()).toEqual([]);
    expect(log).toEqual([
      'warn: It cannot be written. Going on in memory.',
      'log: The database /data/a.db is written again.',
    ]);
  });

  it('says nothing of a trouble that is over before anything could be said', () => {
    health.failed(READ_ONLY);
    health.recovered();
    expect(kinds()).toEqual([]);
  });

  it('announces a lock only when it lasts for ten seconds', () => {
    health.failed(LOCKED);
    clock.advance(9_999);
    health.failed(LOCKED);
    expect(kinds()).toEqual([]);
    clock.advance(1);
    expect(kinds()).toEqual(['degraded']);
  });

  it('waits ever longer before it tries again, 30 seconds at most', () => {
    const waits: number[] = [];
    for (let failure = 0; failure < 7; failure++) {
      health.failed(READ_ONLY);
      waits.push(waitUntilWrite());
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    health.recovered();
    health.failed(READ_ONLY);
    expect(waitUntilWrite()).toBe(1_000);
  });

  it('announces a damaged database that was replaced as a trouble and its end', () => {
    health.replaced(CORRUPT, '/data/a.db.corrupt');
    expect(health.isDegraded).toBe(false);
    expect(health.dueNotices()).toEqual([
      {
        kind: 'degraded',
        reason:
          'It is damaged. It was set aside as /data/a.db.corrupt; a new one takes its place. Earlier events are in the old one only.',
      },
      { kind: 'recovered', reason: 'A new database is in use: /data/a.db.' },
    ]);
    expect(log).toMatchObject([expect.stringMatching(/^error: It is damaged/)]);
  });

  it('is degraded when a damaged database could not be replaced, and tries again 30 seconds later', () => {
    health.notReplaced(LOCKED);
    expect([health.isDegraded, kinds()]).toEqual([true, ['degraded']]);
    expect(waitUntilWrite()).toBe(30_000);
  });

  it('announces once that documents were replaced, before anything else', () => {
    health.failed(READ_ONLY);
    health.reloaded('It can be read again.');
    expect(health.dueNotices()).toMatchObject([
      { kind: 'reloaded', reason: 'It can be read again.' },
      { kind: 'degraded' },
    ]);
    expect(kinds()).toEqual([]);
  });
});
