import { describe, expect, it } from 'vitest';
import { MINUTE, NOON, SECOND } from '../../../test/support/situation.js';
import { deadlinesOf } from './deadlines.js';
import { endIncident } from './end-incident.js';
import { openIncident } from './open-incident.js';

const incident = openIncident({ kind: 'down', container: 'app', since: NOON, reason: '' });

describe('time takes an incident on', () => {
  it('ten seconds after it began, while it is hidden', () => {
    expect(deadlinesOf({ ...incident, stage: 'hidden' })).toEqual([NOON + 10 * SECOND]);
    expect(deadlinesOf(incident)).toEqual([]);
  });

  it('a minute after its cause is back', () => {
    expect(deadlinesOf({ ...incident, backAt: NOON + SECOND })).toEqual([NOON + SECOND + MINUTE]);
  });

  it('no more once it is over, and never one of memory', () => {
    const back = { ...incident, stage: 'hidden' as const, backAt: NOON };
    expect(deadlinesOf(endIncident(back, NOON))).toEqual([]);
    expect(deadlinesOf({ ...back, kind: 'leak' })).toEqual([]);
  });
});
