import { describe, expect, it } from 'vitest';
import { after, BOOTED_NOW, kinds, learntFrom } from '../../../../test/support/inspection.js';
import {
  aContainer,
  ago,
  anExited,
  aRecord,
  changed,
  HOUR,
  MINUTE,
  NOON,
  SECOND,
} from '../../../../test/support/situation.js';
import type { Inspection } from './inspection.js';

describe('on its way to another state', () => {
  const stopping = aContainer({ state: 'stopping' });

  it('is counted from when it was first seen so, whatever it passes through', () => {
    const first = after(aRecord(), { container: stopping });
    expect(first.life.unsettledSince).toBe(NOON);
    expect(after(first, { container: stopping, now: NOON + MINUTE })).toBe(first);
    const removing = aContainer({ state: 'removing' });
    expect(after(first, { container: removing, now: NOON + MINUTE }).life.unsettledSince).toBe(NOON);
  });

  it.each([aContainer(), anExited(), aContainer({ state: 'paused' })])(
    'is over when it is $state',
    (container) =>
      expect(after(aRecord({ unsettledSince: ago(HOUR) }), { container }).life.unsettledSince).toBeNull(),
  );

  it.each<[string, Partial<Inspection>]>([
    ['the host came up', { host: BOOTED_NOW }],
    ['it was made anew', { container: aContainer({ state: 'stopping', id: 'new' }) }],
  ])('is counted anew after %s', (_, changes) => {
    const record = aRecord({ unsettledSince: ago(HOUR) });
    expect(after(record, { container: stopping, ...changes }).life.unsettledSince).toBe(NOON);
  });
});

describe('a run', () => {
  const paused = after(aRecord(), { container: aContainer({ state: 'paused' }) });

  it('goes on after a pause: nobody started it, and it has to become ready anew', () => {
    expect(paused).toMatchObject({ life: { up: false }, health: { readySince: null } });
    const learnt = learntFrom(paused, { now: NOON + MINUTE });
    expect(kinds(learnt)).toEqual([]);
    expect(learnt.record).toMatchObject({
      life: { up: true, run: aRecord().life.run },
      health: { readySince: NOON + MINUTE },
      intent: aRecord().intent,
    });
  });

  it('that goes on is no wish: what is wished stopped, and was only paused, stays so', () => {
    const wish = { value: 'stopped', by: 'person', who: 'ann', at: ago(SECOND) } as const;
    expect(after(changed(paused, { wish })).intent.wish).toEqual(wish);
  });

  it('is new with another start or another id', () => {
    expect(kinds(learntFrom(paused, { container: aContainer({ startedAt: NOON }) }))).toEqual(['began-run']);
    expect(kinds(learntFrom(aRecord(), { container: aContainer({ id: 'another id' }) }))).toEqual([
      'recreated',
    ]);
  });
});
