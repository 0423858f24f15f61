import { describe, expect, it } from 'vitest';
import { jsonOf } from './output.js';
import { oneLine, timeOf } from './text.js';

const HOSTILE = '\u001b[2Jred\u001b]0;title\u0007 \u009b31m\u202egnp\r\nnext\u{e0041}';

describe('text for a terminal', () => {
  it('is one line without commands', () => {
    expect(oneLine(HOSTILE)).toBe('red gnp next');
  });

  it('is escaped in JSON, and comes back as it was', () => {
    const json = jsonOf({ text: HOSTILE });
    expect(json.split('\n').join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(JSON.parse(json)).toEqual({ text: HOSTILE });
  });

  it('has the day of a time that is not of today', () => {
    const now = new Date(2026, 0, 31, 12).getTime();
    expect(timeOf(new Date(2026, 0, 31, 3, 12, 40).toISOString(), now)).toBe('03:12:40');
    expect(timeOf(new Date(2026, 0, 30, 23, 12, 5).toISOString(), now)).toBe('2026-01-30 23:12:05');
  });
});
