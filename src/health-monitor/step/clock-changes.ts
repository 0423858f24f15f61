import type { ContainerRecord } from '../policy/index.js';
import { shiftProbed, type Container } from '../runtime/index.js';
import { forgetFailures } from './engine-state.js';
import type { FactOf } from './fact.js';
import { withChanges } from './map-changes.js';
import type { MonitorState } from './monitor-state.js';
import {
  shiftBatch,
  shiftBoot,
  shiftElsewhere,
  shiftEngine,
  shiftExternal,
  shiftIncident,
  shiftRecord,
} from './shift-times.js';

/**
 * The host's clock was set: what is remembered moves along, and the time so far is no time of trouble. Views follow with
 * the next check. What the engine wrote down stays as it is. Pure.
 */
export function clockSet(state: MonitorState, { by, at }: FactOf<'clock-set'>): MonitorState {
  const { boot, lastFullCheckAt, lastAlive, containers } = state;
  return withTimersBegunAnew(
    {
      ...state,
      watchingSince: state.watchingSince + by,
      clockSetAt: at,
      engine: shiftEngine(state.engine, by),
      // Containers started from now on must not seem older than the host's start.
      boot: by < 0 && boot !== null ? shiftBoot(boot, by) : boot,
      lastFullCheckAt: lastFullCheckAt === null ? null : lastFullCheckAt + by,
      lastAlive: lastAlive && { ...lastAlive, aliveAt: lastAlive.aliveAt + by },
      records: new Map([...state.records].map(([name, record]) => [name, shiftRecord(record, by)])),
      incidents: new Map([...state.incidents].map(([id, incident]) => [id, shiftIncident(incident, by)])),
      externals: new Map([...state.externals].map(([id, external]) => [id, shiftExternal(external, by)])),
      elsewhere: new Map([...state.elsewhere].map(([key, one]) => [key, shiftElsewhere(one, by)])),
      batches: state.batches.map((batch) => shiftBatch(batch, by)),
      containers: new Map(
        [...containers].map(([name, one]) => [name, checkedSince(probedSince(one, by), at)]),
      ),
    },
    at,
  );
}

/** The host slept: no container was unhealthy all that time, as far as anybody knows. Pure. */
export const slept = (state: MonitorState, { at }: FactOf<'slept'>): MonitorState =>
  withTimersBegunAnew(state, at);

/**
 * A container as if its health check had last run when the clock was set, if that was later: by the engine's own times it
 * would seem not to have run for long. Pure.
 */
export function checkedSince(container: Container, clockSetAt: number | null): Container {
  const { healthCheck, health } = container;
  if (clockSetAt === null || healthCheck === null || health === 'none') return container;
  const begun = health === 'starting' && healthCheck.lastRunAt === null ? healthCheck.startPeriodMs : 0;
  const since = clockSetAt + begun;
  if (healthCheck.lastRunAt !== null && healthCheck.lastRunAt >= since) return container;
  const isYoung = healthCheck.lastRunAt === null && (container.startedAt ?? 0) >= clockSetAt;
  return isYoung ? container : { ...container, healthCheck: { ...healthCheck, lastRunAt: since } };
}

const probedSince = (container: Container, by: number): Container =>
  container.probed === undefined ? container : { ...container, probed: shiftProbed(container.probed, by) };

const withTimersBegunAnew = (state: MonitorState, at: number): MonitorState => ({
  ...state,
  engine: forgetFailures(state.engine),
  records: withChanges(
    state.records,
    [...state.records].map(([name, record]) => [name, timersBegunAnew(record, at)]),
  ),
});

function timersBegunAnew(record: ContainerRecord, now: number): ContainerRecord {
  const { unsettledSince } = record.life;
  const { unhealthySince, spells } = record.health;
  if (unsettledSince === null && unhealthySince === null && spells.length === 0) return record;
  return {
    ...record,
    life: { ...record.life, unsettledSince: unsettledSince === null ? null : now },
    health: { ...record.health, unhealthySince: unhealthySince === null ? null : now, spells: [] },
  };
}
