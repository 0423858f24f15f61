import { describe, expect, it } from 'vitest';
import { ruleText } from './rules.js';

describe('rule text', () => {
  it('writes durations in words', () => {
    expect(ruleText('stopTimeoutMs', 300_000)).toBe('5 minutes');
    expect(ruleText('backoffMs', [10_000, 30_000, 90_000])).toBe(
      '10 seconds, 30 seconds and 1 minute 30 seconds',
    );
  });

  it('writes dependencies as names', () => {
    const value = [
      { anyOf: ['bitcoin-knots', 'bitcoin'], condition: 'started', restart: false },
      { anyOf: ['db'], condition: 'healthy' },
    ];
    expect(ruleText('dependsOn', value)).toBe('bitcoin-knots or bitcoin (started), db (healthy)');
  });

  it('writes anything else as it is, whatever a label made of it', () => {
    expect(ruleText('ignore', true)).toBe('yes');
    expect(ruleText('dependsOn', ['a', 'b'])).toBe('a, b');
    expect(ruleText('maxAttempts', { a: '<b>' })).toBe('{"a":"<b>"}');
    expect(ruleText('backoffMs', ['x'])).toBe('x');
    expect(ruleText('on', undefined)).toBe('');
  });
});
