import { describe, expect, it } from 'vitest';
import { keyAtHost, keyFor } from './document-key.js';

describe('a document of another host', () => {
  it.each(['lnd', '/mnt/data', 'mq3k2-disk-/mnt/data', 'a/b'])(
    'of the key %j is found by that host alone',
    (key) => {
      const kept = keyAtHost('attic', key);
      expect(keyFor('attic', kept)).toBe(key);
      expect(keyFor(null, kept)).toBeNull();
      expect(keyFor('attic2', kept)).toBeNull();
      expect(keyFor('att', kept)).toBeNull();
    },
  );

  it.each(['lnd', '/mnt/data', 'mq3k2-disk-/mnt/data', 'attic/lnd'])(
    'is not what the local host keeps as %j',
    (key) => {
      expect(keyFor(null, key)).toBe(key);
      expect(keyFor('attic', key)).toBeNull();
    },
  );
});
