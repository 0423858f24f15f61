import { isRecord } from './expectation.decorators.js';

const KINDS = ['http', 'tcp', 'exec', 'rpc'] as const;
/** What each of these says of an answer. */
const ANSWERS = ['expect', 'notYet', 'needsYou'] as const;
/** Of which kinds each of these can be. */
const ONLY_OF: Readonly<Record<string, readonly string[]>> = {
  method: ['rpc'],
  params: ['rpc'],
  expect: ['http', 'rpc'],
  notYet: ['http', 'rpc'],
  needsYou: ['http', 'rpc'],
  progress: ['http', 'rpc'],
  credentials: ['http', 'rpc'],
};

/** What is wrong between the keys of a probe, each well written; `path` leads to it. */
export function probeProblems(probe: unknown, path: string): readonly string[] {
  if (!isRecord(probe)) return [];
  const kinds = KINDS.filter((kind) => probe[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return [`${path}: expected exactly one of http, tcp, exec, rpc`];
  const misplaced = Object.entries(ONLY_OF).flatMap(([key, of]) =>
    probe[key] === undefined || of.includes(kind)
      ? []
      : [`${path}.${key}: expected only with ${of.join(' or ')}`],
  );
  const noMethod =
    kind === 'rpc' && probe['method'] === undefined
      ? [`${path}.method: missing; expected the name of a method, such as 'getblockchaininfo'`]
      : [];
  const says = ANSWERS.flatMap((key) => {
    const expected = probe[key];
    if (!isRecord(expected)) return [];
    if (kind === 'rpc' && expected['status'] !== undefined)
      return [`${path}.${key}.status: expected only with http`];
    // What says nothing would be true of every answer.
    return saysNothing(expected) ? [`${path}.${key}: expected at least one of status, text, json`] : [];
  });
  const { credentials } = probe;
  const empty =
    isRecord(credentials) && credentials['file'] === undefined && credentials['env'] === undefined
      ? [`${path}.credentials: expected { file } or { env }`]
      : [];
  return [...misplaced, ...noMethod, ...says, ...empty];
}

function saysNothing({ status, text, json }: Record<string, unknown>): boolean {
  return status === undefined && text === undefined && (!isRecord(json) || Object.keys(json).length === 0);
}
