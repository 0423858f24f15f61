import { isRecord } from './expectation.decorators.js';

const KINDS = ['http', 'tcp', 'exec', 'rpc'] as const;
/** What each of these says of an answer. */
const ANSWERS = ['expect', 'notYet', 'needsYou'] as const;
/** Of which kinds each of these can be. */
const ONLY_OF: Readonly<Record<string, readonly string[]>> = {
  method: ['rpc'],
  params: ['rpc'],
  send: ['tcp'],
  credentials: ['http', 'rpc'],
};
/** The same of what is said of an answer. */
const SAID_ONLY_OF: Readonly<Record<string, string>> = { status: 'http', exit: 'exec' };

/** What is wrong between the keys of a probe, each well written; `path` leads to it, `possible` are the kinds to be named. */
export function probeProblems(
  probe: unknown,
  path: string,
  possible: readonly string[] = KINDS,
): readonly string[] {
  if (!isRecord(probe)) return [];
  const kinds = KINDS.filter((kind) => probe[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return [`${path}: expected exactly one of ${possible.join(', ')}`];
  const misplaced = Object.entries(ONLY_OF).flatMap(([key, of]) =>
    probe[key] === undefined || of.includes(kind)
      ? []
      : [`${path}.${key}: expected only with ${of.join(' or ')}`],
  );
  const noMethod =
    kind === 'rpc' && probe['method'] === undefined
      ? [`${path}.method: missing; expected the name of a method, such as 'getblockchaininfo'`]
      : [];
  const says = ANSWERS.flatMap((key) => answerProblems(probe[key], kind, `${path}.${key}`));
  const empty = credentialsProblems(probe['credentials'], `${path}.credentials`);
  return [...misplaced, ...noMethod, ...says, ...empty];
}

/** What is missing in credentials that are well written. */
export const credentialsProblems = (credentials: unknown, path: string): readonly string[] =>
  isRecord(credentials) && credentials['file'] === undefined && credentials['env'] === undefined
    ? [`${path}: expected { file } or { env }`]
    : [];

function answerProblems(expected: unknown, kind: string, path: string): readonly string[] {
  if (Array.isArray(expected)) {
    if (expected.length === 0) return [`${path}: expected at least one answer`];
    return expected.flatMap((one, index) => answerProblems(one, kind, `${path}[${index}]`));
  }
  if (!isRecord(expected)) return [];
  const misplaced = Object.entries(SAID_ONLY_OF).find(
    ([key, of]) => expected[key] !== undefined && kind !== of,
  );
  if (misplaced) return [`${path}.${misplaced[0]}: expected only with ${misplaced[1]}`];
  // What says nothing would be true of every answer.
  return saysNothing(expected) ? [`${path}: expected at least one of status, exit, text, json`] : [];
}

function saysNothing({ status, exit, text, json }: Record<string, unknown>): boolean {
  const hasJson = isRecord(json) && Object.keys(json).length > 0;
  return status === undefined && exit === undefined && text === undefined && !hasJson;
}
