import { CONTAINER_STATES, type ContainerState, type Health } from '../../../common/events/index.js';
import {
  type Container,
  type EngineRestartPolicy,
  type HealthCheck,
  type ListedContainer,
  type Pod,
  type SharedNamespaces,
} from '../container.js';
import { RuntimeError } from '../runtime-error.js';
import { shortId } from '../short-id.js';
import { type Answer } from './answer.js';
import { runsInForeground, wasMadeThroughApi } from './create-command.js';
import { readReach } from './reach.reader.js';
import { readVolumes } from './volumes.reader.js';

const FULL_ID = /^[0-9a-f]{64}$/;
const DEFAULT_STOP_TIMEOUT_S = 10;
export const DEFAULT_STOP_TIMEOUT_MS = DEFAULT_STOP_TIMEOUT_S * 1000;

/** As a list reports it. Whether its main process is still there, only a look at the host shows. */
export type ReportedContainer = Omit<ListedContainer, 'processVanished' | 'pod'>;

/** The same with the pod that it is a member of. */
export interface ReportedMember extends ReportedContainer {
  readonly pod?: Omit<Pod, 'infra'> & { readonly infra: ReportedContainer };
}

export interface InspectedContainer {
  /** A flag `stoppedByUser` that is not set is left out of the answer, as by an engine that has no such flag. */
  readonly container: Omit<Container, 'processVanished' | 'stoppedByUser' | 'pod'>;
  readonly stoppedByUser: boolean;
  /** It has no time to stop, and was made through the API: before Podman 4.7 nobody may have asked for that. */
  readonly lacksStopTimeout: boolean;
  /** Below the mount of the control groups; `null` when it has none now. */
  readonly cgroupPath: string | null;
  /** The process that tells the engine of the end of its main process; `null` when it has none now. */
  readonly conmonPid: number | null;
}

export function isFullId(text: string): boolean {
  return FULL_ID.test(text);
}

/**
 * Reads a list of all containers, as the API and `podman ps --all --format json` give it; infra containers with the
 * members of their pods. Of an item that cannot be read what can be is kept, so that its container is asked about alone;
 * one without name and id is left out.
 */
export function readContainerList(list: Answer): ReportedMember[] {
  const items = list.items();
  const isInfra = (item: Answer): boolean => item.at('IsInfra').isTrue;
  const infraOf = new Map(
    items.filter(isInfra).flatMap((item) => {
      const [infra] = readListItem(item);
      const pod = item.at('Pod').text;
      return infra === undefined || pod === null ? [] : [[pod, infra] as const];
    }),
  );
  return items
    .filter((item) => !isInfra(item))
    .flatMap((item) => {
      const infra = infraOf.get(item.at('Pod').text ?? '');
      const pod = infra && { name: item.at('PodName').text || infra.name, infra };
      return readListItem(item).map((container) => (pod ? { ...container, pod } : container));
    });
}

function readListItem(item: Answer): readonly ReportedContainer[] {
  try {
    return [readListedContainer(item)];
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    return readTraces(item);
  }
}

/** What is left of an item that cannot be read: who it is, as far as that is told, and nothing of how it is. */
function readTraces(item: Answer): readonly ReportedContainer[] {
  const names = item.at('Names');
  const id = item.at('Id').text ?? '';
  const name = names.text ?? names.first?.text ?? shortId(id);
  if (name === '') return [];
  return [
    {
      id,
      name,
      image: item.at('Image').text ?? '',
      state: 'unknown',
      health: 'none',
      exitCode: 0,
      startedAt: null,
      exitedAt: null,
      labels: {},
      autoRemove: false,
      pid: null,
    },
  ];
}

function readListedContainer(item: Answer): ReportedContainer {
  const state = readState(item.at('State'));
  return {
    id: readId(item.at('Id')),
    name: readFirstName(item.at('Names')),
    image: item.at('Image').or('', (answer) => answer.string()),
    state,
    health: healthIn(state, item.at('Status')),
    exitCode: state === 'running' ? 0 : item.at('ExitCode').number(),
    startedAt: item.at('StartedAt').unixSeconds(),
    exitedAt: item.at('ExitedAt').unixSeconds(),
    labels: item.at('Labels').strings(),
    autoRemove: item.at('AutoRemove').or(false, (answer) => answer.boolean()),
    pid: pidIn(state, item.at('Pid')),
  };
}

/** Reads one container as `inspect` gives it, through the API or the command line. */
export function readInspectedContainer(inspected: Answer): InspectedContainer {
  const state = inspected.at('State').record();
  const config = inspected.at('Config').record();
  const hostConfig = inspected.at('HostConfig').record();
  const status = readState(state.at('Status'));
  const createCommand = config
    .at('CreateCommand')
    .items()
    .map((word) => word.text ?? '');
  const stopTimeoutS = config.at('StopTimeout').or(DEFAULT_STOP_TIMEOUT_S, (answer) => answer.number());
  return {
    container: {
      id: readId(inspected.at('Id')),
      name: inspected.at('Name').string(),
      image: inspected.at('ImageName').or('', (answer) => answer.string()),
      state: status,
      health: healthIn(status, state.at('Health').at('Status')),
      exitCode: status === 'running' ? 0 : state.at('ExitCode').number(),
      startedAt: readTime(state.at('StartedAt')),
      exitedAt: readTime(state.at('FinishedAt')),
      createdAt: readTime(inspected.at('Created')),
      labels: config.at('Labels').strings(),
      autoRemove: hostConfig.at('AutoRemove').or(false, (answer) => answer.boolean()),
      pid: pidIn(status, state.at('Pid')),
      restartPolicy: readRestartPolicy(hostConfig.at('RestartPolicy').at('Name')),
      engineRestarts: inspected.at('RestartCount').or(0, (answer) => answer.number()),
      requires: inspected.at('Dependencies').items().map(readId),
      ...readSharedNamespaces(hostConfig),
      stopTimeoutMs: stopTimeoutS * 1000,
      oomKilled: state.at('OOMKilled').or(false, (answer) => answer.boolean()),
      // Nothing else of the command is kept: it may hold secrets.
      ranInForeground: runsInForeground(createCommand),
      healthCheck: readHealthCheck(config, state.at('Health')),
      ...readReach(inspected),
      ...readVolumes(inspected),
      ...(inspected.at('IsInfra').isTrue ? { isInfra: true } : {}),
    },
    stoppedByUser: state.at('StoppedByUser').or(false, (answer) => answer.boolean()),
    lacksStopTimeout: stopTimeoutS === 0 && wasMadeThroughApi(createCommand),
    cgroupPath: state.at('CgroupPath').or('', (answer) => answer.string()) || null,
    conmonPid: pidIn(status, state.at('ConmonPid')),
  };
}

function readHealthCheck(config: Answer, health: Answer): HealthCheck | null {
  const check = config.at('Healthcheck');
  const test = check.at('Test').items();
  if (test[0] === undefined || test[0].string() === 'NONE') return null;
  const last = health.at('Log').items().at(-1);
  return {
    intervalMs: readNanoseconds(check.at('Interval')),
    startPeriodMs: readNanoseconds(check.at('StartPeriod')),
    onFailure: readOnFailure(config.at('HealthcheckOnFailureAction')),
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

/** Podman names another container as `container:` and its full id, whatever was written when it was created. */
function readSharedNamespaces(hostConfig: Answer): Pick<Container, 'sharesNamespaces'> {
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

function readOnFailure(action: Answer): HealthCheck['onFailure'] {
  const name = action.or('none', (answer) => answer.string());
  return name === 'kill' || name === 'restart' || name === 'stop' ? name : 'none';
}

/** Podman writes "none" as an empty name before 5.0, as `no` since. */
function readRestartPolicy(policy: Answer): EngineRestartPolicy {
  const name = policy.or('', (answer) => answer.string());
  return name === 'always' || name === 'unless-stopped' || name === 'on-failure' ? name : 'none';
}

function readState(state: Answer): ContainerState {
  const name = state.string().toLowerCase();
  return CONTAINER_STATES.find((known) => known === name) ?? 'unknown';
}

/**
 * A health is worth believing only while the container runs: the engine keeps the last one after the exit. The API
 * gives the bare word, the command line puts it in brackets behind `Up 3 seconds`.
 */
function healthIn(state: ContainerState, status: Answer): Health {
  return state === 'running' ? healthWordIn(status) : 'none';
}

function healthWordIn(status: Answer): Health {
  const text = status.or('', (answer) => answer.string());
  const [, word] = /(?:^|\()(starting|healthy|unhealthy)\)?$/.exec(text) ?? [];
  return (word as Health | undefined) ?? 'none';
}

/** The engine keeps the last process id of one that has ended. */
function pidIn(state: ContainerState, pid: Answer): number | null {
  const hasProcess = state === 'running' || state === 'paused' || state === 'stopping';
  return hasProcess ? pid.or(0, (answer) => answer.number()) || null : null;
}

/** The Rust monitor met engines that give one name as a plain string. */
function readFirstName(names: Answer): string {
  if (names.isString) return names.string();
  const first = names.items()[0];
  if (!first) throw names.not('a name');
  return first.string();
}

function readId(id: Answer): string {
  const text = id.string();
  if (!isFullId(text)) throw id.not('a full id');
  return text;
}

function readTime(time: Answer): number | null {
  const at = time.or(null, (answer) => answer.time());
  return at === null ? null : Math.floor(at);
}

function readNanoseconds(duration: Answer): number {
  return duration.or(0, (answer) => answer.number()) / 1e6;
}
