import { describe, expect, it } from 'vitest';
import { MINUTE, NOON } from '../../../test/support/situation.js';
import { endIncident } from './end-incident.js';
import { openIncident, reopenIncident } from './open-incident.js';

const since = NOON;
const time = NOON.toString(36);

describe('an incident', () => {
  it.each([
    ['down', 'app', `${time}-app`],
    ['crash-loop', 'x'.repeat(300), `${time}-${'x'.repeat(100)}`],
    ['leak', 'app', `${time}-leak-app`],
    ['engine', null, `${time}-engine`],
  ] as const)('of kind %s of %s is called %s', (kind, container, id) => {
    expect(openIncident({ kind, container, since, reason: '' }).id).toBe(id);
  });

  it('opens with nothing sent, shown unless it may be a victim', () => {
    const opening = { kind: 'down', container: 'app', since, reason: 'Stopped.' } as const;
    expect(openIncident(opening)).toMatchObject({
      openedAt: '2026-01-01T12:00:00.000Z',
      resolvedAt: null,
      stage: 'shown',
      sent: [],
      helpedBy: null,
    });
    expect(openIncident({ ...opening, stage: 'hidden' }).stage).toBe('hidden');
  });

  it('is reopened as the same, with what is wrong now and what was found of that', () => {
    const evidence = { exitCode: 1, signal: null, oomKilled: false, health: null, log: [], at: '' };
    const first = openIncident({ kind: 'down', container: 'app', since, reason: 'Stopped.', evidence });
    const ended = { ...endIncident({ ...first, backAt: NOON }, NOON + MINUTE), stage: 'ended' as const };
    const trouble = {
      kind: 'unhealthy',
      since: NOON + 2 * MINUTE,
      reason: 'Its health check fails.',
    } as const;
    expect(reopenIncident(ended, trouble, null)).toEqual({
      ...first,
      kind: 'unhealthy',
      reopenedAt: '2026-01-01T12:02:00.000Z',
      stage: 'ended',
      cause: { container: 'app', reason: 'Its health check fails.', evidence: null },
    });
    const other = { ...evidence, exitCode: 2 };
    expect(reopenIncident(ended, trouble, other).cause.evidence).toBe(other);
    const before = { ...trouble, since: NOON };
    expect(reopenIncident(ended, before, null).reopenedAt).toBe(ended.resolvedAt);
  });
});
