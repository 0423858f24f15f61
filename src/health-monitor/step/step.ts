import type { EventDraft } from '../../common/events/index.js';
import { engineLost, probesDoubted, updateLeaks, type Message } from '../incidents/index.js';
import type { Act } from './act.js';
import { wakeAfterOtherFact } from './awake.js';
import { acted, asked } from './change-container.js';
import { checked } from './checked.js';
import { clockSet, slept } from './clock-changes.js';
import { elsewhereSeen } from './elsewhere-seen.js';
import { engineFailed, lastsLong } from './engine-state.js';
import { externalAnswered } from './external-answered.js';
import type { Fact, FactOf } from './fact.js';
import { loaded } from './loaded.js';
import { machineRead } from './machine-read.js';
import type { MonitorState } from './monitor-state.js';
import type { Renames } from './renames.js';
import { isOfAnotherHost, type Setting } from './setting.js';
import { silence } from './silent-host.js';
import { storeChanged } from './store-changed.js';

/** What follows from a fact. */
export interface Step {
  readonly state: MonitorState;
  /** Who has another name than before. */
  readonly renames: Renames;
  /** What is to be done, already written down in the state. */
  readonly acts: readonly Act[];
  /** What happened, for machines, in order. */
  readonly events: readonly EventDraft[];
  /** What people are to be told. */
  readonly messages: readonly Message[];
  /** Whom to check next, before anything is done to them. */
  readonly checkNext: readonly string[];
  /** For whom the restart policy failed, with what it threw. */
  readonly policyFailures: ReadonlyMap<string, unknown>;
}

/**
 * What follows from something that happened. Everything that the monitor decides, remembers and says passes through
 * here. Pure: the same fact, in the same state and setting, always has the same consequences.
 */
export function step(state: MonitorState, fact: Fact, setting: Setting): Step {
  if (fact.kind === 'checked') return checked(state, fact, setting);
  const next = { ...NOTHING_MORE, ...otherwise(state, fact, setting) };
  return { ...next, state: wakeAfterOtherFact(state, next.state) };
}

const NOTHING_MORE: Omit<Step, 'state'> = {
  renames: new Map(),
  acts: [],
  events: [],
  messages: [],
  checkNext: [],
  policyFailures: new Map(),
};

/** What follows from a fact that is no check; nothing is done upon it before the next check. */
function otherwise(
  state: MonitorState,
  fact: Exclude<Fact, FactOf<'checked'>>,
  setting: Setting,
): Pick<Step, 'state'> & Partial<Step> {
  const { options } = setting;
  switch (fact.kind) {
    case 'check-failed':
      return checkFailed(state, fact, setting);
    case 'acted':
      return acted(state, fact, options.restart.stableAfterMs);
    case 'asked':
      return asked(state, fact);
    case 'probes-doubted':
      return { state, messages: [probesDoubted(fact.containers)] };
    case 'machine-read':
      return machineRead(state, fact, options);
    case 'external-answered':
      return externalAnswered(state, fact, options);
    case 'elsewhere-seen':
      return elsewhereSeen(state, fact);
    case 'memory-changed': {
      const { incidents, messages, events } = updateLeaks(state.incidents, fact.changes, fact.at);
      return { state: { ...state, incidents }, messages, events };
    }
    case 'store-changed':
      return { state, ...storeChanged(fact) };
    case 'clock-set':
      return { state: clockSet(state, fact) };
    case 'slept':
      return { state: slept(state, fact) };
    case 'loaded':
      return { state: loaded(state, fact) };
  }
}

/**
 * The second failed check in a row is an outage; people hear of it once, when it lasts, also when an earlier process told
 * them.
 */
function checkFailed(
  state: MonitorState,
  { problem, by, at }: FactOf<'check-failed'>,
  setting: Setting,
): Pick<Step, 'state'> & Partial<Step> {
  const engine = engineFailed(state.engine, problem, at);
  const next = { ...state, engine };
  if (engine.reachable !== false) return { state: next };
  const isNew = state.engine.reachable !== false;
  const silenced =
    isNew && isOfAnotherHost(setting) ? silence(state.views, at) : { views: state.views, events: [] };
  const since = engine.failingSince ?? at;
  const lasts = lastsLong(since, at, setting.options.check.intervalMs);
  const lost = engineLost(state.incidents, { since, problem, by, lasts, now: at });
  const known = { ...next, views: silenced.views };
  if (lost === null) return { state: known, events: silenced.events };
  return {
    state: { ...known, incidents: lost.incidents },
    events: [...lost.events, ...silenced.events],
    messages: lost.messages,
  };
}
