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

describe('what events tell of a stop', () => {
  it('is news until it is asked for', () => {
    const log = new StopEvidenceLog(() => false);
    log.onEvent(event('died'));
    expect(log.isNews('x')).toBe(true);
    expect(log.of('x')).toMatchObject({ diedAt: 1, cleanups: 0 });
    expect(log.isNews('x')).toBe(false);
  });

  it('is forgotten with its container, so that nothing gathers', () => {
    const log = new StopEvidenceLog(() => false);
    for (const action of ['started', 'died', 'cleaned-up', 'removed'] as const) log.onEvent(event(action));
    expect(log.isNews('x')).toBe(false);
    expect(log.of('x')).toBeNull();
  });

  it('does not count what an act of ours did', () => {
    const log = new StopEvidenceLog((name) => name === 'app');
    for (const action of ['died', 'stopped', 'cleaned-up'] as const) log.onEvent(event(action, 2));
    expect(log.of('x')).toMatchObject({ stopped: false, cleanups: 0 });
  });
});
