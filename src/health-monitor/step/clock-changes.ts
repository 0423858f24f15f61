import type { ContainerRecord } from '../policy/index.js';
import { forgetFailures } from './engine-state.js';
import type { FactOf } from './fact.js';
import { withChanges } from './map-changes.js';
import type { MonitorState } from './monitor-state.js';
import { viewContainer } from './view-container.js';
import { shiftBatch, shiftBoot, shiftIncident, shiftRecord } from './shift-times.js';

/** The host's clock was set: what is remembered moves along, and the time so far is no time of trouble. Pure. */
export function clockSet(state: MonitorState, { by, at }: FactOf<'clock-set'>): MonitorState {
  const shifted: MonitorState = {
    ...state,
    watchingSince: state.watchingSince + by,
    // Containers started from now on must not seem older than the host's start.
    boot: by < 0 && state.boot !== null ? shiftBoot(state.boot, by) : state.boot,
    records: new Map([...state.records].map(([name, record]) => [name, shiftRecord(record, by)])),
    incidents: new Map([...state.incidents].map(([id, incident]) => [id, shiftIncident(incident, by)])),
    batches: state.batches.map((batch) => shiftBatch(batch, by)),
  };
  return slept({ ...shifted, views: viewsOf(shifted, at) }, { kind: 'slept', at });
}

/** Views show times, too. */
function viewsOf({ views, containers, records, topology }: MonitorState, now: number): MonitorState['views'] {
  const { rules, graph } = topology ?? { rules: null, graph: null };
  return new Map(
    [...views].map(([name, view]) => {
      const [container, record, its] = [containers.get(name), records.get(name), rules?.get(name)];
      if (!container || !record || !its) return [name, view];
      return [name, viewContainer(container, record, its, graph?.dependencies.get(name) ?? [], now)];
    }),
  );
}

/** The host slept: no container was unhealthy all that time, as far as anybody knows. Pure. */
export function slept(state: MonitorState, { at }: FactOf<'slept'>): MonitorState {
  return {
    ...state,
    engine: forgetFailures(state.engine),
    records: withChanges(
      state.records,
      [...state.records].map(([name, record]) => [name, withTimersBegunAnew(record, at)]),
    ),
  };
}

function withTimersBegunAnew(record: ContainerRecord, now: number): ContainerRecord {
  const { unsettledSince } = record.life;
  const { unhealthySince } = record.health;
  if (unsettledSince === null && unhealthySince === null) return record;
  return {
    ...record,
    life: { ...record.life, unsettledSince: unsettledSince && now },
    health: { ...record.health, unhealthySince: unhealthySince && now },
  };
}
