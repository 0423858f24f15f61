import { describe, expect, it } from 'vitest';
import { NOON } from '../../../test/support/situation.js';
import { openIncident } from './open-incident.js';
import { readIncident } from './read-incident.js';

/** As it was kept before incidents had a stage. */
const OLD = {
  id: 'mjvq2o00-app',
  kind: 'down',
  status: 'open',
  openedAt: '2026-01-01T12:00:00.000Z',
  resolvedAt: null,
  endedBy: null,
  cause: { container: 'app', reason: 'Stopped with code 1.', evidence: null },
  victims: [{ container: 'web', from: '2026-01-01T12:00:01.000Z', to: null }],
  timeline: [
    { seq: 1, type: 'container.exited', at: '2026-01-01T12:00:00.000Z', container: 'app', data: {} },
  ],
  since: NOON,
  backAt: null,
  announced: true,
  told: { opened: 'container.restart_failed', worsened: 'container.given_up', ended: null },
  attempted: true,
  helped: false,
};
const told = (opened: string | null, worsened: string | null, ended: string | null) => ({
  told: { opened, worsened, ended },
});

describe('an incident in the store', () => {
  it('comes back as it was kept', () => {
    const kept = openIncident({
      kind: 'down',
      container: 'app',
      since: NOON,
      reason: 'Stopped with code 1.',
    });
    expect(readIncident(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
    const reopened = { ...kept, reopenedAt: '2026-01-01T12:05:00.000Z' };
    expect(readIncident(JSON.parse(JSON.stringify(reopened)))).toEqual(reopened);
  });

  it('that was kept before there were stages has one', () => {
    const { status: _, announced: __, told: ___, attempted: ____, helped: _____, ...rest } = OLD;
    expect(readIncident(OLD)).toEqual({
      ...rest,
      stage: 'worsened',
      sent: ['container.restart_failed', 'container.given_up'],
      helpedBy: 'attempt',
      refusedFor: null,
      withheldFrom: null,
      attempts: 0,
      attemptAt: null,
      failedAttempt: null,
    });
  });

  it.each([
    ['hidden', { announced: false, ...told(null, null, null) }],
    ['shown', told(null, null, null)],
    ['opened', told('container.stuck', null, null)],
    ['worsened', told(null, 'container.given_up', null)],
    ['ended', told('container.stuck', 'container.given_up', 'container.recovered')],
  ])('knew as much of it as people did: %s', (stage, flags) => {
    expect(readIncident({ ...OLD, ...flags })?.stage).toBe(stage);
  });

  it.each([
    ['person', 'down', { attempted: true, helped: true }],
    ['attempt', 'leak', { attempted: true, helped: true }],
    [null, 'leak', { attempted: false, helped: true }],
    [null, 'down', { attempted: false, helped: false }],
  ])('was helped by %s, of kind %s', (helpedBy, kind, flags) => {
    expect(readIncident({ ...OLD, kind, ...flags })?.helpedBy).toBe(helpedBy);
  });

  it.each([
    null,
    'incident',
    {},
    { ...OLD, kind: 'flood' },
    { ...OLD, since: Number.NaN },
    { ...OLD, reopenedAt: 'later' },
    { ...OLD, cause: null },
    { ...OLD, victims: 'web' },
    { ...OLD, told: { opened: 'container.exploded', worsened: null, ended: null } },
    { ...OLD, told: undefined },
  ])('that is none is left out: %j', (document) => {
    expect(readIncident(document)).toBeNull();
  });
});
