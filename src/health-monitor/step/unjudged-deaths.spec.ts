import { expect, it } from 'vitest';
import { aDeath, aRecord, NOON, SECOND, type FlatRecord } from '../../../test/support/situation.js';
import { unjudgedDeaths } from './unjudged-deaths.js';

const batches = [1, 2].map((id) => ({ id, latestDeathAt: NOON, starts: {} }));
const DIED_AT = aDeath().at;
const pending = (name: string, seconds: number, changes: Partial<FlatRecord> = {}) =>
  aRecord({
    name,
    up: false,
    batch: 1,
    death: aDeath({ stoppedBy: 'pending', pendingUntil: NOON + seconds * SECOND }),
    ...changes,
  });

it('names, of each batch, who is down and not judged yet', () => {
  const records = [
    pending('db', 2),
    pending('web', 1),
    pending('elsewhere', 1, { batch: 2 }),
    pending('alone', 1, { batch: null }),
    pending('forgotten', 1, { batch: 3 }),
    pending('judged', 1, { death: aDeath({ stoppedBy: 'nobody' }) }),
    pending('up again', 1, { up: true }),
    pending('overdue', 0),
  ];
  expect(unjudgedDeaths({ batches, records: new Map(records.map((one) => [one.name, one])) }, NOON)).toEqual(
    new Map([
      [
        1,
        [
          { name: 'db', diedAt: DIED_AT, until: NOON + 2 * SECOND },
          { name: 'web', diedAt: DIED_AT, until: NOON + SECOND },
        ],
      ],
      [2, [{ name: 'elsewhere', diedAt: DIED_AT, until: NOON + SECOND }]],
    ]),
  );
});
