import { describe, expect, it } from 'vitest';
import {
  aChecked,
  aContainer,
  aDeath,
  ago,
  anAttempt,
  anExited,
  aRecord,
  MINUTE,
  NOON,
  type FlatRecord,
} from '../../../test/support/situation.js';
import { leave, wait, type DecisionCode } from '../policy/index.js';
import { findTrouble } from './find-trouble.js';

const trouble = (code: DecisionCode, container = aContainer(), record: Partial<FlatRecord> = {}) =>
  findTrouble(
    container,
    aRecord({ up: container.state === 'running', ...record }),
    (code === 'backing-off' ? wait : leave)(code, ''),
    NOON,
  );
const died = (changes: Parameters<typeof aDeath>[0] = {}): Partial<FlatRecord> => ({
  death: aDeath({ at: ago(MINUTE), ...changes }),
});

describe('the trouble of a container', () => {
  it('is none while it is up and well, or down on purpose', () => {
    expect(trouble('healthy')).toBeNull();
    expect(trouble('stopped-by-person', anExited(), died())).toBeNull();
    expect(trouble('stopped-by-person', anExited(), { ...died(), crashLoopSince: NOON })).toBeNull();
  });

  it('is that it is down, since then, with its exit', () => {
    expect(trouble('backing-off', anExited(), died({ exitCode: 137, oomKilled: true }))).toEqual({
      kind: 'down',
      since: ago(MINUTE),
      reason: 'It ran out of memory (137).',
    });
  });

  it('is not known while it may have been stopped on purpose', () => {
    expect(trouble('judging-exit', anExited(), died())).toBeNull();
  });

  it('is a crash loop before anything else, also while it is up', () => {
    const loop = { crashLoopSince: ago(MINUTE) };
    const keepsCrashing = { kind: 'crash-loop', since: ago(MINUTE), reason: 'It keeps crashing.' };
    expect(trouble('healthy', aContainer(), loop)).toEqual(keepsCrashing);
    expect(trouble('judging-exit', anExited(), { ...died(), ...loop })).toEqual(keepsCrashing);
  });

  it('is that its health check fails, once that is dealt with', () => {
    const failing = { unhealthySince: ago(MINUTE) };
    expect(trouble('unhealthy-told', aChecked('unhealthy'), failing)).toMatchObject({
      kind: 'unhealthy',
      since: ago(MINUTE),
    });
    expect(trouble('unhealthy-watching', aChecked('unhealthy'), failing)).toBeNull();
    expect(trouble('unhealthy-ignored', aChecked('unhealthy'), failing)).toBeNull();
  });

  it('is that it is stuck, unless somebody has just asked for its end', () => {
    const stopping = aContainer({ state: 'stopping' });
    expect(trouble('stuck', stopping, { unsettledSince: ago(MINUTE) })).toEqual({
      kind: 'down',
      since: ago(MINUTE),
      reason: 'It is stuck in the state "stopping".',
    });
    const wish = { value: 'stopped', by: 'person', who: 'ann', at: ago(MINUTE) } as const;
    expect(trouble('stuck', stopping, { wish })).toBeNull();
    expect(trouble('stuck', stopping, { wish, crashLoopSince: NOON })).toBeNull();
  });

  it('that came with the host is one when its start fails, or is not ours to make', () => {
    const withHost = died({ withHost: true });
    expect(trouble('backing-off', anExited(), withHost)).toBeNull();
    expect(trouble('observing', anExited(), withHost)?.reason).toBe('It went down with the host.');
    const fails = { reason: 'It does not start since the host came up.' };
    const attempts = [anAttempt(NOON, { outcome: 'timed-out' })];
    expect(trouble('backing-off', anExited(), { ...withHost, attempts })).toMatchObject(fails);
    const givenUp = { at: NOON, reason: 'died' } as const;
    expect(trouble('given-up', anExited(), { ...withHost, givenUp })).toMatchObject(fails);
  });
});
