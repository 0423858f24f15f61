import { describe, expect, it } from 'vitest';
import { OwnNetwork } from './own-network.js';

describe('failures of many at once', () => {
  it('are doubted where nobody is well', () => {
    const network = new OwnNetwork();
    expect(network.failed('a', 0, false)).toBeNull();
    expect(network.failed('b', 1_000, false)).toBeNull();
    expect(network.failed('c', 2_000, false)).toEqual(['a', 'b', 'c']);
    expect(network.isDoubted('a', 299_000)).toBe(true);
    expect(network.isDoubted('a', 303_000)).toBe(false);
  });

  it('are their own where somebody is well, also between two of its answers', () => {
    const network = new OwnNetwork();
    for (const id of ['a', 'b', 'c', 'd']) expect(network.failed(id, 0, true)).toBeNull();
    expect(network.isDoubted('a', 0)).toBe(false);
  });

  it('are doubted once the last that was well fails with them', () => {
    const network = new OwnNetwork();
    for (const id of ['a', 'b', 'c']) network.failed(id, 0, true);
    expect(network.failed('d', 20_000, false)).toEqual(['a', 'b', 'c', 'd']);
  });
});
