import { describe, expect, it } from 'vitest';
import { dependentsIn, withoutCircles, type Edge } from './circles.js';

const edges = (...written: string[]): Edge[] =>
  written.map((one) => {
    const [from, to] = one.split(' > ') as [string, string];
    return { from, to };
  });

describe('who needs whom on several hosts', () => {
  it('has no circle: the step that would close one is left out, and the way round is known', () => {
    const graph = withoutCircles(
      edges('attic/web > attic/db'),
      edges('lnd > attic/web', 'attic/db > lnd', 'attic/db > nas/files'),
    );
    expect(graph.edges).toEqual(edges('attic/web > attic/db', 'lnd > attic/web', 'attic/db > nas/files'));
    expect(graph.closing).toEqual([
      { from: 'attic/db', to: 'lnd', circle: ['lnd', 'attic/web', 'attic/db', 'lnd'] },
    ]);
  });

  it('is no circle where two ways lead to one', () => {
    expect(withoutCircles([], edges('a > b/x', 'a > c/x', 'b/x > d/x', 'c/x > d/x')).closing).toEqual([]);
  });

  it('tells all that rest on one, the nearest first', () => {
    expect(dependentsIn(edges('b > a', 'c > b', 'x > y', 'd > a'), 'a')).toEqual(['b', 'd', 'c']);
  });
});
