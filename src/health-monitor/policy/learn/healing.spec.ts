import { describe, expect, it } from 'vitest';
import { after, kinds, learntFrom } from '../../../../test/support/inspection.js';
import {
  aChecked,
  aContainer,
  ago,
  anAttempt,
  anExited,
  aRecord,
  aRun,
  changed,
  DAY,
  MINUTE,
  NOON,
  SECOND,
} from '../../../../test/support/situation.js';

describe('a restart through us', () => {
  const restarting = aRecord({ restartingSince: ago(MINUTE) });

  it('lasts until a new run', () => {
    expect(after(restarting).healing.restartingSince).toBe(ago(MINUTE));
    expect(
      after(restarting, { container: aContainer({ startedAt: NOON }) }).healing.restartingSince,
    ).toBeNull();
  });
});

describe('a batch', () => {
  it('is that of the latest death: with another one it is left', () => {
    const down = changed(after(aRecord(), { container: anExited() }), { batch: 7 });
    expect(after(down, { container: anExited(), now: NOON + MINUTE }).healing.batch).toBe(7);
    expect(after(down, { container: anExited({ startedAt: ago(SECOND) }) }).healing.batch).toBeNull();
  });
});

describe('stability', () => {
  const tried = aRecord({
    attempts: [anAttempt(ago(10 * MINUTE))],
    run: aRun(ago(DAY), { since: ago(10 * MINUTE) }),
  });

  it('forgets attempts after ten minutes up', () => {
    expect(after(tried, { now: NOON - 1 }).healing.attempts).toHaveLength(1);
    const learnt = learntFrom(tried);
    expect(learnt.record.healing.attempts).toEqual([]);
    expect(kinds(learnt)).toEqual(['stable']);
  });

  it('is not that of an unhealthy one', () => {
    expect(after(tried, { container: aChecked('unhealthy') }).healing.attempts).toHaveLength(1);
  });
});
