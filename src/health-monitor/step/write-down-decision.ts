import {
  askFor,
  beginAttempt,
  beginRestart,
  giveUp,
  isUp,
  meaningOf,
  withAttemptsBack,
  type AskedAct,
  type ContainerRecord,
  type Decision,
  type GivenUp,
  type Situation,
} from '../policy/index.js';
import { actDeadlineMs, type Container } from '../runtime/index.js';
import type { Act } from './act.js';
import { answerDependencyRuns, type PresentRuns } from './dependency-runs.js';

/** The record with a decision written down, before anything is done, and what is then to be done. Pure. */
export function writeDownDecision(
  { container, record, rules, now }: Situation,
  decision: Decision,
  runs: PresentRuns,
  term: number | undefined,
): { readonly record: ContainerRecord; readonly act: Act | null } {
  switch (decision.action) {
    case 'leave':
    case 'rearm':
      return { record, act: null };
    case 'wait':
      return { record: meaningOf(decision).lacksSpace ? withoutAttempts(record) : record, act: null };
    case 'give-up':
      return { record: giveUp(record, whyGivenUp(container, record, decision), now), act: null };
    case 'start':
    case 'restart': {
      const isAttempt = meaningOf(decision).answers === 'failure';
      const act: Act = {
        name: container.name,
        id: container.id,
        kind: decision.action,
        stopTimeoutMs: rules.stopTimeoutMs,
        attempt: isAttempt ? record.healing.attempts.length + 1 : null,
        code: decision.code,
        reason: decision.reason,
      };
      const asked: AskedAct = {
        kind: act.kind,
        by: 'monitor',
        attempt: act.attempt,
        at: now,
        until: now + actDeadlineMs(act.kind, act.stopTimeoutMs),
        ...(term !== undefined && { term }),
      };
      return { record: askFor(withActBegun(record, act, runs, now), asked), act };
    }
  }
}

/** With what an act is to answer counted as answered. */
function withActBegun(record: ContainerRecord, act: Act, runs: PresentRuns, now: number): ContainerRecord {
  const { answers } = meaningOf(act);
  if (answers === 'failure') return beginAttempt(record, act.kind, now);
  if (answers === 'refusal') return record;
  const restarting = { ...record, healing: beginRestart(record.healing, now) };
  return answers === 'dependency' ? answerDependencyRuns(restarting, runs) : restarting;
}

/** What was tried where there is no space was tried in vain. */
const withoutAttempts = (record: ContainerRecord): ContainerRecord =>
  record.healing.attempts.length === 0 ? record : { ...record, healing: withAttemptsBack(record.healing) };

function whyGivenUp(container: Container, record: ContainerRecord, decision: Decision): GivenUp['reason'] {
  if (meaningOf(decision).triedBy === 'engine') return 'engine-tries-used-up';
  if (record.healing.attempts.at(-1)?.outcome === 'refused') return 'refused';
  return isUp(container) ? 'unhealthy' : 'died';
}
