import { describe, expect, it } from 'vitest';
import { NOON } from '../../../test/support/situation.js';
import { climb, type Rung } from './climb.js';
import type { Message } from './message.js';
import { openIncident } from './open-incident.js';

const incident = openIncident({ kind: 'down', container: 'app', since: NOON, reason: '' });
const say = (type: Message['type']) => () => ({ type }) as Message;
interface Facts {
  readonly now: number;
  readonly bad: boolean;
}
const ladder: readonly Rung<Facts>[] = [
  { from: ['shown'], when: ({ bad }) => bad, stage: 'opened', message: say('container.down') },
  { from: ['shown'], when: () => true, stage: 'opened', message: say('container.stuck') },
  {
    from: ['opened'],
    when: ({ bad }) => !bad,
    stage: 'ended',
    message: say('container.recovered'),
    over: true,
  },
  { from: ['opened', 'ended'], when: () => true, stage: 'worsened', message: null },
];

describe('a climb', () => {
  it('takes the first rung that applies, and the next ones from there', () => {
    const climbed = climb(ladder, incident, { now: NOON, bad: true });
    expect(climbed.messages.map(({ type }) => type)).toEqual(['container.down']);
    expect(climbed.incident).toMatchObject({ stage: 'worsened', sent: ['container.down'], resolvedAt: null });
  });

  it('ends with the rung at which the incident is over', () => {
    const climbed = climb(ladder, incident, { now: NOON, bad: false });
    expect(climbed.messages.map(({ type }) => type)).toEqual(['container.stuck', 'container.recovered']);
    expect(climbed.incident).toMatchObject({ stage: 'ended', endedBy: 'itself' });
    expect(climbed.incident.resolvedAt).toBe(new Date(NOON).toISOString());
  });

  it('that no rung takes on gives the same incident', () => {
    const hidden = { ...incident, stage: 'hidden' as const };
    expect(climb(ladder, hidden, { now: NOON, bad: true })).toEqual({ incident: hidden, messages: [] });
    expect(climb(ladder, hidden, { now: NOON, bad: true }).incident).toBe(hidden);
  });
});
