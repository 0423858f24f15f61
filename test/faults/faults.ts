import { pick } from '../support/random.js';

/** What a call asks of the engine, as far as faults differ by it. */
export type Call = 'list' | 'inspect' | 'act' | 'events' | 'other';

export type Fault =
  | 'late'
  /** The connection ends before the engine hears of the call, or after it has done what was asked. */
  | 'cut-before'
  | 'cut-after'
  /** Half an answer, which ends as if it were whole. */
  | 'half'
  /** One item, or line, is not what it should be. */
  | 'garbled'
  | 'refused'
  | 'silent'
  /** More bytes, or events, than anybody can have asked for. */
  | 'flood'
  /** Each event comes twice. */
  | 'repeated';

/** No act is refused here: people are right to be told of a container whose start is refused again and again. */
const POSSIBLE: Readonly<Record<Call, readonly Fault[]>> = {
  list: ['late', 'cut-before', 'cut-after', 'half', 'garbled', 'refused', 'silent', 'flood'],
  inspect: ['late', 'cut-before', 'cut-after', 'half', 'garbled', 'refused', 'silent', 'flood'],
  act: ['late', 'cut-before', 'cut-after', 'silent'],
  events: ['late', 'cut-before', 'cut-after', 'half', 'garbled', 'refused', 'silent', 'flood', 'repeated'],
  other: ['late', 'cut-before', 'cut-after', 'half', 'refused', 'silent'],
};

/** So many calls of ten go wrong; of streams of events all do, as there are few of them. */
const FAULTS_IN_TEN = 4;

export function callOf(method: string, path: string): Call {
  if (method === 'POST') return 'act';
  if (/\/events\b/.test(path)) return 'events';
  if (/\/containers\/json\b/.test(path)) return 'list';
  return /\/containers\/[^/]+\/json\b/.test(path) ? 'inspect' : 'other';
}

/** What befalls a call; `null`: nothing. */
export const faultOf = (call: Call, random: () => number): Fault | null =>
  call === 'events' || random() * 10 < FAULTS_IN_TEN ? pick(POSSIBLE[call], random) : null;

/** A list in which one item, or one container of which one part, is not what it should be. */
export function garble(body: string, random: () => number): string {
  const answer = JSON.parse(body) as unknown;
  if (!Array.isArray(answer))
    return JSON.stringify({ ...(answer as object), ...pick(NO_CONTAINERS, random) });
  const broken = Math.floor(random() * answer.length);
  return JSON.stringify(
    answer.map((item: object, index) => {
      if (index !== broken) return item;
      const traces = pick(NO_ITEMS, random);
      return traces === null ? null : { ...item, ...traces };
    }),
  );
}

const NO_ITEMS = [
  null,
  { Names: null },
  { State: 5 },
  { Labels: { a: 1 } },
  { ExitCode: null },
  { Id: 'short' },
] as const;
const NO_CONTAINERS = [
  { State: null },
  { Created: 'garbage' },
  { Config: [] },
  { Dependencies: [5] },
] as const;

/** Events that nobody waits for, of containers that are not there. */
export const floodOfEvents = (count: number): string =>
  Array.from({ length: count }, (_, index) => {
    const Actor = { ID: index.toString(16).padStart(64, '0'), Attributes: { name: `stranger-${index}` } };
    const Action = ['exec', 'died', 'start', 'health_status'][index % 4];
    return `${JSON.stringify({ Type: 'container', Action, Actor, timeNano: Date.now() * 1e6 })}\n`;
  }).join('');
