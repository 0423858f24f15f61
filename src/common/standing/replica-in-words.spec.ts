import { describe, expect, it } from 'vitest';
import type { ReplicaView } from '../events/index.js';
import { replicaInWords } from './replica-in-words.js';

const seen = (id: string, leads = false) => ({ id, leads, reaches: 1, version: '1', seenAt: '' });
const [ONE, OTHER] = ['11111111-aaaa', '22222222-bbbb'];
const FOLLOWER: ReplicaView = {
  id: OTHER,
  role: 'following',
  leader: ONE,
  replicas: [seen(ONE, true), seen(OTHER)],
};

describe('a replica in words', () => {
  it.each<[string | null, ReplicaView]>([
    ['Served by a follower; the leader is 11111111.', FOLLOWER],
    ['Served by a follower; none leads just now.', { ...FOLLOWER, leader: null }],
    ['Served by the leader, 11111111, of 2 replicas.', { ...FOLLOWER, id: ONE, role: 'leading' }],
    [null, { id: ONE, role: 'leading', leader: ONE, replicas: [seen(ONE, true)] }],
    [
      'Served by a replica that cannot reach the database.',
      { id: ONE, role: 'cut-off', leader: null, replicas: [] },
    ],
  ])('%s', (words, replica) => expect(replicaInWords(replica)).toBe(words));
});
