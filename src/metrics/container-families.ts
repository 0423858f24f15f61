import type { ContainerView, Status } from '../common/events/index.js';
import { sample, type Family } from './family.js';
import { labelText } from './labels.js';

/** Of these nobody expects that they are well: they are left alone, or off on purpose. */
const NOTHING_EXPECTED: ReadonlySet<Status> = new Set(['ignored', 'held', 'stopped']);

const FAMILIES = {
  info: ['health_monitor_container_info', 'What a container is; always 1.'],
  status: [
    'health_monitor_container_status',
    'Its status now, in a word, as a label; always 1. Another status is another series.',
  ],
  healthy: [
    'health_monitor_container_healthy',
    'Whether it is well (1) or not (0). None of one that is ignored, held, or off on purpose.',
  ],
  wished: ['health_monitor_container_wished_running', 'Whether people want it to run (1) or to be off (0).'],
  held: [
    'health_monitor_container_held',
    'Whether a hold keeps the monitor from touching it (1) or not (0).',
  ],
  attempts: [
    'health_monitor_container_attempts',
    'Attempts to bring it back that count now; it is given up after the last of them.',
  ],
  used: ['health_monitor_container_memory_used_bytes', 'Memory that it uses; 0 while it is down.'],
  limit: [
    'health_monitor_container_memory_limit_bytes',
    'Memory that it may use. None where it has no limit.',
  ],
  leak: [
    'health_monitor_container_leak_time_to_limit_seconds',
    'In what time it reaches its limit as it grows now. Only while it leaks.',
  ],
} as const;
type Key = keyof typeof FAMILIES;

/**
 * What there is to say of each container: at most nine series, whatever the number of statuses. An alert needs one that
 * stays the same series while a container goes from `down` to `backing-off` to `restarting`; that is `healthy`. The word
 * itself is a label of a second one.
 */
export function containerFamilies(containers: readonly ContainerView[]): Family[] {
  const samples = Object.fromEntries(Object.keys(FAMILIES).map((key) => [key, []])) as unknown as Record<
    Key,
    string[]
  >;
  for (const container of containers) addSamples(container, samples);
  return Object.entries(FAMILIES).map(([key, [name, help]]) => ({
    name,
    help,
    type: 'gauge',
    samples: samples[key as Key],
  }));
}

function addSamples(container: ContainerView, samples: Record<Key, string[]>): void {
  const { name, appId, tier, owner, image, status, wish, hold, attempts, memory } = container;
  const own = labelText({ container: name });
  const about = labelText({ app: appId, tier, owner, image });
  samples.info.push(sample(FAMILIES.info[0], `${own},${about}`, 1));
  samples.status.push(sample(FAMILIES.status[0], `${own},status="${status}"`, 1));
  if (!NOTHING_EXPECTED.has(status))
    samples.healthy.push(sample(FAMILIES.healthy[0], own, Number(status === 'healthy')));
  samples.wished.push(sample(FAMILIES.wished[0], own, Number(wish === 'running')));
  samples.held.push(sample(FAMILIES.held[0], own, Number(hold !== null)));
  samples.attempts.push(sample(FAMILIES.attempts[0], own, attempts));
  if (memory === null) return;
  samples.used.push(sample(FAMILIES.used[0], own, memory.usedBytes));
  if (memory.limitBytes !== null) samples.limit.push(sample(FAMILIES.limit[0], own, memory.limitBytes));
  const hours = memory.trend?.leaking ? memory.trend.hoursToLimit : null;
  if (hours !== null) samples.leak.push(sample(FAMILIES.leak[0], own, hours * 3_600));
}
