import type { EventDraft, MemoryView } from '../../common/events/index.js';
import type { ContainerRecord } from '../policy/index.js';
import type { MonitorState } from './monitor-state.js';
import type { Step } from './state-keeper.js';
import { viewContainer } from './view-container.js';

/** A change to one container's record that comes from elsewhere than a look. */
export interface RecordChange {
  readonly name: string;
  readonly update: (record: ContainerRecord) => ContainerRecord;
  /** What is told of it; the last one carries the view. */
  readonly event: EventDraft | null;
  /** A person did it: what it ends was ended by a person. */
  readonly byPerson: boolean;
}

/** The step that makes the change; `null` when the container is not known. Pure. */
export function changeRecord(
  state: MonitorState,
  { name, update, event, byPerson }: RecordChange,
  memory: MemoryView | null,
  now: number,
): Step | null {
  const known = state.records.get(name);
  const container = state.containers.get(name);
  const topology = state.topology?.topology;
  if (!known || !container || !topology) return null;
  const record = update(known);
  const dependencies = topology.graph.dependencies.get(name) ?? [];
  const view = viewContainer(container, record, topology.rules.get(name)!, dependencies, memory, now);
  const incidents = new Map(state.incidents);
  if (byPerson) {
    for (const [id, incident] of incidents) {
      const itsOwn = incident.status === 'open' && incident.cause.container === name;
      if (itsOwn && !incident.helped) incidents.set(id, { ...incident, helped: true });
    }
  }
  const told: EventDraft = event ?? {
    type: 'container.changed',
    at: new Date(now).toISOString(),
    container: name,
    data: { reason: view.decision.reason },
  };
  return {
    state: {
      ...state,
      incidents,
      records: new Map(state.records).set(name, record),
      views: new Map(state.views).set(name, view),
    },
    events:
      record === known && event === null ? [] : [{ ...told, data: { ...told.data, view } } as EventDraft],
    records: record === known ? [] : [record],
  };
}
