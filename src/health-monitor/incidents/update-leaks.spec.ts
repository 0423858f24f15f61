import { describe, expect, it } from 'vitest';
import { HOUR, NOON } from '../../../test/support/situation.js';
import type { Incidents } from './incidents.js';
import { notePersonActed } from './incidents.js';
import { isLeakRestartDue, noteLeakRestart, updateLeaks, type LeakChange } from './update-leaks.js';

const change = (kind: LeakChange['kind'], reason: string = kind): LeakChange => ({
  container: 'archy-app',
  kind,
  trend: { reason },
});
const after = (...changes: readonly LeakChange[]) => updateLeaks(new Map(), changes, NOON);
const only = (incidents: Incidents) => [...incidents.values()][0]!;

describe('a leak', () => {
  it('opens, worsens and ends with one message and one event each', () => {
    const { incidents, messages, events } = after(
      change('leak', 'Its floor rises.'),
      change('urgent', 'Five hours are left.'),
      change('cleared', 'It was restarted.'),
    );
    const id = `${NOON.toString(36)}-leak-archy-app`;
    expect(only(incidents)).toMatchObject({
      id,
      kind: 'leak',
      stage: 'ended',
      endedBy: 'itself',
      cause: { container: 'archy-app', reason: 'Five hours are left.' },
      sent: ['memory.leak', 'memory.leak_urgent', 'memory.leak_cleared'],
    });
    expect(messages.map(({ level, title, message }) => [level, title, message])).toEqual([
      ['warning', 'archy-app is leaking memory', 'Its floor rises.'],
      ['error', 'archy-app is leaking memory', 'Five hours are left.'],
      ['info', 'archy-app stopped leaking', 'It was restarted.'],
    ]);
    expect(events[1]).toEqual({
      type: 'memory.leak_urgent',
      at: new Date(NOON).toISOString(),
      container: 'archy-app',
      data: { reason: 'Five hours are left.', incidentId: id },
    });
  });

  it('of which people know is not sent again, perhaps by a later process', () => {
    const { incidents } = after(change('leak'), change('urgent'));
    const again = updateLeaks(incidents, [change('leak'), change('urgent')], NOON + HOUR);
    expect(again).toEqual({ incidents, messages: [], events: [] });
    expect(again.incidents).toBe(incidents);
  });

  it('that is urgent at once opens with that', () => {
    const { incidents, messages } = after(change('urgent'), change('leak'));
    expect(messages.map(({ type }) => type)).toEqual(['memory.leak_urgent']);
    expect(only(incidents).stage).toBe('worsened');
  });

  it('that nobody was told of is not told to be over', () => {
    expect(after(change('cleared'))).toEqual({ incidents: new Map(), messages: [], events: [] });
  });

  it('that comes again is a new one', () => {
    const { incidents } = after(change('leak'), change('cleared'));
    expect(updateLeaks(incidents, [change('leak')], NOON + HOUR).incidents.size).toBe(2);
  });
});

describe('a restart because of a leak', () => {
  const leaking = after(change('leak')).incidents;

  it('is due once a leak', () => {
    expect(isLeakRestartDue(new Map(), 'archy-app')).toBe(false);
    expect(isLeakRestartDue(leaking, 'other')).toBe(false);
    expect(isLeakRestartDue(leaking, 'archy-app')).toBe(true);
    const restarted = noteLeakRestart(leaking, 'archy-app');
    expect(isLeakRestartDue(restarted, 'archy-app')).toBe(false);
    expect(isLeakRestartDue(leaking, 'archy-app')).toBe(true);
    expect(noteLeakRestart(leaking, 'other')).toBe(leaking);
  });

  it('is what ended the leak', () => {
    const { incidents } = updateLeaks(noteLeakRestart(leaking, 'archy-app'), [change('cleared')], NOON);
    expect(only(incidents).endedBy).toBe('attempt');
  });

  it('stays due when a person does something else with the container', () => {
    expect(notePersonActed(leaking, 'archy-app')).toBe(leaking);
  });
});
