import type { EventDraft, MemoryTrend } from '../../common/events/index.js';
import { leakNotice, openLeakIncident, type IncidentRecord, type Notice } from '../incidents/index.js';
import { inDailyWindow, type MemoryChange } from '../memory/index.js';
import { meaningOf, type Rules } from '../policy/index.js';
import type { Act } from './decide-all.js';
import type { MonitorState } from './monitor-state.js';
import type { Step } from './state-keeper.js';

const EVENT_TYPES = {
  leak: 'memory.leak',
  urgent: 'memory.leak_urgent',
  cleared: 'memory.leak_cleared',
} as const;

function openLeak(incidents: MonitorState['incidents'], container: string): IncidentRecord | undefined {
  return [...incidents.values()].find(
    ({ kind, status, cause }) => kind === 'leak' && status === 'open' && cause.container === container,
  );
}

/**
 * The step that tells what the latest memory readings say. What people know already, perhaps from an earlier process, is
 * not told again. Pure.
 */
export function leaksChanged(state: MonitorState, changes: readonly MemoryChange[], now: number): Step {
  const at = new Date(now).toISOString();
  const incidents = new Map(state.incidents);
  const notices: Notice[] = [];
  const events: EventDraft[] = [];
  for (const { container, kind, trend } of changes) {
    const open = openLeak(incidents, container);
    if (isKnown(kind, open)) continue;
    const incident = advance(open ?? openLeakIncident(container, trend, now), kind, trend, at);
    incidents.set(incident.id, incident);
    notices.push(leakNotice(kind, container, trend.reason, incident.id));
    events.push({
      type: EVENT_TYPES[kind],
      at,
      container,
      data: { reason: trend.reason, incidentId: incident.id },
    });
  }
  return { state: { ...state, incidents }, events, notices };
}

function isKnown(kind: MemoryChange['kind'], open: IncidentRecord | undefined): boolean {
  switch (kind) {
    case 'leak':
      return open !== undefined;
    case 'urgent':
      return open !== undefined && open.told.worsened !== null;
    case 'cleared':
      return open === undefined;
  }
}

function advance(
  incident: IncidentRecord,
  kind: MemoryChange['kind'],
  { reason }: MemoryTrend,
  at: string,
): IncidentRecord {
  const { told, cause } = incident;
  switch (kind) {
    case 'leak':
      return { ...incident, told: { ...told, opened: 'memory.leak' } };
    case 'urgent':
      return { ...incident, cause: { ...cause, reason }, told: { ...told, worsened: 'memory.leak_urgent' } };
    case 'cleared':
      return {
        ...incident,
        status: 'resolved',
        resolvedAt: at,
        endedBy: incident.attempted ? 'attempt' : 'itself',
        told: { ...told, ended: 'memory.leak_cleared' },
      };
  }
}

/** Whether a container that leaks may be restarted for that, and now is its time of day. */
export function isLeakRestartDue(
  { incidents }: MonitorState,
  name: string,
  { onLeak, leakRestartWindow }: Rules,
  now: number,
): boolean {
  if (onLeak !== 'restart' || !inDailyWindow(leakRestartWindow, new Date(now))) return false;
  return openLeak(incidents, name)?.attempted === false;
}

/** Notes that a leak was answered by a restart: by one, not by one a night. */
export function noteLeakRestarts(step: Step, acts: readonly Act[]): Step {
  const incidents = new Map(step.state.incidents);
  for (const { name, code } of acts) {
    const open = meaningOf({ code }).answers === 'leak' ? openLeak(incidents, name) : undefined;
    if (open) incidents.set(open.id, { ...open, attempted: true });
  }
  return { ...step, state: { ...step.state, incidents } };
}
