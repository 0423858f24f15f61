import { describe, expect, it } from 'vitest';
import type { ReplicaRole } from '../../common/store/index.js';
import { LEASE_LEFT_MS, LeaseFence } from './lease-fence.js';

type Kind = 'start' | 'stop' | 'restart';

function isLetThrough(role: ReplicaRole, leftMs: number, kind: Kind, name: string): boolean {
  const fence = new LeaseFence({ role, leaseLeftMs: () => leftMs }, (one) => one === 'pg');
  try {
    fence.check({ name, kind });
    return true;
  } catch (error) {
    expect(error).toMatchObject({
      kind: 'aborted',
      message: expect.stringMatching(/^Not done: .*Try again/),
    });
    return false;
  }
}

describe('the fence before an act', () => {
  it.each<[ReplicaRole, number, Kind, string, boolean]>([
    ['leading', LEASE_LEFT_MS, 'restart', 'app', true],
    ['leading', LEASE_LEFT_MS - 1, 'restart', 'app', false],
    ['leading', 0, 'start', 'pg', false],
    ['following', 0, 'start', 'app', false],
    ['following', 0, 'start', 'pg', false],
    ['cut-off', 0, 'start', 'pg', true],
    ['cut-off', 0, 'start', 'app', false],
    ['cut-off', 0, 'restart', 'pg', false],
    ['cut-off', 0, 'stop', 'pg', false],
  ])('of one that is %s with %i ms of its lease: %s %s: %s', (role, leftMs, kind, name, passes) => {
    expect(isLetThrough(role, leftMs, kind, name)).toBe(passes);
  });
});
