import { describe, expect, it } from 'vitest';
import type { HealthEvent, Incident } from '../client.js';
import { story, storyText } from './story.js';

const event = (seq: number, type: string, container: string | undefined, data: object) =>
  ({ seq, at: '2026-01-01T03:12:04Z', type, container, data }) as HealthEvent;

const TIMELINE = [
  event(1, 'container.exited', 'bitcoin', { reason: 'Stopped with code 137.' }),
  event(2, 'container.waiting', 'lnd', { reason: '', blockedBy: ['bitcoin'] }),
  event(3, 'container.waiting', 'electrs', { reason: '', blockedBy: ['bitcoin'] }),
  event(4, 'container.changed', 'electrs', { reason: 'nothing to show' }),
  event(5, 'notification.created', undefined, { notification: { title: 'bitcoin is unhealthy' } }),
  event(6, 'container.recovered', 'bitcoin', { reason: 'Healthy again.' }),
];

describe('story', () => {
  it('shows changes of state in colour, and messages in grey', () => {
    expect(story(TIMELINE).map(({ mark, tone }) => [mark, tone])).toEqual([
      ['down', 'bad'],
      ['waiting', 'rest'],
      ['notification', 'quiet'],
      ['healthy', 'good'],
    ]);
  });

  it('says which lines are so close that only seconds tell them apart', () => {
    const at = (time: string) => ({ ...event(1, 'container.exited', 'a', { reason: '' }), at: time });
    const lines = story([at('2026-01-01T03:00:00Z'), at('2026-01-01T03:00:41Z'), at('2026-01-01T03:20:00Z')]);
    expect(lines.map(({ close }) => close)).toEqual([true, true, false]);
  });

  it('folds those who wait for the same into one line', () => {
    expect(story(TIMELINE)[1]).toMatchObject({ names: ['lnd', 'electrs'], text: 'wait for bitcoin.' });
    expect(story(TIMELINE.slice(0, 2))[1]).toMatchObject({ names: ['lnd'], text: 'waits for bitcoin.' });
  });

  it('calls who is waited for by the name that people know', () => {
    const called = (id: string) => (id === 'bitcoin' ? 'The node' : id);
    expect(story(TIMELINE, undefined, called)[1]?.text).toBe('wait for The node.');
  });

  it('does not measure a leak again where that was said', () => {
    const [found, urgent] = ['floor rose to 4 MiB', 'floor rose to 9 MiB'];
    const leak = [
      event(1, 'memory.leak', 'a', { reason: found }),
      event(2, 'memory.leak_urgent', 'a', { reason: urgent }),
    ];
    expect(story(leak, found).map(({ text }) => text)).toEqual([
      'Its memory grows and is not given back.',
      urgent,
    ]);
    expect(story(leak).map(({ text }) => text)).toEqual([found, urgent]);
  });

  it('survives types that it does not know', () => {
    expect(story([event(1, 'container.invented_later', 'a', {})])).toEqual([]);
  });

  it('can be pasted into a message', () => {
    const text = storyText('bitcoin was down.', {
      cause: { reason: 'Killed.' },
      timeline: TIMELINE,
    } as unknown as Incident);
    expect(text.split('\n')).toHaveLength(7);
    expect(text).toMatch(/\d\d:\d\d:04 {2}lnd and electrs {2}wait for bitcoin\.$/m);
  });
});
