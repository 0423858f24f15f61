import { describe, expect, it } from 'vitest';
import type { Incident } from '../common/events/index.js';
import { sinceBegan } from './began.js';
import { timeOf } from './terminal/text.js';

const openedAt = '2026-03-04T12:00:00.000Z';
const reopenedAt = '2026-03-04T12:09:00.000Z';
const now = Date.parse('2026-03-04T12:10:00.000Z');

describe('since when there is an incident', () => {
  it('is when it began, and when it began again after it had been over', () => {
    const [first, again] = [openedAt, reopenedAt].map((at) => timeOf(at, now));
    expect(sinceBegan({ openedAt } as Incident, now)).toBe(`since ${first}`);
    expect(sinceBegan({ openedAt, reopenedAt } as Incident, now)).toBe(
      `since ${first}, again since ${again}`,
    );
  });
});
