import { isDeepStrictEqual } from 'node:util';
import { appIdOf, neverSeen, NOT_THERE, standingAsLastSeen, standingNow } from '../policy/index.js';
import type { ContainerRecord, Elsewhere, ElsewhereNeed, Standing } from '../policy/index.js';
import type { FactOf } from './fact.js';
import type { MonitorState } from './monitor-state.js';
import type { Step } from './step.js';

/** How containers of other hosts are that ours need is written down; whom that concerns is decided about next. Pure. */
export function elsewhereSeen(
  state: MonitorState,
  { containers }: FactOf<'elsewhere-seen'>,
): Pick<Step, 'state' | 'checkNext'> {
  const changed = containers.filter((one) => !isDeepStrictEqual(one, state.elsewhere.get(one.reference)));
  const dependents = whoNeeds(state, new Set(changed.map(({ reference }) => reference)));
  return {
    state: {
      ...state,
      elsewhere: new Map(containers.map((one) => [one.reference, one])),
      awake: dependents.length === 0 ? state.awake : new Set([...state.awake, ...dependents]),
    },
    checkNext: dependents,
  };
}

/** Whether that is what is known already. Pure. */
export const isSeenAlready = (
  { elsewhere }: Pick<MonitorState, 'elsewhere'>,
  seen: readonly Elsewhere[],
): boolean =>
  elsewhere.size === seen.length && seen.every((one) => isDeepStrictEqual(one, elsewhere.get(one.reference)));

const needsOf = ({
  topology,
}: Pick<MonitorState, 'topology'>): ReadonlyMap<string, readonly ElsewhereNeed[]> =>
  topology?.graph.elsewhere ?? new Map();

/** What the containers of a host need of other hosts, each once. Pure. */
export const neededElsewhere = (state: Pick<MonitorState, 'topology'>): readonly string[] => [
  ...new Set([...needsOf(state).values()].flat().map(({ reference }) => reference)),
];

const whoNeeds = (state: MonitorState, references: ReadonlySet<string>): readonly string[] =>
  [...needsOf(state)].flatMap(([name, needs]) =>
    needs.some(({ reference }) => references.has(reference)) ? [name] : [],
  );

/** How a container of this host stands, for those of other hosts that need it. @param written its name or app id. Pure. */
export function standingOf(state: MonitorState, written: string, now: number): Standing {
  const { engine, records, containers, lastAlive } = state;
  const record = findRecord(records, written);
  const silentSince = engine.reachable === false ? (engine.since ?? now) : null;
  if (engine.reachable === null) return neverSeen(null);
  if (record === undefined) return lastAlive === null ? neverSeen(silentSince) : NOT_THERE;
  if (silentSince !== null) return standingAsLastSeen(record, silentSince);
  const container = record.life.absentSince === null ? (containers.get(record.name) ?? null) : null;
  return standingNow({ record, container }, now);
}

/** By its name, else by its app id. */
export const findRecord = (records: MonitorState['records'], written: string): ContainerRecord | undefined =>
  records.get(written) ?? [...records.values()].find(({ name }) => appIdOf(name) === appIdOf(written));
