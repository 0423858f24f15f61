import type { Container, HealthCheck } from '../container.js';
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
} from '../engine-api/container-fields.js';
import { readReach } from '../engine-api/reach.reader.js';
import { readVolumes } from '../engine-api/volumes.reader.js';
import { signalNumber } from './stop-signals.js';

const DEFAULT_CHECK_INTERVAL_MS = 30_000;

/** What Docker tells of one container, and what is asked of it only to understand other answers. */
export interface InspectedContainer {
  readonly container: Omit<Container, 'pod' | 'stoppedByUser'>;
  /** Names of the containers that it is linked to; Docker tells no ids. */
  readonly links: readonly string[];
  /** Its stop signal; `null`: the usual. */
  readonly stopSignal: number | null;
  /** Its log is the bare text, without frames. */
  readonly hasTerminal: boolean;
}

/** Reads one container as `inspect` gives it. */
export function readInspectedContainer(inspected: Answer): InspectedContainer {
  const state = inspected.at('State').record();
  const config = inspected.at('Config').record();
  const hostConfig = inspected.at('HostConfig').record();
  const status = stateOf(state);
  const startedAt = readTime(state.at('StartedAt'));
  const shared = readSharedNamespaces(hostConfig);
  return {
    container: {
      id: readId(inspected.at('Id')),
      name: withoutSlash(inspected.at('Name').string()),
      image: config.at('Image').or('', (answer) => answer.string()),
      state: status,
      health: healthIn(status, state.at('Health').at('Status')),
      // A start that failed leaves a code behind, though nothing ran.
      exitCode: status === 'running' || startedAt === null ? 0 : state.at('ExitCode').number(),
      startedAt,
      exitedAt: readTime(state.at('FinishedAt')),
      createdAt: readTime(inspected.at('Created')),
      labels: config.at('Labels').strings(),
      autoRemove: hostConfig.at('AutoRemove').or(false, (answer) => answer.boolean()),
      pid: pidIn(status, state.at('Pid')),
      processVanished: false,
      restartPolicy: readRestartPolicy(hostConfig.at('RestartPolicy').at('Name')),
      engineRestarts: inspected.at('RestartCount').or(0, (answer) => answer.number()),
      requires: (shared.sharesNamespaces ?? []).map(({ of }) => of),
      ...shared,
      stopTimeoutMs: config.at('StopTimeout').or(DEFAULT_STOP_TIMEOUT_MS, (answer) => answer.number() * 1000),
      oomKilled: state.at('OOMKilled').or(false, (answer) => answer.boolean()),
      healthCheck: withUsualInterval(readHealthCheck(config, state.at('Health'), 'none')),
      ...readReach(inspected),
      ...readVolumes(inspected),
    },
    links: hostConfig.at('Links').items().map(readLink),
    stopSignal: config.at('StopSignal').or(null, (answer) => signalNumber(answer.string())),
    hasTerminal: config.at('Tty').isTrue,
  };
}

/** `dead`: what could not be removed whole. */
const stateOf = (state: Answer): Container['state'] =>
  state.at('Status').text === 'dead' ? 'removing' : readState(state.at('Status'));

/** `/db:/app/alias`: the other one, and what this one calls it. */
const readLink = (link: Answer): string => withoutSlash(link.string().split(':')[0] ?? '');

const withUsualInterval = (check: HealthCheck | null): HealthCheck | null =>
  check === null || check.intervalMs > 0 ? check : { ...check, intervalMs: DEFAULT_CHECK_INTERVAL_MS };

const withoutSlash = (name: string): string => name.replace(/^\//, '');
