import type { Evidence } from '../../common/events/index.js';
import {
  endedByItself,
  findTrouble,
  isLeftOnPurpose,
  type Condition,
  type Message,
} from '../incidents/index.js';
import { meaningOf, withParts, type ContainerRecord, type Decision, type NewRun } from '../policy/index.js';
import { newsOfDecision, newsOfHappenings, type ContainerNews } from './container-events.js';
import type { DecidedCheck } from './decide-check.js';
import { followedRuns, newRuns, presentRuns } from './dependency-runs.js';
import type { LearntCheck } from './learn-check.js';
import type { MonitorState } from './monitor-state.js';
import { noteDecision } from './note-decision.js';

/** Work that lasted this long and then ended by itself is worth a message. */
const LONG_WORK_MS = 10 * 60_000;

/** What there is to say of one container that was decided about. */
export interface ReportedContainer {
  /** With what is shown of it. */
  readonly record: ContainerRecord;
  readonly news: readonly ContainerNews[];
  readonly condition: Condition;
  /** What people are to hear of it besides its incidents. */
  readonly message: Message | null;
  /** Since this check nobody knows what is wished of it. */
  readonly lostIntent: boolean;
}

/** What a check has come to when it is to be reported. */
export interface Reportable {
  readonly before: MonitorState['records'];
  readonly learnt: LearntCheck;
  readonly decided: DecidedCheck;
  /** The last words of those newly down or unhealthy. */
  readonly evidence: ReadonlyMap<string, Evidence | null>;
  readonly now: number;
}

/** Works out what there is to say of one container. Pure. */
export function reportContainer(
  name: string,
  decision: Decision,
  { before: records, learnt, decided, evidence, now }: Reportable,
): ReportedContainer {
  const container = learnt.containers.get(name)!;
  const before = records.get(name);
  const decidedOn = decided.records.get(name)!;
  const isPresent = decidedOn.life.absentSince === null;
  const rules = learnt.topology.rules.get(name)!;
  const noted = withParts(decidedOn, {
    shown: noteDecision({ container, record: decidedOn, rules, now }, decision),
  });
  const happened = newsOfHappenings(noted, isPresent ? (learnt.happened.get(name) ?? []) : [], now);
  const record = withParts(noted, { shown: happened.shown });
  const condition: Condition = {
    name,
    container,
    record,
    rules,
    decision,
    leftOnPurpose: isPresent && isLeftOnPurpose(decision),
    trouble: isPresent ? findTrouble(container, record, decision, now, cutOffBy(record, learnt)) : null,
    evidence: evidence.get(name) ?? null,
  };
  const ofDecision = newsOfDecision(before?.shown.decision ?? null, decision, decided.rearmed.get(name));
  return {
    record,
    news: isPresent ? [...happened.news, ...ofDecision] : [],
    condition,
    message: isEndOfLongWork(condition, before) ? endedByItself(condition) : null,
    lostIntent: hasLostIntent(condition, before),
  };
}

function cutOffBy(record: ContainerRecord, { topology, containers }: LearntCheck): NewRun | null {
  const dependencies = topology.graph.dependencies.get(record.name) ?? [];
  const runs = newRuns(record, followedRuns(dependencies, []), presentRuns(containers, new Map()));
  return runs.find(({ shares }) => shares.length > 0) ?? null;
}

const hasLostIntent = ({ decision }: Condition, before: ContainerRecord | undefined): boolean =>
  decision.code === 'intent-unknown' && before?.shown.decision?.code !== decision.code;

/** It ended by itself after long work, and the engine can tell that no person did it. */
function isEndOfLongWork({ record, decision }: Condition, before: ContainerRecord | undefined): boolean {
  const { death } = record.life;
  return (
    meaningOf(decision).endsByItself &&
    (before?.life.up === true || before?.life.death?.stoppedBy === 'pending') &&
    death?.stoppedBy === 'nobody' &&
    (death.ranForMs ?? 0) >= LONG_WORK_MS
  );
}
