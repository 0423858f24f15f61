import { describe, expect, it } from 'vitest';
import { isOutreached, mayTake } from './lead-rules.js';
import { SCHEMA_VERSION } from './schema.js';
import type { LiveReplica } from './sight.js';

const replica = (id: string, reaches: number, schemaVersion = SCHEMA_VERSION): LiveReplica => ({
  id,
  reaches,
  schemaVersion,
  version: '1.0.0',
  seenAt: '2026-01-01T00:00:00.000Z',
});
const sight = (leftMs: number, replicas: LiveReplica[] = [], schema = SCHEMA_VERSION) => ({
  lease: { holder: leftMs > 0 ? 'x' : null, term: 3, leftMs },
  replicas,
  schema,
});
const me = { id: 'me', reaches: 1 };

describe('who takes the lease', () => {
  it.each([
    ['nobody else is there', sight(0), true],
    ['it is over', sight(-1), true],
    ['another has it', sight(1), false],
    ['another reaches as many', sight(0, [replica('a', 1), replica('me', 1)]), true],
    ['another reaches more', sight(0, [replica('a', 2)]), false],
    ['this one reached more when it last said so', sight(0, [replica('me', 2)]), true],
    ['who reaches more is too old for the schema', sight(0, [replica('a', 2, SCHEMA_VERSION - 1)]), true],
    ['this one is too old for the schema', sight(0, [], SCHEMA_VERSION + 1), false],
  ])('while %s', (_when, seen, expected) => {
    expect(mayTake(me, seen)).toBe(expected);
  });

  it('is somebody else, once one that can lead reaches more', () => {
    expect(isOutreached(me, sight(5_000, [replica('a', 2)]))).toBe(true);
    expect(isOutreached(me, sight(5_000, [replica('a', 1), replica('b', 0)]))).toBe(false);
  });
});
