import { describe, expect, it } from 'vitest';
import { aDeath, NOON, SECOND } from '../../../test/support/situation.js';
import type { ExitRule } from '../../common/options/index.js';
import { applyExitRule } from './exit-rule.js';
import type { Death } from './record.js';

const TELLS: Partial<Death> = { stoppedBy: 'nobody' };
const CANNOT: Partial<Death> = { stoppedBy: 'unknown' };
const OOM: Partial<Death> = { oomKilled: true };

function answerOn(on: ExitRule, exitCode: number, death: Partial<Death>): string {
  const answer = applyExitRule(aDeath({ exitCode, ...death }), { on });
  return answer.heal === true ? 'heal' : answer.code;
}

describe('restart.on', () => {
  it.each<[number, Partial<Death>, string, string, string, string]>([
    // exit                auto, told     auto, untold           failure          any-exit
    [0, {}, 'finished', 'finished', 'finished', 'heal'],
    [1, {}, 'heal', 'heal', 'heal', 'heal'],
    [-1, {}, 'heal', 'heal', 'heal', 'heal'],
    [130, {}, 'heal', 'heal', 'heal', 'heal'],
    [137, {}, 'heal', 'awaiting-full-check', 'heal', 'heal'],
    [137, OOM, 'heal', 'heal', 'heal', 'heal'],
    [137, { confirmed: true }, 'heal', 'heal', 'heal', 'heal'],
    [139, {}, 'heal', 'heal', 'heal', 'heal'],
    [143, {}, 'heal', 'asked-to-stop', 'asked-to-stop', 'heal'],
    [143, { confirmed: true }, 'heal', 'asked-to-stop', 'asked-to-stop', 'heal'],
    [0, { withHost: true }, 'heal', 'heal', 'heal', 'heal'],
    [0, { endedBy: 'us' }, 'heal', 'heal', 'heal', 'heal'],
    [143, { endedBy: 'us' }, 'heal', 'heal', 'heal', 'heal'],
    [0, { endedBy: 'restart' }, 'heal', 'heal', 'heal', 'heal'],
    [0, { endedBy: 'health-action' }, 'heal', 'heal', 'heal', 'heal'],
    [137, { endedBy: 'health-action' }, 'heal', 'heal', 'heal', 'heal'],
    [143, { withHost: true }, 'heal', 'heal', 'heal', 'heal'],
  ])('exit %i, %o', (exitCode, death, told, untold, failure, anyExit) => {
    expect(answerOn('auto', exitCode, { ...TELLS, ...death })).toBe(told);
    expect(answerOn('auto', exitCode, { ...CANNOT, ...death })).toBe(untold);
    for (const how of [TELLS, CANNOT]) {
      expect(answerOn('failure', exitCode, { ...how, ...death })).toBe(failure);
      expect(answerOn('any-exit', exitCode, { ...how, ...death })).toBe(anyExit);
    }
  });

  it.each<ExitRule>(['auto', 'failure', 'any-exit'])('%s waits while the engine may still tell', (on) => {
    const death = aDeath({ exitCode: 0, stoppedBy: 'pending', pendingUntil: NOON + SECOND });
    expect(applyExitRule(death, { on })).toMatchObject({
      heal: 'later',
      code: 'judging-exit',
      dueAt: NOON + SECOND,
    });
  });

  it.each<ExitRule>(['auto', 'failure', 'any-exit'])(
    '%s heals what a person stopped and still wishes running, as after a hold',
    (on) => expect(answerOn(on, 0, { stoppedBy: 'person' })).toBe('heal'),
  );
});
