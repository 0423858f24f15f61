import type { ContainerState, Health } from '../../common/events/index.js';
import type { Container, HealthCheck, Namespace } from '../runtime/index.js';
import type { ContainerRecord, Life } from './record.js';
import type { Rules } from './rules.js';

/** Up that long without a health check, it counts as ready. */
export const READY_AFTER_MS = 5_000;
/** A check that should have run three times over, and this much more, does not run here. */
const CHECK_SLACK_MS = 60_000;

export const isUp = (container: Container): boolean =>
  container.state === 'running' && !container.processVanished;

/** `created` with a start time is what Podman before 5.0 makes of running containers over a host reboot. */
export const isDown = (container: Container): boolean =>
  container.processVanished ||
  container.state === 'exited' ||
  container.state === 'stopped' ||
  (container.state === 'created' && container.startedAt !== null);

const UNSETTLED: ReadonlySet<ContainerState> = new Set(['restarting', 'stopping', 'removing', 'unknown']);

/** On its way from one state to another, or in a state that is not known here: no engine leaves it so for long. */
export const isUnsettled = (container: Container): boolean => UNSETTLED.has(container.state);

/** With a pid namespace all that runs in it dies. */
export const isOutlived = (namespace: Namespace): boolean => namespace !== 'pid';

/** Its health, as far as it can be believed: of the engine's check and our probes the worse, but first what asks for patience. */
export function believedHealth(container: Container, now: number): Health {
  if (!isUp(container)) return 'none';
  const probed = HEALTH_OF_PROBED[container.probed?.health ?? 'unknown'];
  if (probed === 'starting') return probed;
  const checked = checkedHealth(container, now);
  return WORST_FIRST.find((health) => health === checked || health === probed) ?? 'none';
}

const HEALTH_OF_PROBED = {
  ok: 'healthy',
  'not-yet': 'starting',
  failed: 'unhealthy',
  unanswered: 'none',
  unknown: 'none',
} as const satisfies Record<string, Health>;
const WORST_FIRST: readonly Health[] = ['unhealthy', 'starting', 'healthy'];

/** Without systemd nobody runs Podman's health checks; what it then says, `starting` for ever or an old `unhealthy`, says nothing. */
function checkedHealth(container: Container, now: number): Health {
  const { health, healthCheck } = container;
  if (health === 'none' || healthCheck === null) return 'none';
  return isSilent(container, healthCheck, now) ? 'none' : health;
}

/** What its failing check says, in its own words; `null`: nothing. Not yet fit to be shown. */
export const wordsOfFailure = ({
  probed,
  healthCheck,
}: Pick<Container, 'probed' | 'healthCheck'>): string | null =>
  (probed?.health === 'failed' ? probed.sentence : healthCheck?.lastOutput?.trim()) || null;

/** Its check should have run by now, and did not. */
function isSilent({ health, startedAt }: Container, check: HealthCheck, now: number): boolean {
  const patience = 3 * check.intervalMs + CHECK_SLACK_MS;
  if (check.lastRunAt !== null) return now - check.lastRunAt > patience;
  return health === 'starting' && startedAt !== null && now - startedAt > check.startPeriodMs + patience;
}

/** When its attempts are forgotten, if it stays up and is not unhealthy until then. Milliseconds since 1970. */
export function stableAt(
  { life: { run }, healing: { attempts } }: Pick<ContainerRecord, 'life' | 'healing'>,
  { stableAfterMs }: Pick<Rules, 'stableAfterMs'>,
): number {
  return Math.max(run?.since ?? 0, attempts.at(-1)?.at ?? 0) + stableAfterMs;
}

/** Whether a container is ready to be depended on: up and healthy, or up for 5 s where no health check runs. */
export function isReady(container: Container, { run }: Pick<Life, 'run'>, now: number): boolean {
  if (!isUp(container)) return false;
  switch (believedHealth(container, now)) {
    case 'healthy':
      return true;
    case 'none':
      // A run that was not taken in yet, because an act on it is under way, has only just begun.
      return run?.startedAt === container.startedAt && now - run.since >= READY_AFTER_MS;
    case 'starting':
    case 'unhealthy':
      return false;
  }
}
