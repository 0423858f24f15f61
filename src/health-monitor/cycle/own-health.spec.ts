import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/index.js';
import type { Fact } from '../step/index.js';
import { OwnHealth } from './own-health.js';

const MINUTE = 60_000;

function watched() {
  const clock = new ManualClock();
  const health = new OwnHealth(clock, MINUTE);
  const happen = (fact: object) => health.onFact(fact as Fact);
  return {
    clock,
    health,
    checked: (full = true) => happen({ kind: 'checked', observation: { full } }),
    failed: (by: 'engine' | 'monitor') => happen({ kind: 'check-failed', by }),
    store: (change: 'degraded' | 'recovered') => happen({ kind: 'store-changed', change }),
  };
}

describe('the health of the monitor itself', () => {
  it('is well from the beginning, for as long as a check may be away', () => {
    const { clock, health, checked } = watched();
    clock.advance(5 * MINUTE);
    expect(health.problem).toBeNull();
    clock.advance(1);
    expect(health.problem).toBe('No check has come to an end for 5 minutes.');
    checked(false);
    expect(health.problem).not.toBeNull();
    checked();
    expect(health.problem).toBeNull();
  });

  it('is well while the engine does not answer, for however long', () => {
    const { clock, health, failed } = watched();
    for (let minute = 0; minute < 60; minute++) {
      clock.advance(MINUTE);
      failed('engine');
    }
    expect(health.problem).toBeNull();
  });

  it('is not well from the second check in a row on that fails by its own fault, until one succeeds', () => {
    const { health, checked, failed } = watched();
    failed('monitor');
    expect(health.problem).toBeNull();
    failed('monitor');
    expect(health.problem).toBe(
      'Checks fail by an error of the monitor or one of its parts; the log has it.',
    );
    checked();
    expect(health.problem).toBeNull();
  });

  it('is not well while the store says that it cannot write', () => {
    const { health, store } = watched();
    store('degraded');
    expect(health.problem).toContain('The store cannot be written');
    store('recovered');
    expect(health.problem).toBeNull();
  });
});
