import { standingOf, type ContainerView, type Incident, type Standing, type Status } from '../client.js';
import { needsYou } from './needs-you.js';

/** Of the engine of this host: while that lasts, what is shown of this host is what was last known. */
export const isOfThisEngine = ({ kind, host }: Incident): boolean => kind === 'engine' && host === undefined;

/** An incident, and how the container that causes it is now. */
export interface Problem {
  readonly incident: Incident;
  /** `null`: the engine's own, the machine's or an external's, or the container is gone. */
  readonly view: ContainerView | null;
  /** It is an external's, and that works again. Left out: no. */
  readonly isExternalUp?: boolean;
}

/** How long a healed problem keeps its place, milliseconds. */
export const HEALED_STAYS_MS = 10_000;

const standing = ({ incident, view, isExternalUp }: Problem): Standing =>
  standingOf(incident, isExternalUp ? 'healthy' : view?.status);
/** Up again, and watched until that lasts: the incident is still open, but nothing is wrong at this moment. */
export const isBack = (problem: Problem): boolean => standing(problem) === 'up-again';

/** Open, and not back: what a person may have to do something about. */
export const isPressing = (problem: Problem): boolean => standing(problem) === 'wrong';

const isOfEngine = ({ incident }: Problem): boolean =>
  incident.kind === 'engine' && incident.resolvedAt === null;
/** What works on getting ready is the least of it, unless a person is to help. */
const mildness = (problem: Problem): number => {
  const status = problemStatus(problem);
  if (status === 'unknown') return 3;
  if (status === 'not-yet') return needsYou(problem.view) ? 1 : 2;
  return status === 'unhealthy' ? 1 : 0;
};
const givenUp = ({ view }: Problem): boolean => view?.status === 'given-up';

/**
 * What is wrong now: open incidents, and those that ended a moment ago. The engine's own first, since nothing is known while
 * it is away, then given up, then what is down, unhealthy, not ready yet, or on a host that is silent, of each the oldest; last what
 * is back already. Leaks and little space are not wrong yet.
 */
export function problems(
  incidents: Iterable<Incident>,
  containers: ReadonlyMap<string, ContainerView>,
  now: number,
  isUp: (external: string) => boolean = () => false,
): readonly Problem[] {
  return [...incidents]
    .filter(({ kind }) => kind !== 'leak' && kind !== 'disk')
    .filter(
      (incident) => incident.resolvedAt === null || now - Date.parse(incident.resolvedAt) < HEALED_STAYS_MS,
    )
    .map((incident): Problem => ({
      incident,
      view: containers.get(incident.cause.container ?? '') ?? null,
      isExternalUp: incident.cause.external !== undefined && isUp(incident.cause.external),
    }))
    .sort(
      (a, b) =>
        Number(isBack(a)) - Number(isBack(b)) ||
        Number(isOfEngine(b)) - Number(isOfEngine(a)) ||
        Number(givenUp(b)) - Number(givenUp(a)) ||
        mildness(a) - mildness(b) ||
        Date.parse(a.incident.openedAt) - Date.parse(b.incident.openedAt),
    );
}

/** How the cause is: its own status while that is bad, else what its incident says. */
export function problemStatus({ incident, view }: Problem): Status {
  if (view && view.status !== 'healthy') return view.status;
  return incident.kind === 'unhealthy' || incident.kind === 'flapping' ? 'unhealthy' : 'down';
}

/** Off by choice: nothing to worry about, and nothing to heal. */
export function isOff(status: Status): boolean {
  return status === 'stopped' || status === 'held' || status === 'ignored';
}

export function isQuiet(status: Status): boolean {
  return status === 'healthy' || isOff(status);
}

/** What a container needs and what needs it, one step each way, in alphabetical order. */
export function neighbours(
  name: string,
  containers: ReadonlyMap<string, ContainerView>,
): { needs: readonly string[]; neededBy: readonly string[] } {
  const needs = (containers.get(name)?.dependsOn ?? []).filter((other) => containers.has(other));
  const neededBy = [...containers.values()]
    .filter(({ dependsOn }) => dependsOn.includes(name))
    .map((view) => view.name);
  return { needs: [...needs].sort(), neededBy: neededBy.sort() };
}

/** All that rests on a container, directly or not. */
export function dependents(name: string, containers: ReadonlyMap<string, ContainerView>): readonly string[] {
  const found = new Set<string>();
  const visit = (below: string) => {
    for (const view of containers.values()) {
      if (view.name === name || found.has(view.name) || !view.dependsOn.includes(below)) continue;
      found.add(view.name);
      visit(view.name);
    }
  };
  visit(name);
  return [...found].sort();
}
