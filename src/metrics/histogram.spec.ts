import { describe, expect, it } from 'vitest';
import { Counter } from './counter.js';
import { exposition } from './exposition.js';
import { Histogram } from './histogram.js';

const text = (one: Counter | Histogram): string[] => exposition([one.family()]).split('\n').slice(2, -1);

describe('a histogram', () => {
  it('counts in each bucket those of the smaller ones, too; a bound belongs to its bucket', () => {
    const histogram = new Histogram({ name: 'h', help: 'How long.' }, [0.1, 1, 10]);
    for (const seconds of [0.05, 0.1, 0.5, 99]) histogram.observe({}, seconds);
    expect(text(histogram)).toEqual([
      'h_bucket{le="0.1"} 2',
      'h_bucket{le="1"} 3',
      'h_bucket{le="10"} 3',
      'h_bucket{le="+Inf"} 4',
      'h_sum 99.65',
      'h_count 4',
    ]);
  });

  it('has its labels before that of the bucket, and one set of buckets for each', () => {
    const histogram = new Histogram({ name: 'h', help: 'How long.' }, [1], [{ call: 'list' }]);
    histogram.observe({ call: 'start' }, 2);
    expect(text(histogram)).toEqual([
      'h_bucket{call="list",le="1"} 0',
      'h_bucket{call="list",le="+Inf"} 0',
      'h_sum{call="list"} 0',
      'h_count{call="list"} 0',
      'h_bucket{call="start",le="1"} 0',
      'h_bucket{call="start",le="+Inf"} 1',
      'h_sum{call="start"} 2',
      'h_count{call="start"} 1',
    ]);
  });
});

describe('a counter', () => {
  it('shows what is expected as 0 until it is counted, and what is not expected once it is', () => {
    const counter = new Counter({ name: 'c_total', help: 'How often.' }, [{ kind: 'start' }]);
    expect(text(counter)).toEqual(['c_total{kind="start"} 0']);
    counter.add({ kind: 'stop' });
    counter.add({ kind: 'start' });
    counter.add({ kind: 'start' });
    expect(text(counter)).toEqual(['c_total{kind="start"} 2', 'c_total{kind="stop"} 1']);
  });
});
