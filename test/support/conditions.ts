import {
  findTrouble,
  isLeftOnPurpose,
  updateIncidents,
  type Condition,
  type IncidentRecord,
  type Incidents,
} from '../../src/health-monitor/incidents/index.js';
import { leave, wait, type Decision } from '../../src/health-monitor/policy/index.js';
import type { Container } from '../../src/health-monitor/runtime/index.js';
import {
  aDeath,
  anAttempt,
  anExited,
  aContainer,
  aRecord,
  MINUTE,
  NOON,
  rulesFor,
  type FlatRecord,
} from './situation.js';

/** What `condition` takes; what is left out is as usual. */
export interface ConditionChanges {
  readonly container?: Container;
  readonly record?: Partial<FlatRecord>;
  readonly decision?: Decision;
  readonly evidence?: Condition['evidence'];
  readonly now?: number;
}

/** Up and well, unless something else is said. */
export function condition(name: string, changes: ConditionChanges = {}): Condition {
  const {
    container = aContainer({ name }),
    decision = leave('healthy', 'Up. Nothing to do.'),
    evidence = null,
    now = NOON,
  } = changes;
  const record = aRecord({ name, up: container.state === 'running', ...changes.record });
  return {
    name,
    container,
    record,
    rules: rulesFor(container),
    decision,
    leftOnPurpose: isLeftOnPurpose(decision),
    trouble: findTrouble(container, record, decision, now),
    evidence,
  };
}

export const up = (name: string, record: Partial<FlatRecord> = {}): Condition => condition(name, { record });

export const backingOff = wait('backing-off', 'Attempt 1 did not last.');
export const waitingFor = (name: string): Decision =>
  wait('waiting-for-dependency', `Waits: ${name} is down.`, { blockedBy: [name] });

/** Down since then, after one attempt. */
export const down = (
  name: string,
  at: number,
  decision: Decision = backingOff,
  record: Partial<FlatRecord> = {},
): Condition =>
  condition(name, {
    container: anExited({ name }),
    record: { death: aDeath({ at }), readySince: null, attempts: [anAttempt(at)], ...record },
    decision,
  });

export const givenUp = (name: string, at: number, record: Partial<FlatRecord> = {}): Condition =>
  down(name, at, wait('given-up', '3 of 3 attempts failed.'), {
    attempts: [anAttempt(at), anAttempt(at), anAttempt(at)],
    givenUp: { at, reason: 'died' },
    ...record,
  });

export const stopped = (name: string): Condition =>
  condition(name, {
    container: anExited({ name }),
    record: { death: aDeath(), readySince: null },
    decision: leave('stopped-by-person', 'Stopped by ann.'),
  });

/** A monitor's incidents, step by step; `needs` says who needs whom. */
export class IncidentStory {
  incidents: Incidents = new Map();
  /** Types of the messages so far, with the container they are about. */
  readonly sent: string[] = [];
  readonly messages: string[] = [];

  constructor(private readonly needs: Readonly<Record<string, readonly string[]>> = {}) {}

  step(now: number, ...conditions: Condition[]): this {
    const { incidents, messages } = updateIncidents({
      incidents: this.incidents,
      conditions: new Map(conditions.map((one) => [one.name, one])),
      below: new Map(Object.entries(this.needs).map(([name, below]) => [name, new Set(below)])),
      stableAfterMs: 10 * MINUTE,
      now,
    });
    this.incidents = incidents;
    this.sent.push(...messages.map(({ type, container }) => `${type} ${container}`));
    this.messages.push(...messages.map(({ message }) => message));
    return this;
  }

  get all(): IncidentRecord[] {
    return [...this.incidents.values()];
  }
}
