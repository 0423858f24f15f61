import { describe, expect, it } from 'vitest';
import type { HealthEvent } from '../common/events/index.js';
import { withLatestOnly } from './latest-only.js';

const AT = '2026-01-01T00:00:00.000Z';

const exited = (seq: number, name: string, status = 'down'): HealthEvent =>
  ({
    seq,
    at: AT,
    type: 'container.exited',
    container: name,
    data: { reason: 'x', view: { name, status } },
  }) as never;

const updated = (seq: number, id: string): HealthEvent =>
  ({ seq, at: AT, type: 'incident.updated', data: { incident: { id, timeline: [{ seq: 1 }] } } }) as never;

describe('withLatestOnly', () => {
  it('keeps the last view of each container and the last timeline of each incident, and every event', () => {
    const told = withLatestOnly([
      exited(1, 'lnd'),
      updated(2, 'a'),
      exited(3, 'electrs'),
      exited(4, 'lnd', 'restarting'),
      updated(5, 'b'),
      updated(6, 'a'),
    ]);
    expect(JSON.parse(JSON.stringify(told))).toEqual([
      { seq: 1, at: AT, type: 'container.exited', container: 'lnd', data: { reason: 'x' } },
      { seq: 2, at: AT, type: 'incident.updated', data: { incident: { id: 'a', timeline: [] } } },
      exited(3, 'electrs'),
      exited(4, 'lnd', 'restarting'),
      updated(5, 'b'),
      updated(6, 'a'),
    ]);
  });

  it('leaves other events, and the ones it was given, as they are', () => {
    const given = [
      exited(1, 'lnd'),
      { seq: 2, at: AT, type: 'store.degraded', data: { reason: 'full' } },
      exited(3, 'lnd'),
    ];
    const before = structuredClone(given);
    expect(withLatestOnly(given as never)[1]).toBe(given[1]);
    expect(given).toEqual(before);
  });
});
