import { describe, expect, it } from 'vitest';
import type { EngineEvent, EngineEventAction } from '../runtime/index.js';
import { StopEvidenceLog } from './stop-evidence.js';

const event = (action: EngineEventAction, at = 1): EngineEvent => ({
  action,
  id: 'x',
  name: 'app',
  at,
  exitCode: null,
  health: null,
});

/** Gathers what is heard at once. */
const hear = (log: StopEvidenceLog, told: EngineEvent) => log.onEvent(told, told.at);

describe('what events tell of a stop', () => {
  it('is news until it is asked for', () => {
    const log = new StopEvidenceLog(() => false);
    hear(log, event('died'));
    expect(log.isNews('x')).toBe(true);
    expect(log.of('x')).toMatchObject({ diedAt: 1, cleanups: 0 });
    expect(log.isNews('x')).toBe(false);
  });

  it('is forgotten with its container, so that nothing gathers', () => {
    const log = new StopEvidenceLog(() => false);
    for (const action of ['started', 'died', 'cleaned-up', 'removed'] as const) hear(log, event(action));
    expect(log.isNews('x')).toBe(false);
    expect(log.of('x')).toBeNull();
  });

  it.each([
    ['an idle engine', [200, 450], 2],
    ['a busy engine, whose database other commands kept', [214, 5_614], 2],
    ['a busy host, where the first came late, too', [1_900, 7_500], 2],
    ['an engine that was asked for something else much later', [200, 20_001], 1],
  ])('counts the second clean-up of %s', (_, [first, second], cleanups) => {
    const log = new StopEvidenceLog(() => false);
    hear(log, event('died', 1_000));
    for (const after of [first!, second!]) hear(log, event('cleaned-up', 1_000 + after));
    expect(log.of('x')).toMatchObject({ diedAt: 1_000, cleanedUpAt: 1_000 + first!, cleanups });
  });

  it('says when the engine last cleaned up, after whichever container', () => {
    const log = new StopEvidenceLog(() => false);
    hear(log, event('died', 1_000));
    hear(log, event('cleaned-up', 1_200));
    hear(log, { ...event('cleaned-up', 3_000), id: 'y', name: 'another' });
    expect(log.of('x')).toMatchObject({ cleanedUpAt: 1_200, engineCleanedUpAt: 3_000 });
  });

  it('says how late it was heard', () => {
    const log = new StopEvidenceLog(() => false);
    log.onEvent(event('died', 1_000), 1_050);
    log.onEvent(event('cleaned-up', 1_200), 4_200);
    expect(log.of('x')).toMatchObject({ heardLateMs: 3_000 });
    log.onEvent(event('cleaned-up', 1_300), 1_250);
    expect(log.of('x')).toMatchObject({ heardLateMs: 0, cleanups: 2 });
  });

  it('keeps how it ended last over its next start', () => {
    const log = new StopEvidenceLog(() => false);
    hear(log, { ...event('died', 5), exitCode: 3 });
    hear(log, event('started', 6));
    expect(log.of('x')).toMatchObject({ diedAt: null, lastExit: { at: 5, exitCode: 3 } });
  });

  it('does not count what an act of ours did', () => {
    const log = new StopEvidenceLog((name) => name === 'app');
    for (const action of ['died', 'stopped', 'cleaned-up'] as const) hear(log, event(action, 2));
    expect(log.of('x')).toMatchObject({ stopped: false, cleanups: 0 });
  });
});
