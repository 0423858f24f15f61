import { isRecord } from './expectation.decorators.js';
import { socketPathFrom } from './socket-path.js';
import { isRemoteSocketPath } from './ssh-destination.js';
import { isLoopback, tcpAddressFrom } from './tcp-address.js';

type Runtime = Readonly<Record<string, unknown>>;

/** What is wrong between the parts of `runtime`, which says how the engine is reached. Says nothing of a part that is itself wrong. */
export function runtimeProblems(runtime: unknown, path = 'runtime'): string[] {
  if (!isRecord(runtime)) return [];
  return [...twoWays(runtime), ...withoutUse(runtime), ...ofSsh(runtime), ...ofTcp(runtime)].map(
    (problem) => `${path}.${problem}`,
  );
}

const has = (runtime: Runtime, key: string): boolean => runtime[key] !== undefined;

function twoWays(runtime: Runtime): string[] {
  return [
    ['ssh', 'tcp'],
    ['tcp', 'socketPath'],
  ].flatMap(([one = '', other = '']) =>
    has(runtime, one) && has(runtime, other)
      ? [`${one}: expected without ${other}, since each says where the engine is`]
      : [],
  );
}

/** What says something of a way that is not taken: whoever wrote it meant another. */
function withoutUse(runtime: Runtime): string[] {
  const needs = { sshConfig: 'ssh', tls: 'tcp', insecure: 'tcp' };
  const unused = Object.entries(needs).flatMap(([key, way]) =>
    has(runtime, key) && !has(runtime, way) ? [`${key}: expected only with ${way}`] : [],
  );
  const isElsewhere = has(runtime, 'ssh') || has(runtime, 'tcp');
  return isElsewhere && runtime.kind === 'podman-cli'
    ? [...unused, "kind: expected 'auto' or 'podman', since a command is run on this machine only"]
    : unused;
}

function ofSsh({ ssh, socketPath }: Runtime): string[] {
  if (ssh === undefined || typeof socketPath !== 'string') return [];
  const path = socketPathFrom(socketPath);
  return path === null || isRemoteSocketPath(path)
    ? []
    : ['socketPath: expected, with ssh, a path from / on, of letters, digits and . _ - , / @ + = ~'];
}

function ofTcp({ tcp, tls, insecure }: Runtime): string[] {
  const place = typeof tcp === 'string' ? tcpAddressFrom(tcp) : null;
  if (place === null) return [];
  const problems: string[] = [];
  if (!place.isTls && !isLoopback(place.host) && insecure !== true) {
    problems.push(
      'tcp: expected https, since http lets everybody in between read and change what is said; write insecure: true beside it if ' +
        'that is meant',
    );
  }
  if (isRecord(tls)) {
    if (!place.isTls) problems.push('tls: expected only with https in tcp');
    if ((tls.cert === undefined) !== (tls.key === undefined))
      problems.push('tls: expected cert and key both, or none of them');
  }
  return problems;
}
