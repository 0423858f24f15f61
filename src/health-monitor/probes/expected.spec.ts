import { describe, expect, it } from 'vitest';
import { met, shareOf, unmet, valueAt, type Received } from './expected.js';

const received = (json: unknown, status = 200): Received => ({ status, text: JSON.stringify(json), json });

describe('what is expected of an answer', () => {
  it('is all there, or the first that is missing is named', () => {
    const answer = received({ state: 'ready', blocks: [{ height: 7 }] });
    const expected = { status: [200, 204], text: 'ready', json: { 'blocks.0.height': 7 } };
    expect(unmet(answer, expected)).toBeNull();
    expect(unmet({ ...answer, status: 503 }, expected)).toBe('It answered 503.');
    expect(unmet(answer, { ...expected, text: 'well' })).toBe('Its answer lacks "well".');
    expect(unmet(answer, { json: { state: 'well' } })).toBe('Its state is "ready", not "well".');
    expect(unmet(answer, { json: { other: true } })).toBe('Its other is missing, not true.');
    expect(unmet({ status: 200, text: '<html>' }, { json: { state: 'ready' } })).toBe(
      'It answered 200, and not in JSON.',
    );
  });

  it('keeps numbers, texts and null apart', () => {
    expect(unmet(received({ a: '1' }), { json: { a: 1 } })).not.toBeNull();
    expect(unmet(received({ a: null }), { json: { a: null } })).toBeNull();
    expect(unmet(received({}), { json: { a: null } })).not.toBeNull();
  });

  it('is found by words in the line that has them, or by a value', () => {
    expect(met({ status: 503, text: 'a\nStill loading\nb' }, { text: 'loading' })).toBe('Still loading');
    expect(met(received({ a: { b: true } }), { json: { 'a.b': true } })).toBe('Its a.b is true.');
    expect(met(received({}, 503), { status: [503] })).toBe('It answered 503.');
  });
});

describe('a path into JSON', () => {
  it.each([
    '__proto__',
    'a.__proto__',
    'constructor',
    'constructor.name',
    'list.length',
    'list.-1',
    'list.00',
    'list.1e0',
    'text.0',
    'none.a',
  ])('finds nothing at %s', (path) => {
    const json: unknown = JSON.parse(
      '{"__proto__":{"x":1},"a":{"__proto__":1},"list":[1,2],"text":"t","none":null}',
    );
    expect(valueAt(json, path)).toBeUndefined();
  });

  it('finds what an object and a list have of their own', () => {
    expect(valueAt({ list: [{ a: 1 }, { a: 2 }] }, 'list.1.a')).toBe(2);
    expect(valueAt(JSON.parse('{"constructor":3}'), 'constructor')).toBe(3);
  });
});

describe('how far it has come', () => {
  it.each([
    [0.25, 0.25],
    [1.001, 1],
    [1.2, null],
    [87.3, null],
    [-1, null],
    ['0.5', null],
    [null, null],
  ])('of %j is %j', (value, share) => {
    expect(shareOf({ progress: value }, 'progress')).toBe(share);
  });

  it('is not known without a path, or with one that leads nowhere', () => {
    expect(shareOf({ progress: 1 }, undefined)).toBeNull();
    expect(shareOf({ progress: 1 }, 'other')).toBeNull();
  });
});
