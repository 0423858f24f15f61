import type { ReplicaRole } from '../shared-store.js';

/** The lease as this process has it. All moments in this file are of its monotonic clock, in milliseconds. */
export interface HeldLease {
  /** How many times the lead had changed hands when this process got it. */
  readonly term: number;
  /** Counted from the moment before it was asked for, so it never seems to last longer than on the database's clock. */
  readonly until: number;
  /** Since when another process that could lead reaches more engines; `null`: none does. */
  readonly outrankedSince: number | null;
}

/** It has not come in yet, or has left. */
interface Outside {
  readonly is: 'outside';
  /** As of one that is cut off. */
  readonly hasDiverged: boolean;
}

interface Inside {
  /** When the database could last be used again, after it could not; `null`: that never was. */
  readonly outageEndedAt: number | null;
}

/** Another process leads, or may. */
interface Following extends Inside {
  readonly is: 'following';
  /** Since when the database cannot be used; `null`: it can. */
  readonly failingSince: number | null;
}

/** It has the lease, and leads once all have read anew. */
interface TakingOver extends Inside {
  readonly is: 'taking-over';
  /** `null`: another process took it meanwhile. */
  readonly lease: HeldLease | null;
}

interface Leading extends Inside {
  readonly is: 'leading';
  /** `null`: another process took it, and nothing was read since. One that is over may have been taken, too. */
  readonly lease: HeldLease | null;
}

/** It goes on alone, in memory, while the database cannot be used. */
interface CutOff extends Inside {
  readonly is: 'cut-off';
  /** Of one that led: it may write what it has when it is back. */
  readonly lease: HeldLease | null;
  readonly failingSince: number;
  /** Events were told that are not in the database, in an epoch of their own. */
  readonly hasDiverged: boolean;
}

/**
 * What this process is among those that share the database, with all that only matters while it is that. The functions
 * below that give a state say what happened; each takes it to the next one:
 *
 * - `outside` → `taking-over` or `following`, when it has read the database; → `cut-off`, when it cannot.
 * - `following` → `taking-over` → `leading`, when the lease is free.
 * - any → `cut-off`, when the database fails; that → `leading`, when what it has is written before another process leads.
 * - any → `following`, when another process leads, or may.
 */
export type RoleState = Outside | Following | TakingOver | Leading | CutOff;

interface Failure {
  readonly now: number;
  /** A follower that cannot look at the database for so long is cut off. */
  readonly graceMs: number;
  /** There are events that are not in the database. */
  readonly hasUnsaved: boolean;
}

/** What is to be done when one role follows another. */
export interface RoleEffects {
  /** All read their documents anew, since the process is this now. */
  readonly announces: 'leading' | 'following' | 'cut-off' | null;
  /** From now on, the same `seq` may name another event in the database. */
  readonly beginsEpoch: boolean;
}

export const OUTSIDE: RoleState = { is: 'outside', hasDiverged: false };

/** Others see `following` while it takes over, and `cut-off` once its lease is over. */
export function roleAt(state: RoleState, now: number): ReplicaRole {
  if (state.is === 'taking-over') return 'following';
  if (state.is === 'outside' || (state.is === 'leading' && leaseLeftMs(state, now) === 0)) return 'cut-off';
  return state.is;
}

/** Whether what it commits stays in its memory for now. */
export const isAlone = (state: RoleState): state is Outside | CutOff =>
  state.is === 'outside' || state.is === 'cut-off';

/** `null`: this process does not have it, as far as it knows. */
export const leaseOf = (state: RoleState): HeldLease | null => ('lease' in state ? state.lease : null);

/** For how long the lease certainly lasts yet; 0 when it does not, although nobody else may have taken it. */
export const leaseLeftMs = (state: RoleState, now: number): number =>
  Math.max(0, (leaseOf(state)?.until ?? now) - now);

/** When the database could last be used again, after it could not; `null`: that never was. */
export const outageEndedAt = (state: RoleState): number | null =>
  'outageEndedAt' in state ? state.outageEndedAt : null;

/** For how long another process that could lead has reached more engines; -1: none does. */
export function outrankedForMs(state: RoleState, now: number): number {
  const since = leaseOf(state)?.outrankedSince ?? null;
  return since === null ? -1 : now - since;
}

/** It took the lease, and read all there is. */
export function leaseTaken(
  state: RoleState,
  { term, until, now }: Pick<HeldLease, 'term' | 'until'> & { readonly now: number },
): RoleState {
  const lease = { term, until, outrankedSince: null };
  return { is: 'taking-over', lease, outageEndedAt: endOfOutage(state, now) };
}

/** All have read anew what the former leader left. */
export const allReadAnew = (state: RoleState): RoleState =>
  state.is === 'taking-over' ? { ...state, is: 'leading' } : state;

export const leaseRenewed = (state: RoleState, until: number): RoleState =>
  withLease(state, (lease) => ({ ...lease, until }));

/** Another process took it, or this one is about to give it back. */
export const leaseLost = (state: RoleState): RoleState => withLease(state, () => null);

/** Whether another process that could lead was seen to reach more engines. */
export const seenOutranked = (state: RoleState, isOutranked: boolean, now: number): RoleState =>
  withLease(state, (lease) => ({
    ...lease,
    outrankedSince: isOutranked ? (lease.outrankedSince ?? now) : null,
  }));

/** All that is only here is given up, for what will be read from the database. */
export function leadGivenUp(state: RoleState): RoleState {
  const without = leaseLost(state);
  return isAlone(without) ? { ...without, hasDiverged: false } : without;
}

/** Everything was read, and another process leads, or may. */
export const startedFollowing = (state: RoleState): RoleState => ({
  is: 'following',
  failingSince: failureOf(state),
  outageEndedAt: outageEndedAt(state),
});

/** All that is here is in the database. */
export const saved = (state: RoleState, now: number): RoleState =>
  state.is === 'cut-off'
    ? { is: 'leading', lease: state.lease, outageEndedAt: endOfOutage(state, now) }
    : state;

/** The database was looked at. */
export const databaseAnswered = (state: RoleState, now: number): RoleState =>
  state.is === 'following' ? { ...state, failingSince: null, outageEndedAt: endOfOutage(state, now) } : state;

/** The database cannot be used: a leader leads no more, and a follower goes on alone when that lasts. */
export function databaseFailed(state: RoleState, { now, graceMs, hasUnsaved }: Failure): RoleState {
  const failingSince = failureOf(state) ?? now;
  if (state.is === 'following' && now - failingSince < graceMs) return { ...state, failingSince };
  return {
    is: 'cut-off',
    lease: leaseOf(state),
    failingSince,
    hasDiverged: isAlone(state) ? state.hasDiverged : hasUnsaved,
    outageEndedAt: outageEndedAt(state),
  };
}

/** Something was committed; `hasUnsaved`: there are events that are not in the database. */
export const committed = (state: RoleState, hasUnsaved: boolean): RoleState =>
  isAlone(state) ? { ...state, hasDiverged: state.hasDiverged || hasUnsaved } : state;

export function effectsOf(before: RoleState, after: RoleState): RoleEffects {
  return { announces: announced(before, after), beginsEpoch: !hasDiverged(before) && hasDiverged(after) };
}

function announced(before: RoleState, after: RoleState): RoleEffects['announces'] {
  if (before.is === after.is) return null;
  if (after.is === 'taking-over') return 'leading';
  if (after.is === 'following') return 'following';
  return before.is === 'following' && after.is === 'cut-off' ? 'cut-off' : null;
}

const hasDiverged = (state: RoleState): boolean => isAlone(state) && state.hasDiverged;

const failureOf = (state: RoleState): number | null => ('failingSince' in state ? state.failingSince : null);

/** When the last outage ended, where the database can be used now. */
const endOfOutage = (state: RoleState, now: number): number | null =>
  failureOf(state) === null ? outageEndedAt(state) : now;

function withLease(state: RoleState, change: (lease: HeldLease) => HeldLease | null): RoleState {
  return 'lease' in state && state.lease !== null ? { ...state, lease: change(state.lease) } : state;
}
