import type { DependencyCondition } from '../../common/options/index.js';
import { namesHost } from '../../common/reference/index.js';
import type { Container } from '../runtime/index.js';
import type { ElsewhereNeed } from './elsewhere.js';
import { isDown, isUp, believedHealth, isReady } from './readiness.js';
import type { ContainerRecord, Death } from './record.js';
import type { DependencyRule, Rules } from './rules.js';
import type { Blocker } from './surroundings.js';
import { isOneOff } from './effective-rules.js';
import { appIdOf } from './words.js';

/** A service runs for longer than that. */
const SHORT_RUN_MS = 10 * 60_000;

/** A dependency whose names were found: any one of these containers. */
export interface Dependency {
  readonly anyOf: readonly string[];
  readonly condition: DependencyCondition;
  readonly restart: boolean;
  readonly shares: DependencyRule['shares'];
  readonly requiredByEngine: boolean;
}

/** Who needs whom, by container name. Without cycles. */
export interface DependencyGraph {
  readonly dependencies: ReadonlyMap<string, readonly Dependency[]>;
  /** Everything each one needs, directly or not. */
  readonly below: ReadonlyMap<string, ReadonlySet<string>>;
  /** How many stand between it and the ground: 0 for one that needs nothing. */
  readonly depth: ReadonlyMap<string, number>;
  /** The externals that each container needs itself: of each list any one. */
  readonly externals: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** Every external that each one needs, directly or not. */
  readonly externalsBelow: ReadonlyMap<string, ReadonlySet<string>>;
  /** What each container needs itself of other hosts. */
  readonly elsewhere: ReadonlyMap<string, readonly ElsewhereNeed[]>;
  /** Unknown names and cycles, a sentence each. They stop nothing. */
  readonly problems: readonly string[];
}

type Known = Pick<Container, 'name' | 'labels'>;

/**
 * Finds who needs whom. A name that nobody has and an edge that closes a cycle are left out and reported. Where a container
 * and an external have the same name, it is the container that is meant: containers can be looked at.
 */
export function buildDependencyGraph(
  containers: readonly Known[],
  rulesOf: (name: string) => Pick<Rules, 'dependsOn'>,
  externalIds: ReadonlySet<string> = new Set(),
): DependencyGraph {
  const find = nameFinder(containers);
  const problems: string[] = [];
  const dependencies = new Map<string, Dependency[]>();
  const externals = new Map<string, (readonly string[])[]>();
  for (const { name } of containers) {
    const found = ofThisHost(rulesOf(name)).flatMap((rule): Dependency[] => {
      const anyOf = find(rule).filter((other) => other !== name);
      const outside = rule.composeProject === null ? rule.anyOf.filter((id) => externalIds.has(id)) : [];
      if (anyOf.length === 0) {
        if (outside.length > 0) externals.set(name, [...(externals.get(name) ?? []), outside]);
        else if (rule.mustExist)
          problems.push(
            `${name} depends on ${rule.anyOf.join(' or ')}, but there is no container or external of that name; it is not waited for.`,
          );
        return [];
      }
      problems.push(...outside.map(meansTheContainer));
      const { condition, restart, shares, requiredByEngine } = rule;
      return [{ anyOf, condition, restart, shares, requiredByEngine }];
    });
    if (found.length > 0) dependencies.set(name, found);
  }
  breakCycles(dependencies, problems);
  const measured = measure(containers, dependencies);
  const externalsBelow = new Map(
    [...measured.below].flatMap(([name, below]): (readonly [string, ReadonlySet<string>])[] => {
      const all = [name, ...below].flatMap((each) => externals.get(each) ?? []).flat();
      return all.length === 0 ? [] : [[name, new Set(all)]];
    }),
  );
  const elsewhere = new Map(
    containers.flatMap(({ name }): (readonly [string, readonly ElsewhereNeed[]])[] => {
      const needs = ofOtherHosts(rulesOf(name));
      return needs.length === 0 ? [] : [[name, needs]];
    }),
  );
  return { dependencies, ...measured, externals, externalsBelow, elsewhere, problems };
}

/** What is of another host is written alone. */
const isElsewhere = ({ anyOf, composeProject }: DependencyRule): boolean =>
  composeProject === null && anyOf.some(namesHost);

const ofThisHost = ({ dependsOn }: Pick<Rules, 'dependsOn'>): readonly DependencyRule[] =>
  dependsOn.filter((rule) => !isElsewhere(rule));

const ofOtherHosts = ({ dependsOn }: Pick<Rules, 'dependsOn'>): readonly ElsewhereNeed[] =>
  dependsOn
    .filter(isElsewhere)
    .flatMap(({ anyOf, condition, restart }) =>
      anyOf.map((reference) => ({ reference, condition, restart })),
    );

const meansTheContainer = (id: string): string =>
  `${id} is the name of a container and of an external; who depends on ${id} means the container. Give the external another id.`;

/** Finds containers by what people write: the name, the app id, or within a Compose project the service. */
function nameFinder(containers: readonly Known[]): (rule: DependencyRule) => string[] {
  const byName = new Set(containers.map(({ name }) => name));
  const byAppId = new Map<string, string[]>();
  const byService = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, name: string) => {
    const names = map.get(key);
    if (names) names.push(name);
    else map.set(key, [name]);
  };
  for (const { name, labels } of containers) {
    add(byAppId, appIdOf(name), name);
    const service = labels['com.docker.compose.service'] ?? labels['io.podman.compose.service'];
    const project = labels['com.docker.compose.project'] ?? labels['io.podman.compose.project'];
    // What was run once beside a service is none of its replicas.
    if (service !== undefined && project !== undefined && !isOneOff({ labels }))
      add(byService, `${project}/${service}`, name);
  }
  return ({ anyOf, composeProject }) =>
    anyOf.flatMap((written) => {
      if (composeProject !== null) return byService.get(`${composeProject}/${written}`) ?? [];
      return byName.has(written) ? [written] : (byAppId.get(appIdOf(written)) ?? []);
    });
}

function breakCycles(dependencies: Map<string, Dependency[]>, problems: string[]): void {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): void => {
    if (done.has(name)) return;
    path.push(name);
    const kept = (dependencies.get(name) ?? []).flatMap((dependency): Dependency[] => {
      const anyOf = dependency.anyOf.filter((other) => {
        const start = path.indexOf(other);
        if (start !== -1) {
          problems.push(
            `These depend on each other in a circle: ${[...path.slice(start), other].join(' → ')}. The last step is ignored.`,
          );
          return false;
        }
        visit(other);
        return true;
      });
      return anyOf.length === 0 ? [] : [{ ...dependency, anyOf }];
    });
    if (dependencies.has(name)) dependencies.set(name, kept);
    path.pop();
    done.add(name);
  };
  for (const name of [...dependencies.keys()]) visit(name);
}

function measure(
  containers: readonly Known[],
  dependencies: ReadonlyMap<string, readonly Dependency[]>,
): Pick<DependencyGraph, 'below' | 'depth'> {
  const below = new Map<string, Set<string>>();
  const depth = new Map<string, number>();
  const visit = (name: string): Set<string> => {
    const known = below.get(name);
    if (known) return known;
    const all = new Set<string>();
    let deepest = 0;
    for (const other of (dependencies.get(name) ?? []).flatMap(({ anyOf }) => anyOf)) {
      all.add(other);
      for (const further of visit(other)) all.add(further);
      deepest = Math.max(deepest, (depth.get(other) ?? 0) + 1);
    }
    below.set(name, all);
    depth.set(name, deepest);
    return all;
  };
  for (const { name } of containers) visit(name);
  return { below, depth };
}

/** A dependency as it is now; `container` is `null` while it is absent. */
export interface Neighbour {
  readonly container: Container | null;
  readonly record: ContainerRecord;
}

/** What keeps a container from being started: its dependencies that are not ready. */
export function findBlockers(
  dependencies: readonly Dependency[],
  neighbour: (name: string) => Neighbour | undefined,
  now: number,
): readonly Blocker[] {
  return dependencies.flatMap(({ anyOf, condition, requiredByEngine }): Blocker[] => {
    const found = anyOf.flatMap((name) => {
      const it = neighbour(name);
      return it ? [{ name, it }] : [];
    });
    const met = ({ it }: { it: Neighbour }) =>
      isMet(condition, it, now) || (requiredByEngine && isStartedAlong(it, now));
    if (found.length === 0 || found.some(met)) return [];
    const { name, it } =
      found.find(({ it: { record } }) => record.intent.wish.value === 'running') ?? found[0]!;
    return [{ name, what: whatIsTheMatter(it, now) }];
  });
}

/** What it lacks to meet a condition, to stand behind its name; `null`: it meets it. */
export const lackOf = (condition: DependencyCondition, neighbour: Neighbour, now: number): string | null =>
  isMet(condition, neighbour, now) ? null : whatIsTheMatter(neighbour, now);

function isMet(condition: DependencyCondition, { container, record }: Neighbour, now: number): boolean {
  if (container === null) return false;
  switch (condition) {
    case 'started':
      return isUp(container);
    case 'healthy':
      return isReady(container, record.life, now);
    case 'completed':
      return container.state === 'exited' && container.startedAt !== null && container.exitCode === 0;
  }
}

/**
 * Off because its work is done, or never begun: the engine, which starts what it requires, may start it once more.
 * Whatever is off by choice, held, or about to be healed is waited for.
 */
function isStartedAlong({ container, record }: Neighbour, now: number): boolean {
  // It is started along with the first container of its pod, and has no work or wish of its own.
  if (container?.isInfra) return true;
  if (container === null || isHeld(record, now) || isOffByChoice(record)) return false;
  if (!isDown(container)) return ['created', 'configured', 'initialized'].includes(container.state);
  return record.life.death !== null && isWorkDone(record.life.death);
}

/** Wished stopped, and that was a person's word; what was off at first sight may as well have been done. */
const isOffByChoice = ({ intent: { wish } }: ContainerRecord): boolean =>
  wish.value === 'stopped' && wish.by !== 'first-sight';

/** Where the engine cannot tell who ended it, only a short run counts as that of a job. */
function isWorkDone({ exitCode, stoppedBy, ranForMs, endedBy, withHost }: Death): boolean {
  if (exitCode !== 0 || endedBy !== null || withHost) return false;
  return stoppedBy === 'nobody' || (stoppedBy === 'unknown' && ranForMs !== null && ranForMs < SHORT_RUN_MS);
}

const isHeld = ({ intent: { hold } }: ContainerRecord, now: number): boolean =>
  hold !== null && (hold.until === null || hold.until > now);

function whatIsTheMatter({ container, record }: Neighbour, now: number): string {
  if (container === null) return 'is gone for the moment';
  return isUp(container) ? whyNotReady(container, now) : whyDown(container, record, now);
}

function whyNotReady(container: Container, now: number): string {
  switch (believedHealth(container, now)) {
    case 'unhealthy':
      return 'is unhealthy';
    case 'starting':
      return 'is not healthy yet';
    case 'healthy':
    case 'none':
      return 'has only just started';
  }
}

function whyDown({ state }: Container, record: ContainerRecord, now: number): string {
  if (isHeld(record, now)) return 'is on hold';
  if (record.intent.wish.value === 'stopped') return 'is off by choice';
  if (record.healing.givenUp !== null) return 'was given up';
  return state === 'paused' || state === 'created' ? `is ${state}` : 'is down';
}
