import {
  findBlockers,
  type ContainerRecord,
  type Dependency,
  type HostBoot,
  type Neighbour,
  type RefusedStarts,
  type Rules,
  type Surroundings,
} from '../policy/index.js';
import { isLeakRestartDue, refusedTogether } from '../incidents/index.js';
import { inDailyWindow } from '../memory/index.js';
import type { Container } from '../runtime/index.js';
import type { Checked } from './fact.js';
import type { Circumstances, MonitorState } from './monitor-state.js';
import { underWayOn } from './own-acts.js';
import type { RefusedTurn } from './refused-turns.js';
import type { Setting } from './setting.js';
import type { StartQueue } from './start-queue.js';

/** What the surroundings of every container are made from, in one step. */
export interface Around {
  readonly setting: Setting;
  readonly check: Checked;
  readonly boot: HostBoot;
  readonly circumstances: Circumstances;
  readonly incidents: MonitorState['incidents'];
  readonly containers: ReadonlyMap<string, Container>;
  readonly dependencies: ReadonlyMap<string, readonly Dependency[]>;
  readonly queue: StartQueue;
  /** Of each open incident of refused starts, by its id, whose turn it is. */
  readonly refusedTurns: ReadonlyMap<string, RefusedTurn>;
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
  const { name, id, startedAt } = container;
  const dependencies = around.dependencies.get(name) ?? [];
  const back = dependencyBack(record, dependencies, around);
  return {
    mode: circumstances.standingBy ? 'stand-by' : setting.options.mode,
    healingFrom: circumstances.healingFrom,
    shuttingDown: circumstances.shuttingDown,
    ourselves: setting.ownId !== null && id.startsWith(setting.ownId),
    acting: underWayOn(check.ownActs, name),
    blockers: findBlockers(dependencies, (other) => neighbour(other, around), check.at),
    dependencyBack: back?.name ?? null,
    dependencyBackAt: back?.at ?? null,
    restartedDependency: restartedDependency(record, dependencies, around),
    tierPause: queue.pauseOf(record.healing.batch, rules.tier),
    place: queue.placeOf(name),
    refusedStarts: refusedStarts(record, around),
    notStartedSinceBoot: startedAt !== null && startedAt < boot.bootedAt,
    leakRestartDue: isTimeForLeakRestart(rules, check.at) && isLeakRestartDue(around.incidents, name),
  };
}

function refusedStarts(record: ContainerRecord, { incidents, refusedTurns }: Around): RefusedStarts | null {
  const incident = refusedTogether(incidents, record);
  const turn = incident && refusedTurns.get(incident.id);
  if (turn === undefined) return null;
  const { next, ...known } = turn;
  return { ...known, isNext: next === record.name };
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

/** A dependency that came back since the container was given up. */
function dependencyBack(
  { healing: { givenUp } }: ContainerRecord,
  dependencies: readonly Dependency[],
  { recordOf }: Around,
): { readonly name: string; readonly at: number } | undefined {
  if (givenUp === null) return undefined;
  return dependencies
    .flatMap(({ anyOf }) => anyOf)
    .map((name) => ({ name, at: recordOf(name)?.health.readySince ?? 0 }))
    .find(({ at }) => at > givenUp.at);
}

/** A dependency with `restart: true` that is ready in a later run than the one that the container knows. */
function restartedDependency(
  { life, healing }: ContainerRecord,
  dependencies: readonly Dependency[],
  around: Around,
): string | null {
  if (!life.up) return null;
  const found = dependencies
    .filter(({ restart }) => restart)
    .flatMap(({ anyOf }) => anyOf)
    .find((name) => {
      const other = neighbour(name, around);
      const known = healing.dependencyRuns[name];
      return (
        other?.record.health.readySince && known !== undefined && (other.container?.startedAt ?? 0) > known
      );
    });
  return found ?? null;
}
