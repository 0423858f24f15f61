import type {
  FileSystemView,
  HealthStatus,
  HostStatus,
  Incident,
  IncidentKind,
  Standing,
} from '../common/events/index.js';
import { standingOf, statusOfCause, type Causes } from '../common/standing/index.js';
import { Counter } from './counter.js';
import { CENTURY_SECONDS } from './container-families.js';
import { gauge, type Family, type MetricName } from './family.js';
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
  external: ['wrong', 'up-again'],
  engine: ['wrong'],
  disk: ['soon'],
  'disk-full': ['wrong'],
  'disk-read-only': ['wrong'],
  'memory-pressure': ['wrong'],
  clock: ['wrong'],
};

/** What there is to say of the monitor, its engines, its store and its webhooks. */
export function monitorFamilies(
  status: HealthStatus,
  build: { readonly version: string; readonly intervalMs: number },
): Family[] {
  const { nodeId, mode, store, webhooks, startedAt, replica } = status;
  const { version } = build;
  return [
    one('build_info', 'The monitor; always 1.', 1, { version, node: nodeId }),
    one('healing_enabled', 'Whether it heals (1) or only watches (0).', Number(mode === 'heal')),
    one('start_time_seconds', 'Since when it watches, in seconds since 1970.', secondsOf(startedAt)),
    ofEach(
      status,
      'last_full_check_timestamp_seconds',
      'When all containers were last checked, in seconds since 1970; 0 before the first time.',
      ({ lastCheckAt }) => ({ value: lastCheckAt === null ? 0 : secondsOf(lastCheckAt) }),
    ),
    one('check_interval_seconds', 'How often all containers are to be checked.', build.intervalMs / 1_000),
    ofEach(
      status,
      'engine_up',
      'Whether the container engine answers (1) or not (0).',
      ({ engine: { reachable } }) => ({ value: Number(reachable) }),
    ),
    ofEach(status, 'engine_info', 'The container engine; always 1.', ({ engine: { kind, version } }) => ({
      value: 1,
      labels: { kind, version: version ?? '' },
    })),
    one(
      'store_durable',
      'Whether what is committed is kept (1), or in memory only, since the store cannot be written (0).',
      Number(store.durable),
      { kind: store.kind },
    ),
    one(
      'replica_leading',
      'Whether this process leads those that serve from the same store (1) or not (0). None where there can be no other.',
      replica && Number(replica.role === 'leading'),
    ),
    one('webhook_endpoints', 'Endpoints of webhooks.', webhooks?.endpoints),
    one('webhook_endpoints_failing', 'Endpoints of webhooks that fail now.', webhooks?.failing),
    one('webhook_outbox_deliveries', 'Deliveries of webhooks that wait to be sent.', webhooks?.queued),
  ];
}

/** What there is to say of the machine, and of the file systems of other hosts; no values of what is not watched. */
export function machineFamilies(status: HealthStatus): Family[] {
  const { machine } = status;
  const each = (named: MetricName, of: (one: FileSystemView) => number | null): Family =>
    gauge(
      { ...named, name: `health_monitor_file_system_${named.name}` },
      hostsOf(status).flatMap(({ labels, machine: at }) =>
        (at?.fileSystems ?? []).flatMap((one) => {
          const value = of(one);
          return value === null ? [] : [{ labels: { ...labels, mount: one.mount }, value }];
        }),
      ),
    );
  return [
    each(
      {
        name: 'size_bytes',
        help: 'Size of a file system on which the engine or a container keeps something.',
        // One that is taken away has no size, so that little space on it is no share of that.
        afterwards: 0,
      },
      (one) => one.sizeBytes,
    ),
    each(
      { name: 'free_bytes', help: 'What is free of it, without what is kept back for root.', afterwards: 0 },
      (one) => one.freeBytes,
    ),
    each(
      {
        name: 'read_only',
        help: 'Whether nothing can be written to it (1), though a container should, or not (0).',
        afterwards: 0,
      },
      (one) => Number(one.readOnly),
    ),
    each(
      {
        name: 'time_to_full_seconds',
        help: 'In what time it is full as it fills now. None where that is not foreseeable.',
        afterwards: CENTURY_SECONDS,
      },
      (one) => (one.fullInMs === null ? null : one.fullInMs / 1_000),
    ),
    one(
      'memory_pressure_ratio',
      'The share of the last five minutes for which everything waited for memory.',
      machine?.memoryPressure ?? undefined,
    ),
    one(
      'clock_offset_seconds',
      'By how much the clock is ahead of that of those who answer webhooks (behind: negative).',
      inSeconds(machine?.clockOffMs ?? undefined),
    ),
  ];
}

const inSeconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1_000);

/** How many incidents are open, by kind and where they stand; also those of which there are none. */
export function incidentFamily(incidents: readonly Incident[], causes: Causes): Family {
  const named = {
    name: 'health_monitor_incidents_open',
    help: 'Open incidents, by kind and where they stand.',
  };
  const expected = Object.entries(STANDINGS).flatMap(([kind, standings]) =>
    standings.map((standing) => ({ kind, standing })),
  );
  const open = new Counter(named, expected);
  for (const incident of incidents) {
    const standing = standingOf(incident, statusOfCause(incident, causes));
    if (standing !== 'over') open.add({ kind: incident.kind, standing });
  }
  // Counted anew each time: it can be fewer than before.
  return gauge(named, open.family().samples);
}

/** A host, with what tells its series from those of the others. */
type Labelled = Pick<HostStatus, 'engine' | 'lastCheckAt' | 'machine'> & { readonly labels: Labels };

/** The local one, which needs no label, and the others. */
const hostsOf = (status: HealthStatus): readonly Labelled[] => [
  { ...status, labels: {} },
  ...(status.hosts ?? []).map((other) => ({ ...other, labels: { host: other.host } })),
];

/** A value of each host. */
const ofEach = (
  status: HealthStatus,
  name: string,
  help: string,
  of: (host: Labelled) => { readonly value: number; readonly labels?: Labels },
): Family =>
  gauge(
    { name: `health_monitor_${name}`, help, afterwards: 0 },
    hostsOf(status).map((host) => {
      const { value, labels } = of(host);
      return { value, labels: { ...host.labels, ...labels } };
    }),
  );

/** `undefined`: there is no value. */
const one = (name: string, help: string, value: number | undefined, labels: Labels = {}): Family =>
  gauge(
    { name: `health_monitor_${name}`, help, afterwards: 0 },
    value === undefined ? [] : [{ labels, value }],
  );

const secondsOf = (iso: string): number => Date.parse(iso) / 1_000;
