import {
  engineBack,
  forgetOldIncidents,
  noteLastWords,
  noteLeakRestart,
  noteTestOfSpace,
  type IncidentRecord,
} from '../incidents/index.js';
import { meaningOf, type HostBoot } from '../policy/index.js';
import { byOurClock } from '../runtime/index.js';
import type { Act } from './act.js';
import { wakeAfterCheck } from './awake.js';
import { decideCheck, type DecidedCheck } from './decide-check.js';
import { engineAnswered } from './engine-state.js';
import { followExternals } from './external-answered.js';
import type { Checked } from './fact.js';
import { hostBoot } from './host-boot.js';
import { withInheritedActs } from './inherited-acts.js';
import { learnCheck } from './learn-check.js';
import type { Circumstances, MonitorState } from './monitor-state.js';
import { reportCheck } from './report-check.js';
import { eventsOfRenames, findRenames, holdsLeftBehind, withHolds, withRenames } from './renames.js';
import type { Setting } from './setting.js';
import type { Step } from './step.js';

/** What follows from a check: who is who, then learn, decide, report. Pure. */
export function checked(before: MonitorState, shown: Checked, setting: Setting): Step {
  const renames = findRenames(before, shown.observation);
  const renamed = withRenames(before, renames);
  const noted = noteLastWords(
    renamed.incidents,
    shown.observation.inspected,
    renamed.machine,
    setting.options.restart.stableAfterMs,
    shown.at,
  );
  const known = { ...renamed, incidents: noted.incidents };
  const boot = isUpAnew(known, shown, setting) ? findBoot(known, shown, setting) : known.boot!;
  const { state, check } = withInheritedActs(known, shown, boot);
  const circumstances = circumstancesOf(state, check, setting);
  const learnt = withHolds(learnCheck(state, check, boot, setting.options), holdsLeftBehind(before, renames));
  const decided = decideCheck(state, check, learnt, boot, circumstances, setting);
  const reported = reportCheck(state, check, learnt, decided, setting);
  const step: Step = {
    state: {
      ...state,
      circumstances,
      containers: learnt.containers,
      topology: learnt.topology,
      batches: decided.batches,
      line: decided.line,
      records: reported.records,
      incidents: withTestsOfSpace(
        withLeakRestarts(reported.incidents, decided.acts),
        decided.acts,
        reported.records,
        check.at,
      ),
      views: reported.views,
      awake: wakeAfterCheck(state, reported.records, learnt.topology.graph),
    },
    renames,
    acts: decided.acts,
    events: [...eventsOfRenames(renames, learnt.records, check.at), ...reported.events],
    messages: [...noted.messages, ...reported.messages],
    checkNext: decided.checkNext,
    policyFailures: decided.policyFailures,
  };
  return check.observation.full ? fullyChecked(step, check, decided, boot, setting) : step;
}

/** A full check is a sign of life, and ends an outage. */
function fullyChecked(
  checked: Step,
  { at, observation }: Checked,
  { decisions }: DecidedCheck,
  boot: HostBoot,
  setting: Setting,
): Step {
  const step = withExternals(checked, setting, at);
  const state: MonitorState = {
    ...step.state,
    incidents: forgetOldIncidents(step.state.incidents, at),
    engine: engineAnswered(step.state.engine, observation.engine, at),
    boot: boot.isNew ? { ...boot, isNew: false } : boot,
    lastFullCheckAt: at,
    lastAlive: { bootId: setting.bootId, aliveAt: at },
  };
  const broughtBack = [...decisions]
    .filter(([, decision]) => meaningOf(decision).bringsBack)
    .map(([name]) => name);
  const back = engineBack(state.incidents, broughtBack, at);
  if (back === null) return { ...step, state };
  return {
    ...step,
    state: { ...state, incidents: back.incidents },
    events: [...step.events, ...back.events],
    messages: [...step.messages, ...back.messages],
  };
}

/** How long an external has been so is told by time alone. */
function withExternals(step: Step, { options }: Setting, at: number): Step {
  const { incidents, events, messages } = followExternals(
    step.state,
    step.state.externals.values(),
    options,
    at,
  );
  if (incidents === step.state.incidents) return step;
  return {
    ...step,
    state: { ...step.state, incidents },
    events: [...step.events, ...events],
    messages: [...step.messages, ...messages],
  };
}

/** So much may lie between two answers of an engine to when its machine came up. */
const UP_SINCE_SLACK_MS = 30_000;

/** The host came up since it was last asked. Only another host than our own does that while we run. */
function isUpAnew({ boot, engine }: MonitorState, { observation }: Checked, { isRemote }: Setting): boolean {
  if (boot === null) return true;
  const { machineUpSince } = observation.engine;
  // An answer of before the clock was set says nothing now.
  if (!isRemote || observation.engine === engine.info || machineUpSince == null) return false;
  return machineUpSince > boot.bootedAt + UP_SINCE_SLACK_MS;
}

/** When the host came up, as a check shows it. */
function findBoot(
  { lastAlive }: MonitorState,
  { bootedAt, at, observation }: Checked,
  { bootId, isRemote }: Setting,
): HostBoot {
  return hostBoot({
    bootedAt: (isRemote ? observation.engine.machineUpSince : null) ?? bootedAt ?? at,
    bootId,
    before: lastAlive,
    exits: observation.inspected.flatMap(
      ({ container }) => byOurClock(container, observation.engine).exitedAt ?? [],
    ),
  });
}

/** The same object while it says the same. */
function circumstancesOf(
  { circumstances: before, watchingSince }: MonitorState,
  { writer, cutOff, shuttingDown }: Checked,
  { options }: Setting,
): Circumstances {
  const role = cutOff ? 'cut-off' : writer ? 'heals' : 'stands-by';
  const healingFrom = watchingSince + options.check.startupDelayMs;
  const isSame =
    before?.role === role && before.shuttingDown === shuttingDown && before.healingFrom === healingFrom;
  return isSame ? before : { role, shuttingDown, healingFrom };
}

/** A leak that is answered by a restart now is not answered by another one tomorrow. */
const withLeakRestarts = (
  incidents: ReadonlyMap<string, IncidentRecord>,
  acts: readonly Act[],
): ReadonlyMap<string, IncidentRecord> =>
  acts
    .filter((act) => meaningOf(act).answers === 'leak')
    .reduce((noted, { name }) => noteLeakRestart(noted, name), incidents);

/** One that is tried for want of space is the only one for a while. */
const withTestsOfSpace = (
  incidents: ReadonlyMap<string, IncidentRecord>,
  acts: readonly Act[],
  records: MonitorState['records'],
  now: number,
): ReadonlyMap<string, IncidentRecord> =>
  acts
    .filter((act) => meaningOf(act).answers === 'refusal')
    .flatMap(({ name }) => records.get(name) ?? [])
    .reduce((noted, record) => noteTestOfSpace(noted, record, now), incidents);
