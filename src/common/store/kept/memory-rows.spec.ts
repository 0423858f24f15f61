import { describe, expect, it } from 'vitest';
import { memoryRowsOf, ticksOf } from './memory-rows.js';

const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:05:00.000Z';

describe('rows of memory figures', () => {
  it('become the readings that they were', () => {
    const ticks = [
      {
        at: AT,
        samples: [
          { container: 'a', usedBytes: 7, limitBytes: null },
          { container: 'b', usedBytes: 8, limitBytes: 5_000_000_000 },
        ],
      },
      { at: LATER, samples: [{ container: 'a', usedBytes: 9, limitBytes: null }] },
    ];
    expect(ticksOf(ticks.flatMap(memoryRowsOf))).toEqual(ticks);
  });

  it('have whole bytes, and a time to compare', () => {
    const tick = { at: AT, samples: [{ container: 'a', usedBytes: 1.6, limitBytes: 2.4 }] };
    expect(memoryRowsOf(tick)).toEqual([
      { at: Date.parse(AT), container: 'a', used_bytes: 2, limit_bytes: 2 },
    ]);
  });

  it('are none where nothing was read', () => {
    expect([memoryRowsOf({ at: AT, samples: [] }), ticksOf([])]).toEqual([[], []]);
  });
});
