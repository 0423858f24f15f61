import type { HealthStatus, Incident, IncidentKind, Standing, Status } from '../common/events/index.js';
import { standingOf } from '../common/standing/index.js';
import { Counter } from './counter.js';
import { gauge, type Family } from './family.js';
import type { Labels } from './labels.js';

/** Where an open incident of each kind can stand. */
const STANDINGS: Readonly<Record<IncidentKind, readonly Standing[]>> = {
  down: ['wrong', 'up-again'],
  unhealthy: ['wrong', 'up-again'],
  flapping: ['wrong', 'up-again'],
  'crash-loop': ['wrong', 'up-again'],
  leak: ['soon'],
  unreadable: ['wrong'],
  'refused-starts': ['wrong'],
  engine: ['wrong'],
  disk: ['soon'],
  'disk-full': ['wrong'],
  'disk-read-only': ['wrong'],
  'memory-pressure': ['wrong'],
  clock: ['wrong'],
};

/** What there is to say of the monitor, its engine, its store and its webhooks. */
export function monitorFamilies(
  status: HealthStatus,
  build: { readonly version: string; readonly intervalMs: number },
): Family[] {
  const { nodeId, mode, engine, store, webhooks, startedAt, lastCheckAt } = status;
  const { version } = build;
  return [
    one('build_info', 'The monitor; always 1.', 1, { version, node: nodeId }),
    one('healing_enabled', 'Whether it heals (1) or only watches (0).', Number(mode === 'heal')),
    one('start_time_seconds', 'Since when it watches, in seconds since 1970.', secondsOf(startedAt)),
    one(
      'last_full_check_timestamp_seconds',
      'When all containers were last checked, in seconds since 1970; 0 before the first time.',
      lastCheckAt === null ? 0 : secondsOf(lastCheckAt),
    ),
    one('check_interval_seconds', 'How often all containers are to be checked.', build.intervalMs / 1_000),
    one('engine_up', 'Whether the container engine answers (1) or not (0).', Number(engine.reachable)),
    one('engine_info', 'The container engine; always 1.', 1, {
      kind: engine.kind,
      version: engine.version ?? '',
    }),
    one(
      'store_durable',
      'Whether what is committed is kept (1), or in memory only, since the store cannot be written (0).',
      Number(store.durable),
      { kind: store.kind },
    ),
    one('webhook_endpoints', 'Endpoints of webhooks.', webhooks?.endpoints),
    one('webhook_endpoints_failing', 'Endpoints of webhooks that fail now.', webhooks?.failing),
    one('webhook_outbox_deliveries', 'Deliveries of webhooks that wait to be sent.', webhooks?.queued),
  ];
}

/** How many incidents are open, by kind and where they stand; also those of which there are none. */
export function incidentFamily(
  incidents: readonly Incident[],
  statusOf: (container: string) => Status | undefined,
): Family {
  const named = {
    name: 'health_monitor_incidents_open',
    help: 'Open incidents, by kind and where they stand.',
  };
  const expected = Object.entries(STANDINGS).flatMap(([kind, standings]) =>
    standings.map((standing) => ({ kind, standing })),
  );
  const open = new Counter(named, expected);
  for (const incident of incidents) {
    const standing = standingOf(incident, statusOf(incident.cause.container ?? ''));
    if (standing !== 'over') open.add({ kind: incident.kind, standing });
  }
  // Counted anew each time: it can be fewer than before.
  return gauge(named, open.family().samples);
}

/** `undefined`: there is no value. */
const one = (name: string, help: string, value: number | undefined, labels: Labels = {}): Family =>
  gauge(
    { name: `health_monitor_${name}`, help, afterwards: 0 },
    value === undefined ? [] : [{ labels, value }],
  );

const secondsOf = (iso: string): number => Date.parse(iso) / 1_000;
