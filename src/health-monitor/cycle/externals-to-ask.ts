import type { ResolvedOptions } from '../../common/options/index.js';
import { isOpen } from '../incidents/index.js';
import { resolvedProbes } from '../policy/index.js';
import type { AskedExternal, KnownDown } from '../probes/index.js';
import type { MonitorState } from '../step/index.js';

/** The externals, as they are to be asked. Pure. */
export const externalsOf = ({ externals }: Pick<ResolvedOptions, 'externals'>): readonly AskedExternal[] =>
  Object.entries(externals).flatMap(([id, { name: _, ...probe }]) =>
    resolvedProbes(probe).map((resolved) => ({ id, probe: resolved })),
  );

/** Those of which an incident is open. Pure. */
export const knownDown = ({ incidents }: Pick<MonitorState, 'incidents'>): readonly KnownDown[] =>
  [...incidents.values()].flatMap((incident) => {
    const { external: id, reason: sentence } = incident.cause;
    return id === undefined || !isOpen(incident) ? [] : [{ id, sentence, since: incident.since }];
  });
