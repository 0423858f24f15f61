import { describe, expect, it } from 'vitest';
import { after } from '../../../../test/support/inspection.js';
import { aChecked, ago, aRecord, HOUR, MINUTE, NOON, SECOND } from '../../../../test/support/situation.js';

describe('readiness', () => {
  it('counts without a break, and unhealthiness, too', () => {
    const ready = after(undefined, { container: aChecked('healthy') });
    expect(ready.health).toMatchObject({ readySince: NOON, unhealthySince: null });
    const ill = after(ready, { container: aChecked('unhealthy'), now: NOON + SECOND });
    expect(ill.health).toMatchObject({
      readySince: null,
      unhealthySince: NOON + SECOND,
      lastReadyAt: NOON,
    });
    const still = after(ill, { container: aChecked('unhealthy'), now: NOON + MINUTE });
    expect(still.health.unhealthySince).toBe(NOON + SECOND);
    const well = after(still, { container: aChecked('healthy'), now: NOON + HOUR });
    expect(well.health).toMatchObject({ readySince: NOON + HOUR, unhealthySince: null });
  });

  it.each(['healthy', 'unhealthy'] as const)('counts anew with a new run, when it is %s', (health) => {
    const since = health === 'healthy' ? 'readySince' : 'unhealthySince';
    const known = aRecord({ readySince: null, [since]: ago(HOUR) });
    const container = aChecked(health);
    expect(after(known, { container }).health[since]).toBe(ago(HOUR));
    expect(after(known, { container: { ...container, startedAt: NOON } }).health[since]).toBe(NOON);
  });
});
