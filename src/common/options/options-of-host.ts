import { parseReference } from '../reference/index.js';
import type { ResolvedOptions, ResolvedRuntime } from './options.js';

/** The engine is on another machine than this process. */
export const isElsewhere = ({ ssh, tcp }: ResolvedRuntime): boolean => ssh !== null || tcp !== null;

/** The options by which one host is watched: its own engine, and the rules of its own containers. `null`: the local host. */
export function optionsOfHost(options: ResolvedOptions, host: string | null): ResolvedOptions {
  const containers = Object.entries(options.containers).flatMap(([reference, rules]) => {
    const { host: whose, name } = parseReference(reference);
    return whose === host ? [[name, rules] as const] : [];
  });
  const own = {
    ...options,
    ofHost: host,
    containers: Object.freeze(Object.fromEntries(containers)),
  };
  if (host === null) return Object.freeze(own);
  const { runtime } = options.hosts[host]!;
  // The machine of a second engine of ours is watched as the local host's, and externals are asked from here once.
  return Object.freeze({
    ...own,
    runtime,
    host: isElsewhere(runtime) ? options.host : null,
    externals: {},
    storage: withoutContainer(options.storage),
  });
}

/** The container in which the store runs is one of the local host. */
const withoutContainer = (storage: ResolvedOptions['storage']): ResolvedOptions['storage'] =>
  storage.kind === 'postgres' ? Object.freeze({ ...storage, container: null }) : storage;
