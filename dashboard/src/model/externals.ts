import type { ContainerView, ExternalStatus, ExternalView } from '../client.js';

type Views = ReadonlyMap<string, ContainerView>;

/** A container of the same name is meant before an external; one of another host is called otherwise. */
const isContainer = (id: string, containers: Views): boolean =>
  containers.has(id) ||
  [...containers.values()].some(({ host, appId }) => host === undefined && appId === id);

/** The externals that a container needs itself. */
export const externalsOf = (
  { dependsOn }: ContainerView,
  containers: Views,
  externals: ReadonlyMap<string, ExternalView>,
): readonly ExternalView[] =>
  dependsOn.flatMap((id) => {
    const external = externals.get(id);
    return external === undefined || isContainer(id, containers) ? [] : [external];
  });

/** Who needs an external itself, in alphabetical order. */
export const neededBy = (id: string, containers: Views): readonly string[] =>
  isContainer(id, containers)
    ? []
    : [...containers.values()]
        .filter(({ dependsOn }) => dependsOn.includes(id))
        .map(({ name }) => name)
        .sort();

/** The form and colour of a status. */
export const LOOKS = {
  up: { shape: 'healthy', tone: 'good' },
  'not-yet': { shape: 'not-yet', tone: 'busy' },
  down: { shape: 'down', tone: 'bad' },
  unknown: { shape: 'unknown', tone: 'rest' },
} as const satisfies Record<ExternalStatus, { shape: string; tone: string }>;
