import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HealthEvent, Notification } from '../common/events/index.js';
import { receive, synced, type Ordered } from './event-order.js';
import { EMPTY_DATA } from './monitor-state.js';
import type { Snapshot } from './wire.js';

const event = (seq: number): HealthEvent => ({
  seq,
  at: '2026-01-01T00:00:00.000Z',
  type: 'notification.updated',
  data: { notification: { id: `n-${seq}` } as Notification },
});
const at = (head: number): Ordered => ({
  data: { ...EMPTY_DATA, epoch: 'e', head },
  pending: [],
  applied: [],
});
const snapshot: Snapshot = {
  containers: [],
  incidents: [],
  notifications: [],
  status: {} as Snapshot['status'],
};

describe('event order', () => {
  it('applies the next event', () => {
    expect(receive(at(4), event(5))).toMatchObject({ data: { head: 5 }, pending: [] });
  });

  it('ignores an event it has', () => {
    expect(receive(at(4), event(4))).toMatchObject({ data: { head: 4 }, pending: [], applied: [] });
  });

  it('keeps what lies behind a hole, and applies it once a delta fills the hole', () => {
    const waiting = receive(at(4), event(7));
    expect(waiting).toMatchObject({ data: { head: 4 }, applied: [] });
    const filled = synced(waiting, { mode: 'delta', events: [event(5), event(6), event(7)], head: 7 });
    expect(filled.data.head).toBe(7);
    expect(filled.applied.map(({ seq }) => seq)).toEqual([5, 6, 7]);
    expect(filled.pending).toEqual([]);
  });

  it('starts over from a snapshot, and drops what that already holds', () => {
    const waiting = receive(receive(at(4), event(9)), event(11));
    const next = synced(waiting, { mode: 'snapshot', state: snapshot, epoch: 'new', head: 10 });
    expect(next.data).toMatchObject({ epoch: 'new', head: 11 });
    expect(next.applied.map(({ seq }) => seq)).toEqual([11]);
  });

  it('ends with every event applied once and in order, however they arrive', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 9 }), (order) => {
        const seen: number[] = [];
        const end = order.reduce((ordered, seq) => {
          const next = receive(ordered, event(seq));
          seen.push(...next.applied.map((one) => one.seq));
          return next;
        }, at(0));
        expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        expect(end.pending).toEqual([]);
      }),
    );
  });
});
