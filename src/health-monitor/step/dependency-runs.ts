import type {
  ContainerRecord,
  Dependency,
  ElsewhereByReference,
  KnownNeed,
  NewRun,
  Run,
} from '../policy/index.js';
import type { Container } from '../runtime/index.js';

type Containers = ReadonlyMap<string, Pick<Container, 'startedAt'>>;

/** The present run of a dependency. Times are milliseconds since 1970. */
interface PresentRun {
  /** By its engine's clock. */
  readonly startedAt: number | null;
  /** By our clock, where its engine's is another than that of its dependents. */
  readonly since?: number;
}

/** By name; of another host by reference. */
export type PresentRuns = (name: string) => PresentRun | undefined;

export const presentRuns =
  (containers: Containers, elsewhere: ElsewhereByReference): PresentRuns =>
  (name) =>
    containers.get(name) ?? elsewhere.get(name)?.run ?? undefined;

/** A dependency whose runs are to be followed. */
export type FollowedRun = Pick<NewRun, 'name' | 'shares'>;

/** Whose restarts a container is to follow. */
export const followedRuns = (
  dependencies: readonly Dependency[],
  elsewhere: readonly KnownNeed[],
): readonly FollowedRun[] => [
  ...dependencies
    .filter(({ restart }) => restart)
    .flatMap(({ anyOf, shares }) => anyOf.map((name) => ({ name, shares }))),
  ...elsewhere.filter(({ restart }) => restart).map(({ reference }) => ({ name: reference, shares: [] })),
];

/**
 * Notes which runs of its dependencies a container has had. Only those dependencies count whose restart it is to follow.
 * A run that began before its own counts as had, and so does the first that is seen, unless it runs in namespaces of an
 * earlier one. Pure.
 */
export function dependencyRuns(
  record: ContainerRecord,
  followed: readonly FollowedRun[],
  runs: PresentRuns,
): ContainerRecord {
  if (!record.life.up) return record;
  const own = record.life.run;
  const startedAt = own?.startedAt ?? null;
  const known = record.healing.dependencyRuns;
  const news = followed.flatMap(({ name, shares }): (readonly [string, number])[] => {
    const run = runs(name);
    const began = run?.startedAt ?? null;
    if (run === undefined || began === null || known[name] === began) return [];
    if (own !== null && beganBefore(run, own)) return [[name, began]];
    if (known[name] !== undefined) return [];
    return [[name, shares.length > 0 && startedAt !== null ? startedAt : began]];
  });
  return news.length === 0 ? record : withRuns(record, { ...known, ...Object.fromEntries(news) });
}

/** Times of two engines are not compared: their clocks may differ. */
function beganBefore({ startedAt, since }: PresentRun, own: Run): boolean {
  if (since !== undefined) return since <= own.since;
  return startedAt !== null && own.startedAt !== null && startedAt <= own.startedAt;
}

/** The dependencies that run anew since a container that is up, and is to follow them, started. Pure. */
export function newRuns(
  { life, healing: { dependencyRuns: known } }: ContainerRecord,
  followed: readonly FollowedRun[],
  runs: PresentRuns,
): readonly NewRun[] {
  if (!life.up) return [];
  return followed
    .map(({ name, shares }) => ({ name, shares, startedAt: runs(name)?.startedAt ?? 0 }))
    .filter(({ name, startedAt }) => known[name] !== undefined && startedAt > known[name]);
}

/** Notes the present runs of its dependencies: each is answered by one restart, also when that restart fails. Pure. */
export function answerDependencyRuns(record: ContainerRecord, runs: PresentRuns): ContainerRecord {
  const answered = Object.entries(record.healing.dependencyRuns).map(([name, known]) => [
    name,
    runs(name)?.startedAt ?? known,
  ]);
  return withRuns(record, Object.fromEntries(answered) as Record<string, number>);
}

/** The restart was not made: all that its dependencies ran since it began is to be answered still. Pure. */
export const unanswerDependencyRuns = (record: ContainerRecord): ContainerRecord =>
  withRuns(record, Object.fromEntries(Object.keys(record.healing.dependencyRuns).map((name) => [name, 0])));

const withRuns = (record: ContainerRecord, runs: Readonly<Record<string, number>>): ContainerRecord => ({
  ...record,
  healing: { ...record.healing, dependencyRuns: runs },
});
