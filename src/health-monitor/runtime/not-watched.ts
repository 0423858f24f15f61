import type { EngineInfo } from './container.js';
import { engineName } from './engine-name.js';

/**
 * What people are told of a second engine on one machine: that it is not watched, and the options with which both are, or it
 * alone is. Pure.
 *
 * @param running how many of its containers run
 * @param host whose engines they are: its name in `hosts` of the options; `null`: the local one's
 */
export function notWatched(
  watched: EngineInfo,
  other: EngineInfo,
  running: number,
  host: string | null,
): string {
  const [name, otherName] = [engineName(watched.kind), engineName(other.kind)];
  const kind = host === null ? 'runtime.kind' : `runtime.kind of the host ${host}`;
  const second = `${host === null ? '' : `${host}-`}${otherName.toLowerCase()}`;
  return (
    `${otherName} runs containers here, too (${running}, at ${other.address}): only those of ${name} are watched. ` +
    `To watch both, set ${kind} to '${watched.kind}', and have the other as a host: ` +
    `hosts: { '${second}': { runtime: ${runtimeOf(other)} } }. ` +
    `To watch the others instead, set ${kind} to '${other.kind}'.`
  );
}

/** The option that means this engine and no other. */
function runtimeOf({ kind, address }: EngineInfo): string {
  const [, destination, remotePath] = /^ssh:\/\/([^/]+)(\/.*)$/.exec(address) ?? [];
  if (destination !== undefined)
    return `{ kind: '${kind}', ssh: '${destination}', socketPath: '${remotePath}' }`;
  const place =
    kind === 'podman-cli'
      ? `command: [${address
          .split(' ')
          .map((word) => `'${word}'`)
          .join(', ')}]`
      : `socketPath: '${address}'`;
  return `{ kind: '${kind}', ${place} }`;
}
