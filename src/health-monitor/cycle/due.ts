import { BEFORE_CAUSE_MS, RECOVERED_AFTER_MS } from '../incidents/index.js';
import { believedHealth, READY_AFTER_MS } from '../policy/index.js';
import type { MonitorState } from './monitor-state.js';

/** What is overdue for longer than this does not hang on time alone; full checks see to it. */
const OVERDUE_FOR_MS = 5_000;

/** When to look again, at whom, because time alone changes something. Milliseconds since 1970. */
export interface Due {
  readonly at: number;
  readonly name: string;
}

/** Everything that time alone will change, in no order. Pure. */
export function* whatIsDue(state: MonitorState, now: number): Generator<Due> {
  for (const due of everythingDue(state, now)) if (now - due.at < OVERDUE_FOR_MS) yield due;
}

function* everythingDue({ records, containers, incidents }: MonitorState, now: number): Generator<Due> {
  for (const [name, record] of records) {
    if (record.life.absentSince !== null) continue;
    const { up, run } = record.life;
    const { decision } = record.shown;
    if (decision?.dueAt) yield { at: decision.dueAt, name };
    const container = containers.get(name);
    if (
      up &&
      record.health.readySince === null &&
      run !== null &&
      container &&
      believedHealth(container, now) === 'none'
    ) {
      yield { at: run.since + READY_AFTER_MS, name };
    }
  }
  for (const { status, cause, backAt, announced, since } of incidents.values()) {
    if (status !== 'open' || cause.container === null) continue;
    if (backAt !== null) yield { at: backAt + RECOVERED_AFTER_MS, name: cause.container };
    if (!announced) yield { at: since + BEFORE_CAUSE_MS, name: cause.container };
  }
}
