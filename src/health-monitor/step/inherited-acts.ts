import {
  answered,
  endAttempt,
  isDown,
  isUp,
  type ActOutcome,
  type AskedAct,
  type ContainerRecord,
  type HostBoot,
} from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { Checked } from './fact.js';
import { withChanges } from './map-changes.js';
import type { MonitorState } from './monitor-state.js';
import { ROUNDED_MS, underWayOn, type ActUnderWay, type EndedAct } from './own-acts.js';

/** An act that another process asked for, as it goes into what we take to be done through us. */
type Inherited = { readonly underWay: ActUnderWay } | { readonly ended: EndedAct };

/**
 * What an earlier process, or another one, asked the engine for, and of which it wrote down no outcome, counts as an act of
 * ours: under way until its deadline or until this check shows how it ended, and then as one that has just ended. Pure.
 */
export function withInheritedActs(
  state: MonitorState,
  check: Checked,
  boot: HostBoot,
): { readonly state: MonitorState; readonly check: Checked } {
  const left = [...state.records.values()].filter(
    ({ name, healing: { asked } }) => asked?.inherited && underWayOn(check.ownActs, name) === null,
  );
  if (left.length === 0) return { state, check };
  const seen = new Map(check.observation.inspected.map(({ container }) => [container.name, container]));
  const records: [string, ContainerRecord][] = [];
  const acts: Inherited[] = [];
  for (const record of left) {
    const asked = record.healing.asked!;
    const outcome = outcomeOf(record, asked, seen.get(record.name), boot, check.at);
    acts.push(outcome === null ? underWay(record, asked) : ended(record, asked, check.at));
    if (outcome !== null) records.push([record.name, withOutcome(record, asked, outcome)]);
  }
  return {
    state: records.length === 0 ? state : { ...state, records: withChanges(state.records, records) },
    check: {
      ...check,
      ownActs: {
        ...check.ownActs,
        underWay: [
          ...check.ownActs.underWay,
          ...acts.flatMap((act) => ('underWay' in act ? [act.underWay] : [])),
        ],
        ended: [...check.ownActs.ended, ...acts.flatMap((act) => ('ended' in act ? [act.ended] : []))],
      },
    },
  };
}

const underWay = ({ name }: ContainerRecord, { kind, attempt, by, at, until }: AskedAct): Inherited => ({
  underWay: { name, kind, attempt, by, since: at, until },
});

const ended = ({ name }: ContainerRecord, { kind, at }: AskedAct, now: number): Inherited => ({
  ended: { name, kind, from: at, to: now },
});

function withOutcome(record: ContainerRecord, asked: AskedAct, outcome: ActOutcome): ContainerRecord {
  const known = asked.attempt === null ? record : endAttempt(record, outcome);
  return answered(known, asked.by);
}

const DONE: ActOutcome = { kind: 'done', detail: null };
const TIMED_OUT: ActOutcome = { kind: 'timed-out', detail: null };

/** `null`: the engine does not show it yet, and may still be at it. */
function outcomeOf(
  record: ContainerRecord,
  asked: AskedAct,
  container: Container | undefined,
  boot: HostBoot,
  now: number,
): ActOutcome | null {
  if (container !== undefined && isDone(record, asked, container)) return DONE;
  const isPointless = boot.isNew || record.life.absentSince !== null;
  const isAnother = container !== undefined && container.id !== record.id;
  return isPointless || isAnother || now >= asked.until ? TIMED_OUT : null;
}

/** The engine shows that it did it. */
function isDone(record: ContainerRecord, asked: AskedAct, container: Container): boolean {
  if (container.id !== record.id) return false;
  switch (asked.kind) {
    case 'start':
      // What ran already is started by doing nothing.
      return isUp(container) || hasRunAnew(record, asked, container);
    case 'restart':
      return hasRunAnew(record, asked, container);
    case 'stop':
      return isDown(container) || hasRunAnew(record, asked, container);
  }
}

/** It was started since it was asked for, whatever became of that run. */
function hasRunAnew({ life: { run } }: ContainerRecord, { at }: AskedAct, { startedAt }: Container): boolean {
  if (startedAt === null || startedAt === run?.startedAt) return false;
  return run !== null || startedAt >= at - ROUNDED_MS;
}
