import { beforeEach, describe, expect, it } from 'vitest';
import { aContainer, anExited } from '../../../test/support/situation.js';
import { EngineEnds } from './engine-ends.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** When everything begins; milliseconds since 1970. */
const AT = 1_000_000;

describe('the end of an engine', () => {
  let ends: EngineEnds;
  beforeEach(() => {
    ends = new EngineEnds();
  });

  /** Asked to end at one moment, ended some time later. */
  const stop = (id: string, at: number, takesMs = SECOND) => {
    ends.asked(id, at);
    ends.ended(id, at + takesMs);
  };
  const silent = (from: number, to: number) => {
    ends.silentSince(from);
    ends.heardAgain(to);
  };
  const since = (startedAt: number) => [aContainer({ state: 'running', startedAt })];

  it('is none where a container runs on over the silence, or there was none', () => {
    expect(ends.wasEnd([])).toBe(false);
    silent(AT, AT + MINUTE);
    expect(ends.wasEnd(since(AT - 1))).toBe(false);
    expect(ends.wasEnd(since(AT + 1))).toBe(true);
    expect(ends.wasEnd([anExited({ startedAt: AT - 1 })])).toBe(true);
  });

  it('is none where the engine remembers what was before', () => {
    silent(AT, AT + MINUTE);
    ends.told(AT + SECOND);
    expect(ends.wasEnd([])).toBe(true);
    ends.told(AT - SECOND);
    expect(ends.wasEnd([])).toBe(false);
    silent(AT + 2 * MINUTE, AT + 3 * MINUTE);
    expect(ends.wasEnd([])).toBe(true);
  });

  it('is some where what answered during the silence remembers that, and what is heard after it does not', () => {
    ends.silentSince(AT);
    ends.told(AT - SECOND);
    expect(ends.wasEnd([])).toBe(false);
    ends.heardAgain(AT + MINUTE);
    expect(ends.wasEnd([])).toBe(true);
  });

  it('took down those that it asked together, and not whom a person stopped before', () => {
    stop('person', AT - 5 * SECOND);
    for (const id of ['a', 'b', 'slow']) stop(id, AT, id === 'slow' ? 10 * SECOND : SECOND);
    ends.asked('slow', AT + 10 * SECOND);
    silent(AT + 12 * SECOND, AT + 30 * SECOND);
    for (const id of ['a', 'b']) expect(ends.askedFor(id, AT, AT)).toBe(true);
    expect(ends.askedFor('slow', AT, AT + 10 * SECOND)).toBe(true);
    expect(ends.askedFor('person', AT - 5 * SECOND, AT - 5 * SECOND)).toBe(false);
  });

  it('took down nobody long before it ended: that was a person', () => {
    for (const id of ['a', 'b', 'c']) stop(id, AT - MINUTE);
    stop('d', AT);
    silent(AT + 3 * SECOND, AT + 30 * SECOND);
    expect(ends.askedFor('a', AT - MINUTE, AT - MINUTE)).toBe(false);
    expect(ends.askedFor('d', AT, AT)).toBe(true);
  });

  it('took down those that it found running when it came up again', () => {
    silent(AT, AT + MINUTE);
    for (const id of ['a', 'b']) stop(id, AT + 30 * SECOND);
    expect(ends.askedFor('a', AT + 30 * SECOND, AT + 30 * SECOND)).toBe(true);
  });

  it('took down each that it found running, however long after the others, and not one that began since', () => {
    silent(AT, AT + MINUTE);
    for (const id of ['a', 'b']) stop(id, AT + 30 * SECOND);
    const one = (startedAt: number) =>
      anExited({ startedAt, exitedAt: AT + 40 * SECOND, stoppedByUser: true });
    expect(ends.foundRunning(one(AT - 1), AT + 39 * SECOND)).toBe(true);
    expect(ends.foundRunning(one(AT + 1), AT + 39 * SECOND)).toBe(false);
    expect(ends.foundRunning(one(AT - 1), AT - SECOND)).toBe(false);
    expect(ends.foundRunning(one(AT - 1), AT + 2 * MINUTE)).toBe(false);
  });

  it('took down one of which it remembers nothing around the time in which it came up, and not before', () => {
    silent(AT, AT + MINUTE);
    const one = (exitedAt: number) => anExited({ startedAt: AT - 1, exitedAt, stoppedByUser: true });
    expect(ends.foundRunning(one(AT + 30 * SECOND), null)).toBe(false);
    stop('a', AT + 40 * SECOND);
    expect(ends.foundRunning(one(AT + 30 * SECOND), null)).toBe(true);
    expect(ends.foundRunning(one(AT + 10 * SECOND), null)).toBe(false);
    ends.hasToldAll(true);
    expect(ends.foundRunning(one(AT + 30 * SECOND), null)).toBe(false);
  });

  it('is not what stops one of them later', () => {
    for (const id of ['a', 'b']) stop(id, AT);
    silent(AT + 3 * SECOND, AT + 30 * SECOND);
    stop('a', AT + MINUTE);
    expect(ends.askedFor('a', AT + MINUTE, AT + MINUTE)).toBe(false);
  });

  it('took down one of which nothing was heard, where the engine notes that nobody stopped it', () => {
    silent(AT, AT + MINUTE);
    const down = (changes: object) => anExited({ exitedAt: AT + SECOND, stoppedByUser: false, ...changes });
    expect(ends.tookDown(down({}))).toBe(true);
    expect(ends.tookDown(down({ stoppedByUser: null }))).toBe(false);
    expect(ends.tookDown(down({ stoppedByUser: true }))).toBe(false);
    expect(ends.tookDown(down({ exitedAt: AT + MINUTE + 1 }))).toBe(false);
  });

  it('took down one of which it had no time to tell before it was gone', () => {
    silent(AT, AT + MINUTE);
    const endedAt = (exitedAt: number) => anExited({ exitedAt, stoppedByUser: false });
    expect(ends.tookDown(endedAt(AT - SECOND))).toBe(true);
    expect(ends.tookDown(endedAt(AT - MINUTE))).toBe(false);
  });

  it('lets it begin what its policy says', () => {
    silent(AT, AT + MINUTE);
    const begun = (changes: object) =>
      aContainer({ state: 'running', startedAt: AT + SECOND, restartPolicy: 'always', ...changes });
    expect(ends.began(begun({}))).toBe(true);
    expect(ends.began(begun({ restartPolicy: 'none' }))).toBe(false);
    expect(ends.began(begun({ startedAt: AT + 2 * MINUTE }))).toBe(false);
  });

  it('waits for all that were asked in the same moments, but not for one that does not heed', () => {
    stop('a', AT);
    expect(ends.allEndedAt(AT, AT + SECOND)).toBe(AT + SECOND);
    for (const id of ['b', 'c']) ends.asked(id, AT + SECOND);
    expect(ends.allEndedAt(AT, AT + 5 * SECOND)).toBeNull();
    expect(ends.allEndedAt(AT, AT + 11 * MINUTE)).toBe(AT + SECOND);
    ends.ended('b', AT + 9 * SECOND);
    expect(ends.allEndedAt(AT, AT + 10 * SECOND)).toBeNull();
    ends.removed('c');
    expect(ends.allEndedAt(AT, AT + 10 * SECOND)).toBe(AT + 9 * SECOND);
  });
});
