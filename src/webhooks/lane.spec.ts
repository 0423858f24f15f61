import { beforeEach, describe, expect, it } from 'vitest';
import type { Put, Remove } from '../common/store/index.js';
import type { Delivery } from './delivery.js';
import type { Endpoint } from './endpoint.js';
import { currentHealth, type EndpointHealth } from './endpoint-health.js';
import { Lane } from './lane.js';
import type { Answer } from './webhook-sender.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const HERE = 'https://home.lan/hook';

const OK: Answer = { status: 200, error: null, retryAfterMs: null, durationMs: 5 };
const failure = (status: number | null, retryAfterMs: number | null = null): Answer => ({
  status,
  error: 'It failed.',
  retryAfterMs,
  durationMs: 5,
});
const TRIED = { at: new Date(NOW).toISOString(), status: 500, error: 'It failed.', durationMs: 5 };

function endpoint({
  health,
  ...more
}: Partial<Omit<Endpoint, 'health'>> & { health?: object } = {}): Endpoint {
  const bare = { id: 'home', url: HERE, secret: null };
  return {
    ...bare,
    format: 'archipelago',
    events: null,
    enabled: true,
    origin: 'api',
    health: { ...currentHealth(bare, undefined, NOW), ...health },
    ...more,
  };
}

function delivery(id: string, more: Partial<Delivery> = {}): Delivery {
  return {
    id,
    messageId: `msg_${id}`,
    endpointId: 'home',
    status: 'pending',
    message: {
      event: 'container.given_up',
      title: id,
      message: '',
      timestamp: new Date(NOW).toISOString(),
      node_id: 'node-1',
      details: {},
    },
    level: 'error',
    incidentId: null,
    createdAt: NOW,
    nextAttemptAt: NOW,
    attempts: [],
    endedBecause: null,
    ...more,
  };
}

const delivered = (id: string, more: Partial<Delivery> = {}): Delivery =>
  delivery(id, { status: 'delivered', nextAttemptAt: null, ...more });

describe('Lane', () => {
  let recorded: (Put | Remove)[];
  let lane: Lane;
  let ids: number;
  const newId = (): string => `new-${++ids}`;

  beforeEach(() => {
    recorded = [];
    ids = 0;
  });

  function laneWith(deliveries: readonly Delivery[], of: Endpoint = endpoint()): Lane {
    lane = new Lane(of, (change) => recorded.push(change));
    lane.load(of, deliveries);
    return lane;
  }
  /** Sends what is next at `now`, to the URL that the endpoint then has. */
  function send(answer: Answer, now: number): boolean {
    const next = lane.next(now);
    if (next === null) throw new Error('Nothing is due.');
    return lane.settle(next, lane.endpoint.url, answer, { now, random: 0 });
  }
  const known = (id: string): Delivery | undefined => lane.deliveries().find((one) => one.id === id);
  const recordedOf = (collection: string): (Put | Remove)[] =>
    recorded.filter((change) => change.collection === collection);
  const recordedHealth = (): unknown => (recordedOf('webhook-health').at(-1) as Put | undefined)?.value;
  const removed = (): string[] => recorded.filter((change) => !('value' in change)).map(({ key }) => key);

  describe('what is next', () => {
    it('is fresh before old; of the fresh the first, of the old what has waited longest', () => {
      laneWith([
        delivery('late', { attempts: [TRIED], nextAttemptAt: NOW - 1 }),
        delivery('later', { attempts: [TRIED], nextAttemptAt: NOW - 2 }),
        delivery('fresh'),
        delivery('fresher'),
      ]);
      const order: (string | undefined)[] = [];
      for (let sent = 0; sent < 4; sent++) {
        order.push(lane.next(NOW)?.id);
        send(OK, NOW);
      }
      expect(order).toEqual(['fresh', 'fresher', 'later', 'late']);
      expect(lane.next(NOW)).toBeNull();
    });

    it('is ready when the earliest attempt is due, and not before', () => {
      laneWith([
        delivery('a', { nextAttemptAt: NOW + 2 * MINUTE }),
        delivery('b', { nextAttemptAt: NOW + MINUTE }),
      ]);
      expect(lane.next(NOW)).toBeNull();
      expect([lane.isReady(NOW + MINUTE - 1), lane.isReady(NOW + MINUTE)]).toEqual([false, true]);
      expect(lane.next(NOW + MINUTE)?.id).toBe('b');
    });

    it('is ready at once when the store has more', () => {
      laneWith([]);
      expect(lane.next(NOW)).toBeNull();
      expect(lane.isReady(NOW + 365 * 24 * HOUR)).toBe(false);
      lane.load(endpoint(), [delivery('a')]);
      expect(lane.isReady(NOW)).toBe(true);
    });

    it('waits until nothing is on its way', () => {
      laneWith([delivery('a')]);
      lane.begin();
      expect([lane.busy, lane.isReady(NOW)]).toEqual([true, false]);
      lane.end();
      expect([lane.busy, lane.isReady(NOW)]).toEqual([false, true]);
    });

    it('is nothing for an endpoint that is switched off, by a person or by us', () => {
      const disabled = { reason: 'It is gone.', at: NOW };
      for (const off of [endpoint({ enabled: false }), endpoint({ health: { disabled } })]) {
        laneWith([delivery('a')], off);
        expect([lane.isReady(NOW), lane.next(NOW)]).toEqual([false, null]);
      }
    });

    it('is what another clock put off further than any wait can be', () => {
      laneWith([delivery('a', { nextAttemptAt: NOW + 13 * HOUR })]);
      expect(lane.next(NOW)?.id).toBe('a');
      laneWith([delivery('b')], endpoint({ health: { pausedUntil: NOW + 13 * HOUR } }));
      expect(lane.next(NOW)?.id).toBe('b');
    });
  });

  describe('after an attempt', () => {
    it('keeps what came of it, and how the endpoint is', () => {
      laneWith([delivery('a')]);
      expect(send(OK, NOW)).toBe(true);
      expect(known('a')).toMatchObject({
        status: 'delivered',
        nextAttemptAt: null,
        attempts: [{ status: 200 }],
      });
      expect(lane.endpoint.health.lastSuccessAt).toBe(NOW);
      expect(lane.queued).toBe(0);
      expect(recorded).toEqual([
        { collection: 'webhook-delivery', key: 'a', value: known('a') },
        { collection: 'webhook-health', key: 'home', value: lane.endpoint.health },
      ]);
    });

    it('that failed, leaves the endpoint alone for a second, and tries the next then', () => {
      laneWith([delivery('a'), delivery('b')]);
      send(failure(500), NOW);
      expect(lane.next(NOW + SECOND - 1)).toBeNull();
      expect([lane.isReady(NOW + SECOND - 1), lane.isReady(NOW + SECOND)]).toEqual([false, true]);
      expect(lane.next(NOW + SECOND)?.id).toBe('b');
      expect(lane.endpoint.health.failingSince).toBe(NOW);
    });

    it('that asks for time, sends nothing before, not even what is fresh', () => {
      laneWith([delivery('a'), delivery('b')]);
      send(failure(429, 2 * MINUTE), NOW);
      expect(lane.next(NOW + 2 * MINUTE - 1)).toBeNull();
      expect(lane.isReady(NOW + 2 * MINUTE - 1)).toBe(false);
      expect(lane.next(NOW + 2 * MINUTE)?.id).toBe('b');
    });

    describe('that is answered 429 and a short wait', () => {
      const HALF_DAY = 12 * HOUR;
      const spent = (): number => known('a')!.attempts.filter(({ free }) => !free).length;

      it.each([0, 1, 60])('of %i s, costs no attempt, is told once, and is tried again then', (seconds) => {
        laneWith([delivery('a'), delivery('b')]);
        let now = NOW;
        for (let asked = 0; asked < 20; asked++) {
          send(failure(429, seconds * SECOND), now);
          expect(known('a')).toMatchObject({ status: 'pending', attempts: [{ status: 429, free: true }] });
          now += Math.max(seconds, 1) * SECOND;
          expect(lane.next(now - 1)).toBeNull();
          expect(lane.next(now)?.id).toBe('a');
        }
        expect(spent()).toBe(0);
        send(failure(500), now);
        expect([spent(), known('a')!.nextAttemptAt]).toEqual([1, now + 5 * SECOND]);
      });

      it.each([
        [429, null],
        [429, 61 * SECOND],
        [503, SECOND],
      ])('costs one where it is %i and %s ms', (status, retryAfterMs) => {
        laneWith([delivery('a')]);
        send(failure(status, retryAfterMs), NOW);
        expect(spent()).toBe(1);
      });

      it('fails when the endpoint has asked for nothing else for as long as retries take', () => {
        laneWith([delivery('a'), delivery('b'), delivery('late', { createdAt: NOW + HALF_DAY })]);
        send(failure(429, SECOND), NOW);
        const end = NOW + 27 * HOUR + 35 * MINUTE + 5 * SECOND;
        send(failure(429, SECOND), end - 1);
        expect(known('a')?.status).toBe('pending');
        send(failure(429, SECOND), end + SECOND);
        expect(known('a')).toMatchObject({ status: 'failed', nextAttemptAt: null });
        send(failure(429, SECOND), end + 2 * SECOND);
        expect(known('b')?.status).toBe('failed');
        send(failure(429, SECOND), end + 3 * SECOND);
        expect(known('late')).toMatchObject({ status: 'pending', attempts: [{ free: true }] });
      });

      it('is counted anew after any other answer', () => {
        laneWith([delivery('a'), delivery('b')]);
        send(failure(429, SECOND), NOW);
        send(failure(500), NOW + HALF_DAY);
        expect(lane.endpoint.health.throttledSince).toBeNull();
        send(failure(429, SECOND), NOW + 28 * HOUR);
        expect(known('b')?.status).toBe('pending');
        expect(lane.endpoint.health.throttledSince).toBe(NOW + 28 * HOUR);
      });

      it('goes on after a restart of an earlier version, and moves with the wall clock', () => {
        const { throttledSince: _none, ...health } = currentHealth(
          { id: 'home', url: HERE, secret: null },
          undefined,
          NOW,
        );
        laneWith([delivery('a')], { ...endpoint(), health });
        lane.shiftTimes(HOUR);
        expect(lane.endpoint.health.throttledSince).toBeNull();
        send(failure(429, SECOND), NOW + HOUR);
        lane.shiftTimes(-HOUR);
        expect(lane.endpoint.health.throttledSince).toBe(NOW);
      });
    });

    it('that the endpoint answers after an outage, brings forward what waits', () => {
      laneWith(
        [delivery('old', { attempts: [TRIED], nextAttemptAt: NOW + HOUR }), delivery('fresh')],
        endpoint({ health: { failingSince: NOW - 5 * MINUTE } }),
      );
      send(OK, NOW);
      expect(lane.next(NOW)?.id).toBe('old');
    });

    it('that the endpoint answers after a hiccup, leaves the rest to its turn', () => {
      laneWith(
        [delivery('old', { attempts: [TRIED], nextAttemptAt: NOW + HOUR }), delivery('fresh')],
        endpoint({ health: { failingSince: NOW - 5 * MINUTE + 1 } }),
      );
      send(OK, NOW);
      expect(lane.next(NOW)).toBeNull();
    });

    it('that disables the endpoint, gives up all that waits', () => {
      laneWith([delivery('a'), delivery('b')]);
      send(failure(410), NOW);
      const reason = 'It answered 410 Gone: it wants no more messages.';
      expect(lane.endpoint.health.disabled).toEqual({ reason, at: NOW });
      expect(known('a')).toMatchObject({ status: 'failed', endedBecause: reason });
      expect(known('b')).toMatchObject({
        status: 'failed',
        nextAttemptAt: null,
        endedBecause: `Its endpoint was disabled. ${reason}`,
      });
      expect(lane.isReady(NOW + HOUR)).toBe(false);
    });

    it.each([200, 410, 500])('does not count %i of a URL that the endpoint no longer has', (status) => {
      laneWith([delivery('a')]);
      const sent = lane.next(NOW)!;
      lane.load(endpoint({ url: 'https://elsewhere.lan/' }), [delivery('a')]);
      const answer = status === 200 ? OK : failure(status);
      expect(lane.settle(sent, HERE, answer, { now: NOW, random: 0 })).toBe(false);
      expect([recorded, lane.next(NOW)]).toEqual([[], delivery('a')]);
    });

    it('does not count what was removed, or has ended, meanwhile', () => {
      for (const meanwhile of [() => lane.clear(), () => lane.giveUp('It was switched off.')]) {
        laneWith([delivery('a')]);
        const sent = lane.next(NOW)!;
        meanwhile();
        const before = recorded.length;
        expect(lane.settle(sent, HERE, OK, { now: NOW, random: 0 })).toBe(false);
        expect(recorded).toHaveLength(before);
      }
    });
  });

  describe('several messages of one incident', () => {
    it('become one, due at once, when they were held up', () => {
      const parts = [
        delivery('opened', { incidentId: 'i', attempts: [TRIED] }),
        delivery('worse', { incidentId: 'i' }),
        delivery('other'),
      ];
      laneWith(parts);
      expect(lane.merge(parts[0]!, { now: NOW, newId })).toBe(true);
      expect(known('opened')).toMatchObject({ status: 'merged', endedBecause: 'Told in msg_new-1.' });
      expect(known('worse')).toMatchObject({ status: 'merged', endedBecause: 'Told in msg_new-1.' });
      expect(known('new-1')).toMatchObject({ status: 'pending', nextAttemptAt: NOW, attempts: [] });
      expect(lane.queued).toBe(2);
      expect(recordedOf('webhook-delivery').map(({ key }) => key)).toEqual(['opened', 'worse', 'new-1']);
    });

    it('stay as they are when each can be sent as it happened', () => {
      const parts = [delivery('opened', { incidentId: 'i' }), delivery('worse', { incidentId: 'i' })];
      laneWith(parts);
      expect(lane.merge(parts[0]!, { now: NOW, newId })).toBe(false);
      expect([recorded, lane.queued]).toEqual([[], 2]);
    });
  });

  describe('what is kept', () => {
    it('is the latest hundred that ended, and all that waits', () => {
      const ended = Array.from({ length: 100 }, (_, number) => delivered(`old-${number}`));
      laneWith([...ended, delivery('a'), delivery('b')]);
      send(OK, NOW);
      expect(removed()).toEqual(['old-0']);
      send(OK, NOW);
      expect(removed()).toEqual(['old-0', 'old-1']);
      expect(lane.deliveries()).toHaveLength(100);
    });

    it('is what the store has, without recording it again', () => {
      laneWith([delivery('a'), delivered('b')]);
      lane.load(endpoint({ format: 'ntfy' }), [delivery('c')]);
      expect([recorded, lane.endpoint.format, lane.deliveries()]).toEqual([[], 'ntfy', [delivery('c')]]);
    });

    it('is shown newest first', () => {
      laneWith([
        delivery('old', { createdAt: NOW - 2 }),
        delivered('older', { createdAt: NOW - 3 }),
        delivery('new'),
      ]);
      expect(lane.deliveries().map(({ id }) => id)).toEqual(['new', 'old', 'older']);
      expect([lane.has('older'), lane.has('unknown')]).toEqual([true, false]);
    });

    it('is nothing once the endpoint is removed', () => {
      laneWith([delivery('a'), delivered('b')]);
      lane.clear();
      expect([removed(), lane.deliveries(), lane.next(NOW)]).toEqual([['a', 'b'], [], null]);
    });
  });

  describe('a test', () => {
    const disabled = { reason: 'It is gone.', at: NOW };
    const off: Partial<EndpointHealth> = { disabled, failingSince: NOW, pausedUntil: NOW + HOUR };

    it('that is answered switches the endpoint on again', () => {
      laneWith([delivery('a')]);
      send(failure(500), NOW);
      lane.load(endpoint({ health: off }), [delivery('a')]);
      const settled = lane.settleTest(delivery('test'), OK, NOW);
      expect(settled).toMatchObject({ status: 'delivered', attempts: [{ status: 200 }] });
      expect(known('test')).toBe(settled);
      expect(lane.endpoint.health).toMatchObject({ disabled: null, failingSince: null, lastSuccessAt: NOW });
      expect(recordedHealth()).toBe(lane.endpoint.health);
      expect(lane.next(NOW)?.id).toBe('a');
    });

    it('that fails is tried once, is remembered, and changes nothing else', () => {
      laneWith([], endpoint({ health: off }));
      const before = lane.endpoint.health;
      const settled = lane.settleTest(delivery('test'), failure(410), NOW);
      expect(settled).toMatchObject({ status: 'failed', endedBecause: 'A test is tried once.' });
      expect(lane.endpoint.health).toEqual({ ...before, testFailedAt: NOW });
      expect(recordedHealth()).toBe(lane.endpoint.health);
    });

    it('that failed is forgotten once something gets through', () => {
      laneWith([delivery('a')]);
      lane.settleTest(delivery('test'), failure(500), NOW);
      send(OK, NOW + MINUTE);
      expect(lane.endpoint.health.testFailedAt).toBeNull();
    });
  });

  describe('a replay', () => {
    it('sends what ended once more, as the same message', () => {
      laneWith([delivered('a', { attempts: [TRIED], incidentId: 'i' })]);
      const again = lane.replay('a', { now: NOW + HOUR, newId });
      expect(again).toEqual(
        delivery('new-1', {
          messageId: 'msg_a',
          message: again.message,
          createdAt: NOW + HOUR,
          nextAttemptAt: NOW + HOUR,
        }),
      );
      expect(known('a')?.status).toBe('delivered');
      expect(lane.next(NOW + HOUR)).toEqual(again);
    });

    it('has what waits sent at once, whatever the endpoint asked for', () => {
      laneWith([delivery('a')]);
      send(failure(429, HOUR), NOW);
      expect(lane.next(NOW)).toBeNull();
      lane.replay('a', { now: NOW, newId });
      expect([lane.isReady(NOW), lane.next(NOW)?.id]).toEqual([true, 'a']);
      expect(recordedHealth()).toMatchObject({ pausedUntil: null });
    });

    it('of what is not there is refused', () => {
      laneWith([]);
      expect(() => lane.replay('a', { now: NOW, newId })).toThrow(RangeError);
    });
  });

  it('gives up what waits when the endpoint is switched off', () => {
    laneWith([delivery('a'), delivered('b')]);
    lane.giveUp('Its endpoint was switched off.');
    expect(lane.deliveries()).toMatchObject([
      { id: 'b', status: 'delivered', endedBecause: null },
      { id: 'a', status: 'failed', nextAttemptAt: null, endedBecause: 'Its endpoint was switched off.' },
    ]);
    expect(recorded.map(({ key }) => key)).toEqual(['a']);
  });

  it('begins anew when it is switched on', () => {
    laneWith([delivery('a'), delivery('b')]);
    send(failure(429, HOUR), NOW);
    expect(lane.next(NOW)).toBeNull();
    lane.switchOn();
    expect(lane.endpoint.health).toMatchObject({ failingSince: null, refused: null, pausedUntil: null });
    expect([lane.isReady(NOW), lane.next(NOW)?.id]).toEqual([true, 'b']);
    expect(recordedHealth()).toBe(lane.endpoint.health);
  });

  it('moves what it waits for, and counts from, with a wall clock that is set', () => {
    laneWith([delivery('a')]);
    send(failure(429, 2 * MINUTE), NOW);
    lane.shiftTimes(-2 * HOUR);
    const then = NOW - 2 * HOUR;
    expect(lane.endpoint.health).toMatchObject({
      failingSince: then,
      refused: { lastAt: then },
      pausedUntil: then + 2 * MINUTE,
    });
    expect(lane.next(then + 2 * MINUTE - 1)).toBeNull();
    expect(lane.next(then + 2 * MINUTE)?.id).toBe('a');
  });
});
