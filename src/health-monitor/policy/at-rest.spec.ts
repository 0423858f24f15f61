import { describe, expect, it } from 'vitest';
import {
  aDeath,
  ago,
  anAttempt,
  aRecord,
  HOUR,
  MINUTE,
  NOON,
  type FlatRecord,
} from '../../../test/support/situation.js';
import { isAtRest } from './at-rest.js';
import { leave, leaveUntilChanged, wait, type Decision } from './decision.js';

const decided = (decision: Decision): Partial<FlatRecord> => ({ decision: { ...decision, at: ago(HOUR) } });
const resting = decided(leaveUntilChanged('healthy', 'Up. Nothing to do.'));
const off = { up: false, run: null, readySince: null } as const;

describe('at rest', () => {
  it.each<[what: string, record: Partial<FlatRecord>]>([
    ['one that is up and ready', {}],
    ['one that was never started', off],
    ['one whose end is understood', { ...off, death: aDeath({ confirmed: true, stoppedBy: 'person' }) }],
    ['one on hold until it is released', { hold: { reason: 'x', by: 'ann', since: NOON, until: null } }],
  ])('is %s', (_, record) => {
    expect(isAtRest(aRecord({ ...resting, ...record }))).toBe(true);
  });

  it.each<[what: string, record: Partial<FlatRecord>]>([
    ['of which nothing was decided', { decision: null }],
    ['that is decided about at each full check', decided(leave('observing', 'Observing.'))],
    ['that is decided about at a time', decided(wait('backing-off', 'Waits.', { dueAt: NOON }))],
    ['that is gone', { absentSince: NOON }],
    ['that cannot be inspected', { unreadable: { since: NOON, fullChecks: 1, words: 'busy' } }],
    ['that was not seen since the host came up', { unseenSinceBoot: true }],
    ['that is on its way from one state to another', { unsettledSince: NOON }],
    ['that is up and not ready yet', { readySince: null }],
    ['whose end may be a stop', { ...off, death: aDeath({ confirmed: true, stoppedBy: 'pending' }) }],
    ['whose end no full check has seen', { ...off, death: aDeath({ confirmed: false }) }],
    ['with attempts', { attempts: [anAttempt(ago(MINUTE))] }],
    ['that was given up', { givenUp: { at: NOON, reason: 'died' } }],
    ['that its dependency gave new attempts', { rearmedByDependency: true }],
    ['with deaths that count', { healedDeaths: [NOON] }],
    ['with deaths under the policy of the engine', { engineDeaths: [NOON] }],
    ['in a crash loop', { crashLoopSince: NOON }],
    ['on hold for a time', { hold: { reason: 'x', by: 'ann', since: NOON, until: NOON + HOUR } }],
  ])('is not one %s', (_, record) => {
    expect(isAtRest(aRecord({ ...resting, ...record }))).toBe(false);
  });
});
