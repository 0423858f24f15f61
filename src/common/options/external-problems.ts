import { isRecord } from './expectation.decorators.js';
import { pathTo } from './option-problems.js';
import { probeProblems } from './probe-problems.js';

/** As it can stand in `dependsOn`, also of a label. */
const EXTERNAL_ID = /^[a-zA-Z0-9][\w.-]{0,63}$/;

/** There is no container to run a command in. */
const KINDS = ['http', 'tcp', 'rpc'] as const;

/** What is wrong between the keys of externals, each well written. Says nothing of what is no object. */
export function externalProblems(externals: unknown): readonly string[] {
  if (!isRecord(externals)) return [];
  return Object.entries(externals).flatMap(([id, external]) => problemsOf(id, external));
}

function problemsOf(id: string, external: unknown): readonly string[] {
  const path = pathTo('externals', id);
  if (!isRecord(external)) return [];
  return [
    ...(EXTERNAL_ID.test(id)
      ? []
      : [
          `${path}: expected an id of 1 to 64 letters, digits, dots, dashes or underscores, the first a letter or digit`,
        ]),
    ...(external['exec'] === undefined
      ? probeProblems(external, path, KINDS)
      : [`${path}.exec: expected http, tcp or rpc; there is no container to run a command in`]),
    ...(external['startMs'] === undefined
      ? []
      : [`${path}.startMs: expected only of a container's probe; nobody knows when this one started`]),
    ...KINDS.flatMap((kind) => relativePlace(external[kind], `${path}.${kind}`)),
  ];
}

function relativePlace(target: unknown, path: string): readonly string[] {
  return typeof target === 'string' && target.startsWith(':')
    ? [`${path}: expected a whole address, with its host; a port alone is one of a container`]
    : [];
}
