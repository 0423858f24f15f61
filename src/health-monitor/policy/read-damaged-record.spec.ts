import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDeath, anAttempt, aRecord, ago, HOUR, MINUTE, NOON } from '../../../test/support/situation.js';
import { isIntentUnknown } from './intent-unknown.js';
import { readRecord } from './read-record.js';
import type { ContainerRecord } from './record.js';

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const REMEMBERED: ContainerRecord = plain({
  ...aRecord({
    death: aDeath(),
    attempts: [anAttempt(ago(MINUTE))],
    refusal: { at: ago(MINUTE), words: 'no space', cause: 'no space' },
    givenUp: { at: ago(MINUTE), reason: 'died' },
    dependencyRuns: { db: ago(HOUR) },
    healedDeaths: [ago(HOUR)],
    decision: {
      action: 'wait',
      code: 'backing-off',
      reason: 'Waits.',
      dueAt: NOON,
      blockedBy: ['db'],
      at: ago(MINUTE),
    },
    spans: [{ from: ago(HOUR), status: 'down' }],
    muted: { since: ago(HOUR), count: 2 },
  }),
  intent: {
    wish: { value: 'stopped', by: 'person', who: 'ann', at: ago(HOUR) },
    hold: { reason: 'backup', by: 'ann', since: ago(HOUR), until: NOON + HOUR },
  },
});
const PARTS = ['intent', 'life', 'health', 'healing', 'loop', 'shown'] as const;

type Path = readonly (string | number)[];
const pathsIn = (value: unknown, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? [
        ...(path.length > 0 ? [path] : []),
        ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key])),
      ]
    : [path];

const MISSING = Symbol('missing');
function damaged(path: Path, by: unknown): unknown {
  const document = plain(REMEMBERED) as unknown as Record<string | number, unknown>;
  const last = path.at(-1)!;
  let place = document;
  for (const key of path.slice(0, -1)) place = place[key] as typeof place;
  if (by === MISSING) delete place[last];
  else place[last] = by;
  return plain(document);
}

const path = fc.constantFrom(...pathsIn(REMEMBERED));
const damage = fc.oneof(
  fc.constantFrom<unknown>(MISSING, null, '', 'a later word', -1, 1e300, true, false, [], [[null]], {}),
  fc.constant({ a: { b: { c: [{ d: 'deep' }] } } }),
  fc.jsonValue(),
);

describe('reading a record that is damaged in one place', () => {
  it('never throws, and loses no more than the part that is damaged', () => {
    fc.assert(
      fc.property(path, damage, (where, by) => {
        const record = readRecord(REMEMBERED.name, damaged(where, by), NOON);
        const [part] = where as [string];
        expect(record.name).toBe(REMEMBERED.name);
        for (const other of PARTS) if (other !== part) expect(record[other]).toEqual(REMEMBERED[other]);
        // What it gives can be shown, and read again as it is.
        expect(readRecord(record.name, plain(record), NOON)).toEqual(plain(record));
      }),
      { numRuns: 3_000 },
    );
  });

  it('never takes another wish, or no hold, for what was not readable', () => {
    const places = pathsIn(REMEMBERED.intent, ['intent']);
    const unfit = fc.constantFrom<unknown>(MISSING, [], {}, 1e300, 'later', true);
    fc.assert(
      fc.property(fc.constantFrom(...places), unfit, (where, by) => {
        const intent = readRecord(REMEMBERED.name, damaged(where, by), NOON).intent;
        if (!isIntentUnknown(intent)) {
          expect(intent.wish.value).toBe('stopped');
          expect(intent.hold).not.toBeNull();
        }
        expect(intent.hold?.until === null || !isIntentUnknown(intent)).toBe(true);
      }),
    );
  });

  it.each([
    ['wish', null],
    ['wish', { value: 'paused', by: 'person', who: null, at: NOON }],
    ['hold', MISSING],
    ['hold', 'backup'],
  ])('does not know what is wished when its %s is %o', (field, by) => {
    const { intent } = readRecord(REMEMBERED.name, damaged(['intent', field], by), NOON);
    expect(isIntentUnknown(intent)).toBe(true);
    if (field === 'wish') expect(intent.hold?.reason).toContain('It was on hold: backup');
    else expect(intent.wish).toEqual(REMEMBERED.intent.wish);
  });

  it('lets be what a later version has added', () => {
    const document = { ...REMEMBERED, mood: 'good', life: { ...REMEMBERED.life, moods: [1] } };
    expect(readRecord(document.name, document, NOON)).toEqual(document);
  });
});
