import { describe, expect, it } from 'vitest';
import { exposition } from './exposition.js';
import { gauge } from './family.js';
import { labelText } from './labels.js';

const named = (name: string) => ({ name, help: `Says ${name}.` });

describe('the text', () => {
  it('is a HELP, a TYPE and the samples of each family, families by name', () => {
    const families = [
      gauge(named('b'), [
        { labels: { x: '1' }, value: 1.5 },
        { labels: { x: '2' }, value: -2 },
      ]),
      gauge(named('a'), [{ labels: {}, value: 0 }]),
    ];
    expect(exposition(families)).toBe(
      '# HELP a Says a.\n# TYPE a gauge\na 0\n' +
        '# HELP b Says b.\n# TYPE b gauge\nb{x="1"} 1.5\nb{x="2"} -2\n',
    );
  });

  it('leaves out a family without samples', () => {
    expect(exposition([gauge(named('empty'), [])])).toBe('');
  });

  it.each([
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
    [1e21, '1e+21'],
    [0.000_000_1, '1e-7'],
  ])('writes %d as Go reads it', (value, text) => {
    expect(exposition([gauge(named('a'), [{ labels: {}, value }])])).toContain(`\na ${text}\n`);
  });

  it('keeps a help on its line', () => {
    const family = gauge({ name: 'a', help: 'one\ntwo \\ "three"' }, [{ labels: {}, value: 1 }]);
    expect(exposition([family])).toContain('# HELP a one\\ntwo \\\\ "three"\n');
  });
});

describe('labels', () => {
  it.each([
    ['web', 'web'],
    ['say "hi"', 'say \\"hi\\"'],
    ['back\\slash', 'back\\\\slash'],
    ['ends with \\', 'ends with \\\\'],
    ['two\nlines', 'two\\nlines'],
    ['\\n is no line break', '\\\\n is no line break'],
    ['🦊 e\u0301,}{=', '🦊 e\u0301,}{='],
    ['', ''],
  ])('hold %j', (value, escaped) => {
    expect(labelText({ container: value })).toBe(`container="${escaped}"`);
  });

  it('are separated by commas, in the order in which they are given', () => {
    expect(labelText({ b: '1', a: '2' })).toBe('b="1",a="2"');
    expect(labelText({})).toBe('');
  });
});
