import { describe, expect, it } from 'vitest';
import { DAY, NOON } from '../../../test/support/situation.js';
import { endIncident } from './end-incident.js';
import {
  forgetOldIncidents,
  lastEndedOf,
  notePersonActed,
  openIncidentOf,
  withIncident,
} from './incidents.js';
import { openIncident } from './open-incident.js';

const opened = (container: string, since: number, kind: 'down' | 'leak' = 'down') =>
  openIncident({ kind, container, since, reason: '' });
const book = (...incidents: ReturnType<typeof opened>[]) =>
  new Map(incidents.map((incident) => [incident.id, incident]));

describe('incidents', () => {
  const first = endIncident(opened('app', NOON), NOON);
  const second = endIncident(opened('app', NOON + DAY), NOON + DAY);
  const open = opened('app', NOON + 2 * DAY);
  const leak = opened('app', NOON + 2 * DAY, 'leak');

  it('know the open one that a container causes by how it is, and the last that is over', () => {
    const all = book(first, leak, second, open);
    expect(openIncidentOf(all, 'app')).toBe(open);
    expect(openIncidentOf(book(first, leak), 'app')).toBeUndefined();
    expect(lastEndedOf(all, 'app')).toBe(second);
    expect(lastEndedOf(all, 'other')).toBeUndefined();
  });

  it('stay the same when one is put that is in them', () => {
    const all = book(first, open);
    expect(withIncident(all, open)).toBe(all);
    expect([...withIncident(all, { ...first, backAt: 1 }).keys()]).toEqual([first.id, open.id]);
    expect(all.get(first.id)).toBe(first);
  });

  it('are forgotten 30 days after their end, and open ones never', () => {
    const all = book(first, second, open);
    const at = NOON + 30 * DAY;
    expect(forgetOldIncidents(all, at)).toBe(all);
    expect([...forgetOldIncidents(all, at + 1).keys()]).toEqual([second.id, open.id]);
    expect([...forgetOldIncidents(all, at + 400 * DAY).keys()]).toEqual([open.id]);
  });

  it('note that a person did something with their cause, once', () => {
    const noted = notePersonActed(book(first, leak, { ...open, helpedBy: 'attempt' }), 'app');
    expect([...noted.values()].map(({ helpedBy }) => helpedBy)).toEqual([null, null, 'person']);
    expect(notePersonActed(noted, 'app')).toBe(noted);
    expect(notePersonActed(noted, 'other')).toBe(noted);
  });
});
