import { describe, expect, it } from 'vitest';
import { condition, down, givenUp, IncidentStory, up } from '../../../test/support/conditions.js';
import {
  aChecked,
  aDeath,
  anAttempt,
  MINUTE,
  NOON,
  SECOND,
  type FlatRecord,
} from '../../../test/support/situation.js';
import { leave } from '../policy/index.js';
import type { Condition } from './condition.js';

const at = (ms: number): string => new Date(NOON + ms).toISOString();
const found = (exitCode: number, ms: number) =>
  ({
    exitCode,
    signal: null,
    oomKilled: false,
    health: null,
    log: [`exit ${exitCode}`],
    at: at(ms),
  }) as const;
const killed = aDeath({ exitCode: 137 });
const first: Condition = {
  ...down('db', NOON, undefined, { attempts: [], death: killed }),
  evidence: found(137, 0),
};
/** Down with 1 since so long after noon, after an attempt a second before. */
const failed = (ms: number, changes: Partial<FlatRecord> = {}): Condition => ({
  ...down('db', NOON, undefined, {
    attempts: [anAttempt(NOON + ms - SECOND)],
    death: aDeath({ at: NOON + ms, ranForMs: SECOND }),
    ...changes,
  }),
  evidence: found(1, ms),
});
const refused = (ms: number, detail: string): Condition =>
  down('db', NOON, undefined, {
    attempts: [anAttempt(NOON + ms, { outcome: 'refused', detail })],
    death: killed,
  });

const incidentAfter = (...steps: Condition[]) =>
  steps.reduce((story, one, index) => story.step(NOON + index * SECOND, one), new IncidentStory()).all[0]!;

describe('an incident shows apart', () => {
  it('how it began, and why the latest attempt failed, each with its exit, log and time', () => {
    expect(incidentAfter(first, failed(2 * SECOND))).toMatchObject({
      cause: { reason: 'It was killed (137).', evidence: found(137, 0) },
      attempts: 1,
      failedAttempt: {
        attempt: 1,
        at: at(2 * SECOND),
        reason: 'It could not start again: exit 1.',
        evidence: found(1, 2 * SECOND),
      },
    });
  });

  it.each<[string, Condition, object]>([
    ['no attempt yet', first, { attempts: 0, failedAttempt: null }],
    [
      'an attempt under way',
      failed(SECOND, { death: killed, attempts: [anAttempt(NOON, { outcome: 'pending' })] }),
      { attempts: 0, failedAttempt: null },
    ],
    [
      'a refused one',
      refused(SECOND, 'no such file: /data'),
      { attempts: 1, failedAttempt: { reason: 'no such file: /data.', evidence: null, at: at(SECOND) } },
    ],
    [
      'one that ran for a while',
      failed(MINUTE, { death: aDeath({ at: NOON + MINUTE, ranForMs: 50 * SECOND }) }),
      { failedAttempt: { reason: 'It ran for 50 seconds, and ended: exit 1.' } },
    ],
    [
      'a stop that was part of our own restart',
      failed(MINUTE, { death: aDeath({ at: NOON + MINUTE, endedBy: 'us' }) }),
      { attempts: 1, failedAttempt: null },
    ],
  ])('after %s', (_, next, expected) => expect(incidentAfter(first, next)).toMatchObject(expected));

  it('of a health check that fails, that it fails again', () => {
    const ill = (record: Partial<FlatRecord>) =>
      condition('db', {
        container: aChecked('unhealthy', { name: 'db' }),
        record: { readySince: null, unhealthySince: NOON, ...record },
        decision: leave('unhealthy-told', 'Its health check fails.'),
      });
    const again = ill({ attempts: [anAttempt(NOON + 1)], unhealthySince: NOON + 2 });
    expect(incidentAfter(ill({}), again).failedAttempt?.reason).toBe('Its health check fails again.');
  });

  it('keeps why one failed until the next has, and forgets it when the container is back', () => {
    const next = failed(2 * SECOND, {
      attempts: [anAttempt(NOON + SECOND), anAttempt(NOON + 3 * SECOND)],
    });
    expect(incidentAfter(first, failed(2 * SECOND), next)).toMatchObject({
      attempts: 2,
      failedAttempt: { attempt: 1 },
    });
    const back = up('db', { readySince: NOON + MINUTE });
    expect(incidentAfter(first, failed(2 * SECOND), back)).toMatchObject({
      attempts: 1,
      failedAttempt: null,
    });
  });

  it('counts on when attempts begin anew', () => {
    const anew = failed(5 * MINUTE);
    const { attempts, failedAttempt } = incidentAfter(first, givenUp('db', NOON + SECOND), anew);
    expect([attempts, failedAttempt?.attempt]).toEqual([4, 4]);
  });

  it('takes the last words of the first death when they come late, and never those of another', () => {
    const late = { ...first, evidence: null };
    expect(incidentAfter(late).cause.evidence).toMatchObject({ exitCode: 137, log: [], at: at(0) });
    expect(incidentAfter(late, first).cause.evidence).toEqual(found(137, 0));
    expect(incidentAfter(late, failed(2 * SECOND)).cause.evidence).toMatchObject({ exitCode: 137, log: [] });
  });
});
