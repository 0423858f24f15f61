import type { ContainerView, Status } from '../common/events/index.js';
import { gauge, type Family, type MetricName, type Sample } from './family.js';

/** Of these nobody expects that they are well, or knows whether they are. */
const NOTHING_EXPECTED: ReadonlySet<Status> = new Set(['ignored', 'held', 'stopped', 'unknown']);

/** As good as never. */
export const CENTURY_SECONDS = 100 * 365 * 86_400;

const METRICS = {
  info: { name: 'health_monitor_container_info', help: 'What a container is; always 1.', afterwards: 0 },
  status: {
    name: 'health_monitor_container_status',
    help: 'Its status now, in a word, as a label; always 1. Another status is another series.',
    afterwards: 0,
  },
  healthy: {
    name: 'health_monitor_container_healthy',
    help: 'Whether it is well (1) or not (0). None of one that is ignored, held, or off on purpose.',
    // Nobody expects anything of it any more: that is nothing to be alarmed at.
    afterwards: 1,
  },
  wished: {
    name: 'health_monitor_container_wished_running',
    help: 'Whether people want it to run (1) or to be off (0).',
    afterwards: 0,
  },
  held: {
    name: 'health_monitor_container_held',
    help: 'Whether a hold keeps the monitor from touching it (1) or not (0).',
    afterwards: 0,
  },
  attempts: {
    name: 'health_monitor_container_attempts',
    help: 'Attempts to bring it back that count now; it is given up after the last of them.',
    afterwards: 0,
  },
  used: {
    name: 'health_monitor_container_memory_used_bytes',
    help: 'Memory that it uses; 0 while it is down.',
    afterwards: 0,
  },
  limit: {
    name: 'health_monitor_container_memory_limit_bytes',
    help: 'Memory that it may use. None where it has no limit.',
  },
  leak: {
    name: 'health_monitor_container_leak_time_to_limit_seconds',
    help: 'In what time it reaches its limit as it grows now. Only while it leaks.',
    afterwards: CENTURY_SECONDS,
  },
} as const satisfies Record<string, MetricName>;
type Key = keyof typeof METRICS;

/**
 * What there is to say of each container: at most nine series, whatever the number of statuses. An alert needs one that
 * stays the same series while a container goes from `down` to `backing-off` to `restarting`; that is `healthy`. The word
 * itself is a label of a second one.
 */
export function containerFamilies(containers: readonly ContainerView[]): Family[] {
  const samples = Object.fromEntries(Object.keys(METRICS).map((key) => [key, []])) as unknown as Record<
    Key,
    Sample[]
  >;
  for (const container of containers) addSamples(container, samples);
  return Object.entries(METRICS).map(([key, named]) => gauge(named, samples[key as Key]));
}

function addSamples(view: ContainerView, samples: Record<Key, Sample[]>): void {
  const {
    name: container,
    host,
    appId: app,
    tier,
    owner,
    image,
    status,
    wish,
    hold,
    attempts,
    memory,
  } = view;
  const labels = { ...(host !== undefined && { host }), container };
  samples.info.push({ labels: { ...labels, app, tier, owner, image }, value: 1 });
  samples.status.push({ labels: { ...labels, status }, value: 1 });
  if (!NOTHING_EXPECTED.has(status)) samples.healthy.push({ labels, value: Number(status === 'healthy') });
  samples.wished.push({ labels, value: Number(wish === 'running') });
  samples.held.push({ labels, value: Number(hold !== null) });
  samples.attempts.push({ labels, value: attempts });
  if (memory === null) return;
  samples.used.push({ labels, value: memory.usedBytes });
  if (memory.limitBytes !== null) samples.limit.push({ labels, value: memory.limitBytes });
  const hours = memory.trend?.leaking ? memory.trend.hoursToLimit : null;
  if (hours !== null) samples.leak.push({ labels, value: hours * 3_600 });
}
