import { describe, expect, it } from 'vitest';
import { isLastLeadersTurn, isOutranked, mayTake } from './lead-rules.js';
import { databaseAnswered, databaseFailed, OUTSIDE, startedFollowing } from './role.js';
import { SCHEMA_VERSION } from './schema.js';
import type { LiveReplica } from './observation.js';

const replica = (id: string, reaches: number, schemaVersion = SCHEMA_VERSION): LiveReplica => ({
  id,
  reaches,
  schemaVersion,
  version: '1.0.0',
  seenAt: '2026-01-01T00:00:00.000Z',
});
const seen = (leftMs: number, replicas: LiveReplica[] = [], schema = SCHEMA_VERSION) => ({
  lease: { holder: leftMs > 0 ? 'x' : null, term: 3, leftMs },
  replicas,
  schema,
});
const me = { id: 'me', reaches: 1 };

describe('who takes the lease', () => {
  it.each([
    ['nobody else is there', seen(0), true],
    ['it is over', seen(-1), true],
    ['another has it', seen(1), false],
    ['another reaches as many', seen(0, [replica('a', 1), replica('me', 1)]), true],
    ['another reaches more', seen(0, [replica('a', 2)]), false],
    ['this one reached more when it last said so', seen(0, [replica('me', 2)]), true],
    ['who reaches more is too old for the schema', seen(0, [replica('a', 2, SCHEMA_VERSION - 1)]), true],
    ['this one is too old for the schema', seen(0, [], SCHEMA_VERSION + 1), false],
  ])('while %s', (_when, observation, expected) => {
    expect(mayTake(me, observation)).toBe(expected);
  });

  it('is somebody else, once one that can lead reaches more', () => {
    expect(isOutranked(me, seen(5_000, [replica('a', 2)]))).toBe(true);
    expect(isOutranked(me, seen(5_000, [replica('a', 1), replica('b', 0)]))).toBe(false);
  });
});

describe('after an outage', () => {
  const failed = databaseFailed(OUTSIDE, { now: 1_000, graceMs: 3_000, hasUnsaved: false });
  const following = startedFollowing(OUTSIDE);
  const back = databaseAnswered(startedFollowing(failed), 5_000);
  const other = { lease: { holder: 'other', term: 3, leftMs: 0 } };

  it.each([
    ['has none to wait for before it came in', OUTSIDE, 0, false],
    ['has none to wait for where nothing failed', following, 9_000, false],
    ['waits for the last leader at its first look', failed, 5_000, true],
    ['waits for the last leader a moment longer', back, 7_999, true],
    ['waits no longer', back, 8_000, false],
  ])('this process %s', (_what, state, now, expected) => {
    expect(isLastLeadersTurn(state, me, other, { now, firstGoMs: 3_000 })).toBe(expected);
  });

  it.each([
    ['led itself', me.id],
    ['saw the lead given up', null],
  ])('it waits for nobody when it %s', (_what, holder) => {
    const seen = { lease: { ...other.lease, holder } };
    expect(isLastLeadersTurn(failed, me, seen, { now: 5_000, firstGoMs: 3_000 })).toBe(false);
  });
});
