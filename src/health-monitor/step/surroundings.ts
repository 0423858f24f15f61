import {
  elsewhereBack,
  elsewhereBlockers,
  externalBack,
  externalBlockers,
  findBlockers,
  isDown,
  isUp,
  knownNeeds,
  meaningOf,
  takenToBeReady,
  type neededByStore,
  type ContainerRecord,
  type Death,
  type Dependency,
  type DependencyGraph,
  type ElsewhereByReference,
  type Externals,
  type GoneRequirement,
  type HostBoot,
  type KnownNeed,
  type Neighbour,
  type NewRun,
  type NoSpace,
  type RefusedStarts,
  type Rules,
  type Surroundings,
} from '../policy/index.js';
import { isLeakRestartDue, refusedTogether, withheldFor } from '../incidents/index.js';
import { inDailyWindow } from '../memory/index.js';
import { byOurClock, type Container } from '../runtime/index.js';
import { TOGETHER_WITHIN_MS } from './batches.js';
import type { Checked } from './fact.js';
import type { Circumstances, MonitorState } from './monitor-state.js';
import { underWayOn } from './own-acts.js';
import type { RefusedTurn } from './refused-turns.js';
import { followedRuns, newRuns, presentRuns } from './dependency-runs.js';
import type { Setting } from './setting.js';
import type { StartQueue } from './start-queue.js';
import type { UnjudgedDeath } from './unjudged-deaths.js';

/** What the surroundings of every container are made from, in one step. */
export interface Around {
  readonly setting: Setting;
  readonly check: Checked;
  readonly boot: HostBoot;
  readonly circumstances: Circumstances;
  readonly incidents: MonitorState['incidents'];
  readonly containers: ReadonlyMap<string, Container>;
  readonly dependencies: ReadonlyMap<string, readonly Dependency[]>;
  /** Which externals each container needs, and what is known of them. */
  readonly externalNeeds: DependencyGraph['externals'];
  readonly externals: Externals;
  /** Which containers of other hosts each one needs, and what is known of them. */
  readonly elsewhereNeeds: DependencyGraph['elsewhere'];
  readonly elsewhere: ElsewhereByReference;
  /** Without whom the store cannot come back, as far as containers of this host go. */
  readonly neededByStore: ReturnType<typeof neededByStore>;
  readonly queue: StartQueue;
  /** Of each batch, by its id. */
  readonly unjudged: ReadonlyMap<number, readonly UnjudgedDeath[]>;
  /** Of each open incident of refused starts, by its id, whose turn it is. */
  readonly refusedTurns: ReadonlyMap<string, RefusedTurn>;
  readonly machine: MonitorState['machine'];
  /** Of each open incident of a file system without space, by its id, whose turn it is. */
  readonly spaceTurns: ReadonlyMap<string, string | undefined>;
  /** What is remembered of a container by now, in this step. */
  readonly recordOf: (name: string) => ContainerRecord | undefined;
}

/** Everything that bears on the decision about one container and is not the container itself. Pure. */
export function surroundingsOf(
  container: Container,
  record: ContainerRecord,
  rules: Rules,
  around: Around,
): Surroundings {
  const { setting, check, boot, circumstances, queue } = around;
  const { name, id } = container;
  const { startedAt } = byOurClock(container, check.observation.engine);
  const dependencies = around.dependencies.get(name) ?? [];
  const needs: Needs = {
    dependencies,
    externals: around.externalNeeds.get(name) ?? [],
    elsewhere: knownNeeds(name, around.elsewhereNeeds.get(name) ?? [], around.elsewhere),
  };
  const back = dependencyBack(record, needs, around);
  return {
    mode: modeIn(circumstances, setting),
    bringsStoreBack: setting.options.mode === 'heal' ? (around.neededByStore.get(name) ?? null) : null,
    healingFrom: circumstances.healingFrom,
    shuttingDown: circumstances.shuttingDown,
    ourselves: setting.ownId !== null && id.startsWith(setting.ownId),
    acting: underWayOn(check.ownActs, name),
    blockers: [
      ...findBlockers(dependencies, (other) => neighbour(other, around), check.at),
      ...externalBlockers(needs.externals, around.externals, setting.options),
      ...elsewhereBlockers(needs.elsewhere),
    ],
    takenToBeReady: takenToBeReady(needs.elsewhere),
    cutOffFrom: cutOffFrom(dependencies, around),
    goneRequirement: goneRequirement(container),
    dependencyBack: back?.name ?? null,
    dependencyBackAt: back?.at ?? null,
    restartedDependency: restartedDependency(record, needs, around),
    unjudged: unjudgedWith(record, around),
    tierPause: queue.pauseOf(record.healing.batch, rules.tier),
    place: queue.placeOf(name),
    refusedStarts: refusedStarts(record, around),
    noSpace: noSpace(record, around),
    leftInPod: container.isInfra && isDown(container) ? leftInPod(id, record, around) : null,
    notStartedSinceBoot: startedAt !== null && startedAt < boot.bootedAt,
    leakRestartDue: isTimeForLeakRestart(rules, check.at) && isLeakRestartDue(around.incidents, name),
  };
}

function modeIn({ role }: Circumstances, { options }: Setting): Surroundings['mode'] {
  switch (role) {
    case 'heals':
      return options.mode;
    case 'stands-by':
      return 'stand-by';
    case 'cut-off':
      return 'store-away';
  }
}

/**
 * One that needs this infra container, and should run: it runs, or was killed with it; or whatever became of it since the
 * infra container was found missing. `null` also while one is being stopped, since the whole pod may be.
 */
function leftInPod(id: string, { life, healing }: ContainerRecord, around: Around): string | null {
  const members = [...around.containers.values()].filter(({ requires }) => requires.includes(id));
  if (members.some(({ state }) => state === 'stopping')) return null;
  const isMissed = healing.attempts.length > 0 || healing.givenUp !== null;
  const left = members.find((member) => {
    const record = around.recordOf(member.name);
    if (record === undefined || !shouldRun(record)) return false;
    return isMissed || isUp(member) || wasKilledSince(life.death?.at ?? 0, record.life.death);
  });
  return left?.name ?? null;
}

/** Nobody wants it as it is, whatever that is. */
const shouldRun = ({ life, intent: { wish }, shown: { decision } }: ContainerRecord): boolean =>
  life.absentSince === null &&
  wish.value === 'running' &&
  (decision === null || meaningOf(decision).problem !== 'no');

/** As the kernel does to all in a pid namespace when the first process of that ends. */
const wasKilledSince = (at: number, death: Death | null): boolean =>
  death !== null &&
  death.at >= at &&
  death.exitCode === 137 &&
  !death.withHost &&
  death.stoppedBy !== 'person';

function cutOffFrom(dependencies: readonly Dependency[], around: Around): Surroundings['cutOffFrom'] {
  const isAway = (name: string): boolean => {
    const container = neighbour(name, around)?.container ?? null;
    return container !== null && isDown(container);
  };
  const from = dependencies.find(({ shares, anyOf }) => shares.length > 0 && anyOf.every(isAway));
  return from ? { name: from.anyOf[0]!, shares: from.shares } : null;
}

function goneRequirement({
  requiresGone: [id] = [],
  sharesNamespaces = [],
}: Container): GoneRequirement | null {
  if (id === undefined) return null;
  return { id, shares: sharesNamespaces.find(({ of }) => of === id)?.which ?? [] };
}

/** The one that went down with it and is judged last. A batch goes on while others go down: those it does not wait for. */
function unjudgedWith(
  { name, life: { death }, healing: { batch } }: ContainerRecord,
  { unjudged }: Around,
): UnjudgedDeath | null {
  if (batch === null) return null;
  const latest = Math.max(death?.at ?? 0, batch) + TOGETHER_WITHIN_MS;
  const others = (unjudged.get(batch) ?? []).filter((one) => one.name !== name && one.diedAt <= latest);
  return others.toSorted((a, b) => b.until - a.until)[0] ?? null;
}

function refusedStarts(record: ContainerRecord, { incidents, refusedTurns }: Around): RefusedStarts | null {
  const incident = refusedTogether(incidents, record);
  const turn = incident && refusedTurns.get(incident.id);
  if (turn === undefined) return null;
  const { next, ...known } = turn;
  return { ...known, isNext: next === record.name };
}

function noSpace(record: ContainerRecord, { incidents, machine, spaceTurns }: Around): NoSpace | null {
  if (spaceTurns.size === 0) return null;
  const { id, cause, withheldFrom } = withheldFor(incidents, machine, record) ?? {};
  if (id === undefined || cause?.machine === undefined || !withheldFrom) return null;
  return { mount: cause.machine, withheldFrom, isNext: spaceTurns.get(id) === record.name };
}

/** Whether its rules let it be restarted for a leak, and this is its time of day. */
const isTimeForLeakRestart = ({ onLeak, leakRestartWindow }: Rules, now: number): boolean =>
  onLeak === 'restart' && inDailyWindow(leakRestartWindow, new Date(now));

function neighbour(name: string, { recordOf, containers }: Around): Neighbour | undefined {
  const record = recordOf(name);
  const container = containers.get(name);
  if (!record || !container) return undefined;
  return { record, container: record.life.absentSince === null ? container : null };
}

/** All that a container needs itself. */
interface Needs {
  readonly dependencies: readonly Dependency[];
  readonly externals: readonly (readonly string[])[];
  readonly elsewhere: readonly KnownNeed[];
}

/** A dependency that came back since the container was given up. */
function dependencyBack(
  { healing: { givenUp } }: ContainerRecord,
  needs: Needs,
  { recordOf, externals, setting }: Around,
): { readonly name: string; readonly at: number } | undefined {
  if (givenUp === null) return undefined;
  const container = needs.dependencies
    .flatMap(({ anyOf }) => anyOf)
    .map((name) => ({ name, at: recordOf(name)?.health.readySince ?? 0 }))
    .find(({ at }) => at > givenUp.at);
  return (
    container ??
    externalBack(needs.externals, externals, setting.options, givenUp.at) ??
    elsewhereBack(needs.elsewhere, givenUp.at)
  );
}

/** A dependency that is ready in a later run than the one that the container knows. */
function restartedDependency(
  record: ContainerRecord,
  { dependencies, elsewhere }: Needs,
  around: Around,
): NewRun | null {
  const isThere = (name: string): boolean => {
    const seen = around.elsewhere.get(name);
    if (seen !== undefined) return seen.readySince !== null;
    const other = neighbour(name, around);
    return other !== undefined && other.container !== null && other.record.health.readySince !== null;
  };
  const present = presentRuns(around.containers, around.elsewhere);
  const runs = newRuns(record, followedRuns(dependencies, elsewhere), present).filter(({ name }) =>
    isThere(name),
  );
  // A namespace that is gone says more of why than what its rules ask.
  return runs.find(({ shares }) => shares.length > 0) ?? runs[0] ?? null;
}
