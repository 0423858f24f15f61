import { type Container, type HealthCheck, type Pod } from '../container.js';
import { type Answer } from '../engine-api/answer.js';
import {
  DEFAULT_STOP_TIMEOUT_MS,
  healthIn,
  pidIn,
  readHealthCheck,
  readId,
  readRestartPolicy,
  readSharedNamespaces,
  readState,
  readTime,
  readTraces,
  type ReportedContainer,
} from '../engine-api/container-fields.js';
import { readReach } from '../engine-api/reach.reader.js';
import { readVolumes } from '../engine-api/volumes.reader.js';
import { RuntimeError } from '../runtime-error.js';
import { runsInForeground, wasMadeThroughApi } from './create-command.js';

const DEFAULT_STOP_TIMEOUT_S = DEFAULT_STOP_TIMEOUT_MS / 1000;

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
      healthCheck: readHealthCheck(
        config,
        state.at('Health'),
        readOnFailure(config.at('HealthcheckOnFailureAction')),
      ),
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

function readOnFailure(action: Answer): HealthCheck['onFailure'] {
  const name = action.or('none', (answer) => answer.string());
  return name === 'kill' || name === 'restart' || name === 'stop' ? name : 'none';
}

/** The Rust monitor met engines that give one name as a plain string. */
function readFirstName(names: Answer): string {
  if (names.isString) return names.string();
  const first = names.items()[0];
  if (!first) throw names.not('a name');
  return first.string();
}
