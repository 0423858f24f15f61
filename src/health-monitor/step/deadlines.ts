import { deadlinesOf as incidentDeadlines } from '../incidents/index.js';
import { believedHealth, READY_AFTER_MS, type ContainerRecord } from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { MonitorState } from './monitor-state.js';

/** What is overdue for longer than this does not hang on time alone; full checks see to it. */
const OVERDUE_FOR_MS = 5_000;

/** Whom to check again, and when, because time alone changes something. Milliseconds since 1970. */
export interface Deadline {
  readonly at: number;
  /** `null`: all, since it is about no container. */
  readonly name: string | null;
}

/** Everything that time alone will change, in no order. Pure. */
export function deadlinesOf(
  { records, containers, incidents, awake }: MonitorState,
  now: number,
): readonly Deadline[] {
  const deadlines: Deadline[] = [];
  const add = (at: number | null, name: string | null): void => {
    if (at !== null && now - at < OVERDUE_FOR_MS) deadlines.push({ at, name });
  };
  // What time alone changes is not at rest.
  for (const name of awake) {
    const record = records.get(name);
    if (record === undefined || record.life.absentSince !== null) continue;
    const dueAt = record.shown.decision?.dueAt;
    if (typeof dueAt === 'number') add(dueAt, name);
    // Also where the decision does not wait for that, as of one that its restart policy leaves down.
    if (record.life.death?.stoppedBy === 'pending') add(record.life.death.pendingUntil, name);
    if (record.life.up && record.health.readySince === null)
      add(readyAt(record, containers.get(name), now), name);
  }
  for (const incident of incidents.values()) {
    for (const at of incidentDeadlines(incident)) add(at, incident.cause.container);
  }
  return deadlines;
}

/** One without a health check is ready after a while; `null`: time alone will not tell. */
function readyAt(
  { life: { run } }: ContainerRecord,
  container: Container | undefined,
  now: number,
): number | null {
  const isUnchecked = container !== undefined && believedHealth(container, now) === 'none';
  return run !== null && isUnchecked ? run.since + READY_AFTER_MS : null;
}
