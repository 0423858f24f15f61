import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, NOON } from '../../../test/support/situation.js';
import { updateReadings } from './update-readings.js';

const isThere = () => true;
const unreadable = { container: 'archy-lnd', since: NOON, words: 'layer not known', listed: 'exited (137)' };

describe('a container that cannot be inspected', () => {
  const opened = updateReadings(new Map(), [unreadable], isThere, NOON + MINUTE);

  it('is one incident and one message, with the words of the engine and what its list says', () => {
    expect([...opened.incidents.values()]).toMatchObject([
      { kind: 'unreadable', stage: 'opened', resolvedAt: null, cause: { container: 'archy-lnd' } },
    ]);
    expect(opened.messages).toMatchObject([
      {
        type: 'container.unreadable',
        level: 'error',
        title: 'archy-lnd cannot be inspected',
        message:
          'layer not known. The list of the engine says: exited (137). Until it can be inspected, it is watched by that list alone.',
      },
    ]);
  });

  it('is told once', () => {
    const again = updateReadings(opened.incidents, [unreadable], isThere, NOON + HOUR);
    expect(again.messages).toEqual([]);
    expect(again.incidents).toBe(opened.incidents);
  });

  it('is over, with a message, when it can be inspected', () => {
    const over = updateReadings(opened.incidents, [], isThere, NOON + HOUR);
    expect([...over.incidents.values()]).toMatchObject([{ stage: 'ended', endedBy: 'itself' }]);
    expect(over.messages).toMatchObject([
      { type: 'container.readable', message: 'It could not be inspected for 1 hour.' },
    ]);
    expect(updateReadings(over.incidents, [], isThere, NOON + 2 * HOUR).messages).toEqual([]);
  });

  it('ends in silence with one that is gone', () => {
    const gone = updateReadings(opened.incidents, [], () => false, NOON + HOUR);
    expect(gone.messages).toEqual([]);
    expect([...gone.incidents.values()]).toMatchObject([{ resolvedAt: expect.any(String) as string }]);
  });
});
