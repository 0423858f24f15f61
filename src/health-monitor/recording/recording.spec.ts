import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../common/options/index.js';
import { recordedOptions } from './recording.js';

describe('the options of a recording', () => {
  it('have nothing of where the store is', () => {
    const pool = { connect: () => Promise.reject(new Error('never')), on: () => pool, off: () => pool };
    for (const reached of [{ url: 'postgresql://me:hunter2@db/x' }, { pool }]) {
      const storage = { kind: 'postgres' as const, ...reached };
      const recorded = recordedOptions(resolveOptions({ access: 'open', storage }));
      expect(recorded).toHaveProperty('mode', 'heal');
      expect(recorded).not.toHaveProperty('storage');
      expect(JSON.stringify(recorded)).not.toContain('hunter2');
    }
  });
});
