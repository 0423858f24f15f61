import type { ContainerRecord, Dependency } from '../policy/index.js';
import type { Container } from '../runtime/index.js';

type Containers = ReadonlyMap<string, Pick<Container, 'startedAt'>>;

/**
 * Notes which runs of its dependencies a container has had. Only those dependencies count whose restart it is to follow.
 * A run that began before its own, or is the first that is seen, counts as had. Pure.
 */
export function dependencyRuns(
  record: ContainerRecord,
  dependencies: readonly Dependency[],
  containers: Containers,
): ContainerRecord {
  if (!record.life.up) return record;
  const startedAt = record.life.run?.startedAt ?? 0;
  const known = record.healing.dependencyRuns;
  const news = dependencies
    .filter(({ restart }) => restart)
    .flatMap(({ anyOf }) => anyOf)
    .flatMap((name): (readonly [string, number])[] => {
      const began = containers.get(name)?.startedAt ?? null;
      if (began === null || known[name] === began) return [];
      return known[name] === undefined || began <= startedAt ? [[name, began]] : [];
    });
  return news.length === 0 ? record : withRuns(record, { ...known, ...Object.fromEntries(news) });
}

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
