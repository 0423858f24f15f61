import { describe, expect, it } from 'vitest';
import type { HealthEvent } from '../../common/events/index.js';
import { timeOf } from '../terminal/text.js';
import { storyLines } from './story.js';

const NOON = Date.parse('2026-03-04T12:00:00.000Z');
const minutes = (count: number): string => new Date(NOON + count * 60_000).toISOString();
const clock = (count: number): string => timeOf(minutes(count), NOON);

let seq = 0;
const event = (minute: number, type: string, reason: string, decision = reason): HealthEvent =>
  ({
    seq: ++seq,
    at: minutes(minute),
    type,
    container: 'web',
    data: { reason, view: { decision: { code: 'x', reason: decision, at: minutes(minute) } } },
  }) as unknown as HealthEvent;
const up = (minute: number): HealthEvent => event(minute, 'container.changed', 'Up. Nothing to do.');
const down = (minute: number): HealthEvent =>
  event(minute, 'container.exited', 'Stopped with code 1.', 'Starting.');
const told = (minute: number): HealthEvent =>
  ({ seq: ++seq, at: minutes(minute), type: 'incident.updated', data: {} }) as unknown as HealthEvent;

const story = (events: readonly HealthEvent[], most = 20): readonly string[] =>
  storyLines(events, most, NOON);

describe('the story of a container', () => {
  it('says once what is said several times in a row, with how often and until when', () => {
    expect(story([up(0), told(1), up(2), up(5), down(7), up(8)])).toEqual([
      `${clock(0)}  container.changed  Up. Nothing to do. (3 times, until ${clock(5)})`,
      `${clock(7)}  container.exited   Stopped with code 1.`,
      '                             → Starting.',
      `${clock(8)}  container.changed  Up. Nothing to do.`,
    ]);
  });

  it('keeps apart what is of another kind, or led to another decision', () => {
    const lines = story([
      event(0, 'container.unhealthy', 'It fails.', 'Waiting for 60 s.'),
      event(1, 'container.unhealthy', 'It fails.', 'Restarting it now.'),
      event(2, 'container.changed', 'It fails.', 'Restarting it now.'),
    ]);
    expect(lines).toHaveLength(5);
    expect(lines.join('\n')).not.toContain('times');
  });

  it('has the latest, of which those in a row count as one', () => {
    expect(story([down(0), up(1), up(2), down(3), up(4), up(5)], 2)).toEqual([
      `${clock(3)}  container.exited   Stopped with code 1.`,
      '                             → Starting.',
      `${clock(4)}  container.changed  Up. Nothing to do. (2 times, until ${clock(5)})`,
    ]);
  });
});
