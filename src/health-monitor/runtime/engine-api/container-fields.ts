import { CONTAINER_STATES, type ContainerState, type Health } from '../../../common/events/index.js';
import {
  type Container,
  type EngineRestartPolicy,
  type HealthCheck,
  type ListedContainer,
  type SharedNamespaces,
} from '../container.js';
import { NOTHING_TOLD } from '../nothing-told.js';
import { shortId } from '../short-id.js';
import { type Answer } from './answer.js';
import { isFullId } from './full-id.js';

/** What engines give a container that was made without a time to stop. */
export const DEFAULT_STOP_TIMEOUT_MS = 10_000;

/** As a list reports it. Whether its main process is still there, only a look at the host shows. */
export type ReportedContainer = Omit<ListedContainer, 'processVanished' | 'pod'>;

export function readId(id: Answer): string {
  const text = id.string();
  if (!isFullId(text)) throw id.not('a full id');
  return text;
}

export function readTime(time: Answer): number | null {
  const at = time.or(null, (answer) => answer.time());
  return at === null ? null : Math.floor(at);
}

export function readNanoseconds(duration: Answer): number {
  return duration.or(0, (answer) => answer.number()) / 1e6;
}

export function readState(state: Answer): ContainerState {
  const name = state.string().toLowerCase();
  return CONTAINER_STATES.find((known) => known === name) ?? 'unknown';
}

/** "None" is an empty name, or `no`. */
export function readRestartPolicy(policy: Answer): EngineRestartPolicy {
  const name = policy.or('', (answer) => answer.string());
  return name === 'always' || name === 'unless-stopped' || name === 'on-failure' ? name : 'none';
}

/**
 * A health is worth believing only while the container runs: the engine keeps the last one after the exit. It is the bare
 * word, or stands in brackets behind `Up 3 seconds`.
 */
export function healthIn(state: ContainerState, status: Answer): Health {
  return state === 'running' ? healthWordIn(status) : 'none';
}

function healthWordIn(status: Answer): Health {
  const text = status.or('', (answer) => answer.string());
  const [, word] = /(?:^|\()(?:health: )?(starting|healthy|unhealthy)\)?$/.exec(text) ?? [];
  return (word as Health | undefined) ?? 'none';
}

/** The engine keeps the last process id of one that has ended. */
export function pidIn(state: ContainerState, pid: Answer): number | null {
  const hasProcess = state === 'running' || state === 'paused' || state === 'stopping';
  return hasProcess ? pid.or(0, (answer) => answer.number()) || null : null;
}

/** @param onFailure what the engine does when it fails */
export function readHealthCheck(
  config: Answer,
  health: Answer,
  onFailure: HealthCheck['onFailure'],
): HealthCheck | null {
  const check = config.at('Healthcheck');
  const test = check.at('Test').items();
  if (test[0] === undefined || test[0].string() === 'NONE') return null;
  const last = health.at('Log').items().at(-1);
  return {
    intervalMs: readNanoseconds(check.at('Interval')),
    startPeriodMs: readNanoseconds(check.at('StartPeriod')),
    onFailure,
    lastStatus: healthWordIn(health.at('Status')),
    lastRunAt: last ? readTime(last.at('End')) : null,
    lastOutput: last ? last.at('Output').or('', (answer) => answer.string()) : null,
  };
}

const NAMESPACE_MODES = [
  ['network', 'NetworkMode'],
  ['ipc', 'IpcMode'],
  ['pid', 'PidMode'],
] as const;

/** Engines name another container as `container:` and its full id, whatever was written when it was created. */
export function readSharedNamespaces(hostConfig: Answer): Pick<Container, 'sharesNamespaces'> {
  const taken = NAMESPACE_MODES.map(([namespace, mode]) => {
    const text = hostConfig.at(mode).or('', (answer) => answer.string());
    return { namespace, of: text.startsWith('container:') ? text.slice('container:'.length) : '' };
  }).filter(({ of }) => isFullId(of));
  if (taken.length === 0) return {};
  const sharesNamespaces = [...new Set(taken.map(({ of }) => of))].map((id): SharedNamespaces => ({
    of: id,
    which: taken.filter(({ of }) => of === id).map(({ namespace }) => namespace),
  }));
  return { sharesNamespaces };
}

/** What is left of an item of a list that cannot be read: who it is, as far as that is told, and nothing of how it is. */
export function readTraces(item: Answer): readonly ReportedContainer[] {
  const names = item.at('Names');
  const id = item.at('Id').text ?? '';
  const name = (names.text ?? names.first?.text ?? shortId(id)).replace(/^\//, '');
  if (name === '') return [];
  return [{ ...NOTHING_TOLD, id, name, image: item.at('Image').text ?? '' }];
}
