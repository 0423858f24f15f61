import type { ContainerRecord, Dependency, NewRun } from '../policy/index.js';
import type { Container } from '../runtime/index.js';

type Containers = ReadonlyMap<string, Pick<Container, 'startedAt'>>;

/**
 * Notes which runs of its dependencies a container has had. Only those dependencies count whose restart it is to follow.
 * A run that began before its own counts as had, and so does the first that is seen, unless it runs in namespaces of an
 * earlier one. Pure.
 */
export function dependencyRuns(
  record: ContainerRecord,
  dependencies: readonly Dependency[],
  containers: Containers,
): ContainerRecord {
  if (!record.life.up) return record;
  const startedAt = record.life.run?.startedAt ?? null;
  const known = record.healing.dependencyRuns;
  const news = followed(dependencies).flatMap(({ name, shares }): (readonly [string, number])[] => {
    const began = containers.get(name)?.startedAt ?? null;
    if (began === null || known[name] === began) return [];
    if (startedAt !== null && began <= startedAt) return [[name, began]];
    if (known[name] !== undefined) return [];
    return [[name, shares.length > 0 && startedAt !== null ? startedAt : began]];
  });
  return news.length === 0 ? record : withRuns(record, { ...known, ...Object.fromEntries(news) });
}

/** The dependencies that run anew since a container that is up, and is to follow them, started. Pure. */
export function newRuns(
  { life, healing: { dependencyRuns: known } }: ContainerRecord,
  dependencies: readonly Dependency[],
  containers: Containers,
): readonly NewRun[] {
  if (!life.up) return [];
  return followed(dependencies)
    .map(({ name, shares }) => ({ name, shares, startedAt: containers.get(name)?.startedAt ?? 0 }))
    .filter(({ name, startedAt }) => known[name] !== undefined && startedAt > known[name]);
}

/** Whose restarts it is to follow. */
const followed = (dependencies: readonly Dependency[]): readonly Pick<NewRun, 'name' | 'shares'>[] =>
  dependencies
    .filter(({ restart }) => restart)
    .flatMap(({ anyOf, shares }) => anyOf.map((name) => ({ name, shares })));

/** Notes the present runs of its dependencies: each is answered by one restart, also when that restart fails. Pure. */
export function answerDependencyRuns(record: ContainerRecord, containers: Containers): ContainerRecord {
  const runs = Object.entries(record.healing.dependencyRuns).map(([name, known]) => [
    name,
    containers.get(name)?.startedAt ?? known,
  ]);
  return withRuns(record, Object.fromEntries(runs) as Record<string, number>);
}

/** The restart was not made: all that its dependencies ran since it began is to be answered still. Pure. */
export const unanswerDependencyRuns = (record: ContainerRecord): ContainerRecord =>
  withRuns(record, Object.fromEntries(Object.keys(record.healing.dependencyRuns).map((name) => [name, 0])));

const withRuns = (record: ContainerRecord, runs: Readonly<Record<string, number>>): ContainerRecord => ({
  ...record,
  healing: { ...record.healing, dependencyRuns: runs },
});
