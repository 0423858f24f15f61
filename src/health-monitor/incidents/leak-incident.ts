import type { MemoryTrend } from '../../common/events/index.js';
import { appIdOf } from '../policy/index.js';
import { TOLD_NOTHING, type IncidentRecord } from './incident-record.js';
import type { Notice } from './notice.js';

/** A container that leaks memory: opened when found, worse when little time is left, over when it stopped. */
export function openLeakIncident(container: string, trend: MemoryTrend, now: number): IncidentRecord {
  return {
    id: `${now.toString(36)}-leak-${container.slice(0, 100)}`,
    kind: 'leak',
    status: 'open',
    openedAt: new Date(now).toISOString(),
    resolvedAt: null,
    endedBy: null,
    cause: { container, reason: trend.reason, evidence: null },
    victims: [],
    timeline: [],
    since: now,
    backAt: null,
    announced: true,
    told: TOLD_NOTHING,
    attempted: false,
    helped: false,
  };
}

const NOTICES = {
  leak: { type: 'memory.leak', level: 'warning', title: 'is leaking memory' },
  urgent: { type: 'memory.leak_urgent', level: 'error', title: 'is leaking memory' },
  cleared: { type: 'memory.leak_cleared', level: 'info', title: 'stopped leaking' },
} as const;

export function leakNotice(
  kind: keyof typeof NOTICES,
  container: string,
  reason: string,
  incidentId: string | null,
): Notice {
  const { type, level, title } = NOTICES[kind];
  return {
    type,
    level,
    title: `${appIdOf(container)} ${title}`,
    message: reason,
    container,
    incidentId,
    details: {
      container,
      app_id: appIdOf(container),
      ...(incidentId === null ? {} : { incident_id: incidentId }),
      reason,
    },
  };
}
