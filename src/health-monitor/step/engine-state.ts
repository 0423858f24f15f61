import type { EngineInfo } from '../runtime/index.js';

/** After this many failed checks in a row, it is an outage. */
const FAILED_CHECKS = 2;
/** An engine that is upgraded is back within this. */
const LASTS_AFTER_MS = 60_000;

/** What we know of the engine itself. A readonly value; times are milliseconds since 1970. */
export interface EngineState {
  readonly info: EngineInfo | null;
  /** `null` until the first check. */
  readonly reachable: boolean | null;
  readonly since: number | null;
  readonly failures: number;
  /** When the first of the failed checks was, after the host last slept. */
  readonly failingSince: number | null;
  readonly problem: string | null;
}

export const ENGINE_UNKNOWN: EngineState = {
  info: null,
  reachable: null,
  since: null,
  failures: 0,
  failingSince: null,
  problem: null,
};

/** A check failed. The second in a row makes it an outage. */
export function engineFailed(state: EngineState, problem: string, now: number): EngineState {
  const failures = state.failures + 1;
  const failingSince = state.failingSince ?? now;
  const out = failures >= FAILED_CHECKS;
  return {
    ...state,
    failures,
    failingSince,
    problem,
    reachable: out ? false : state.reachable,
    since: out && state.reachable !== false ? failingSince : state.since,
  };
}

export function engineAnswered(state: EngineState, info: EngineInfo, now: number): EngineState {
  if (state.reachable === true && state.failures === 0 && state.info === info) return state;
  return {
    info,
    reachable: true,
    since: state.reachable === true ? state.since : now,
    failures: 0,
    failingSince: null,
    problem: info.warning,
  };
}

/** Whether people should know of an outage: for a minute, or for as long as people have it checked. */
export const lastsLong = (since: number, now: number, intervalMs: number): boolean =>
  now - since >= Math.min(intervalMs, LASTS_AFTER_MS);

/** After the host slept, failures before that say nothing of now. An outage lasts on, and seems to have begun only now. */
export const forgetFailures = (state: EngineState): EngineState => ({
  ...state,
  failures: state.reachable === false ? state.failures : 0,
  failingSince: null,
});
