import type { ContainerRecord } from '../policy/index.js';
import { NOTHING_TOLD, type Container } from '../runtime/index.js';
import { checkedSince } from './clock-changes.js';
import type { Checked } from './fact.js';
import { withChanges } from './map-changes.js';
import type { MonitorState } from './monitor-state.js';
import type { Observation, UnreadableContainer } from './observation.js';

/** An image upgrade removes a container and creates it anew: until then its dependents wait. */
export const ABSENT_FOR_MS = 10 * 60_000;
const REMEMBERED_FOR_MS = 24 * 60 * 60_000;

/** Who is there. */
export interface Presence {
  /** Whom this check showed: those that were inspected, and those that are known by the list alone. */
  readonly shown: ReadonlySet<string>;
  /** In the engine's order; those inspected as they are now, and those gone for less than 10 minutes behind them. */
  readonly containers: ReadonlyMap<string, Container>;
  /** With it noted who is gone, and without those that are gone for a day. */
  readonly records: ReadonlyMap<string, ContainerRecord>;
  /** Who has just been found gone. */
  readonly vanished: readonly string[];
}

/** Works out from a check who is there. Pure. */
export function whoIsThere(
  { containers, awake, clockSetAt }: Pick<MonitorState, 'containers' | 'awake' | 'clockSetAt'>,
  records: ReadonlyMap<string, ContainerRecord>,
  { observation, at: now }: Pick<Checked, 'observation' | 'at'>,
): Presence {
  const vanished = findVanished(records, observation);
  const noted = withChanges(
    records,
    vanished.map((name) => [name, asAbsent(records.get(name)!, now)]),
  );
  const all = [
    ...observation.inspected.map(({ container }) => checkedSince(container, clockSetAt)),
    ...observation.unreadable.map((one) => asListed(one, containers.get(one.listed.name))),
  ];
  const shown = new Set(all.map(({ name }) => name));
  const forgotten = findForgotten(noted, awake, shown, now);
  return {
    shown,
    containers: withChanges(seenContainers(containers, all, observation), [], forgotten.containers),
    records: withChanges(noted, [], forgotten.records),
    vanished,
  };
}

function findVanished(
  records: ReadonlyMap<string, ContainerRecord>,
  { full, listed, gone }: Observation,
): readonly string[] {
  if (full && listed === null) return [];
  const present = new Set(listed);
  const missing = full ? [...records.keys()].filter((name) => !present.has(name)) : gone;
  return missing.filter((name) => records.get(name)?.life.absentSince === null);
}

const asAbsent = (record: ContainerRecord, now: number): ContainerRecord => ({
  ...record,
  life: { ...record.life, absentSince: now, unreadable: null, up: false },
  health: { ...record.health, readySince: null, unhealthySince: null },
});

/** Who has been gone for so long that it is no container any more, and whose record is dropped, too. */
function findForgotten(
  records: ReadonlyMap<string, ContainerRecord>,
  awake: ReadonlySet<string>,
  back: ReadonlySet<string>,
  now: number,
): { readonly containers: readonly string[]; readonly records: readonly string[] } {
  // One that is gone is never at rest.
  const absent = [...awake].flatMap((name) => {
    const record = records.get(name);
    return record && record.life.absentSince !== null ? [record] : [];
  });
  if (absent.length === 0) return NOBODY;
  const goneFor = (ms: number) =>
    absent
      .filter(({ name, life }) => !back.has(name) && now - (life.absentSince ?? now) >= ms)
      .map(({ name }) => name);
  return { containers: goneFor(ABSENT_FOR_MS), records: goneFor(REMEMBERED_FOR_MS) };
}

const NOBODY = { containers: [], records: [] } as const;

function seenContainers(
  known: ReadonlyMap<string, Container>,
  shown: readonly Container[],
  { listed }: Observation,
): ReadonlyMap<string, Container> {
  const latest = withChanges(
    known,
    shown.map((container) => [container.name, container]),
  );
  if (listed === null) return latest;
  const there = listed.flatMap((name) => {
    const container = latest.get(name);
    return container ? [[name, container] as const] : [];
  });
  // Setting a key again leaves it where it is: those that are gone stay behind.
  return new Map([...there, ...latest]);
}

/** One that cannot be inspected is as the list shows it now; what no list tells is what was last known of it. */
const asListed = ({ listed }: UnreadableContainer, known: Container | undefined): Container => ({
  ...(known?.id === listed.id ? known : NOTHING_SHOWN),
  ...listed,
  // Of its latest end nobody can tell who asked for it.
  stoppedByUser: null,
});

/** One that is gone, and of which only that is known which one it was. */
export const absentContainer = ({ name, id }: Pick<ContainerRecord, 'name' | 'id'>): Container => ({
  ...NOTHING_SHOWN,
  ...NOTHING_TOLD,
  name,
  id,
  image: '',
  processVanished: false,
  stoppedByUser: null,
});

const NOTHING_SHOWN = {
  createdAt: null,
  restartPolicy: 'none',
  engineRestarts: 0,
  requires: [],
  stopTimeoutMs: 10_000,
  oomKilled: false,
  healthCheck: null,
} as const;
