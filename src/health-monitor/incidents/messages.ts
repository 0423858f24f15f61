import type {
  EndDetails,
  NotificationDetails,
  NotificationLevel,
  NotificationType,
} from '../../common/events/index.js';
import { asSentence } from '../../common/text/index.js';
import {
  appIdOf,
  endedAttempts,
  endInWords,
  inWords,
  isDown,
  isUp,
  listed,
  meaningOf,
  rearmAt,
  signalOf,
  timeOfDay,
  unhealthyForMs,
  wordsOfFailure,
  type Decision,
  type GivenUp,
} from '../policy/index.js';
import type { Condition } from './condition.js';
import type {
  ContainerFacts,
  EngineFacts,
  ExternalFacts,
  LeakFacts,
  ReadingFacts,
  RefusalFacts,
} from './facts.js';
import type { IncidentRecord } from './incident-record.js';
import type { Message } from './message.js';
import { victimsBack } from './victims.js';

const MOST_NAMES = 8;

/** The sentences people read. The texts of the first two are the first monitor's own. */

export function restartFailed({ condition }: ContainerFacts, incident: IncidentRecord): Message {
  const { record, rules, container } = condition;
  const ended = endedAttempts(record.healing);
  const last = ended.at(-1);
  const why = last?.detail
    ? ` ${asSentence(last.detail)}`
    : last?.outcome === 'timed-out'
      ? ' The engine did not answer in time.'
      : '';
  const said = about(condition, incident);
  return {
    type: 'container.restart_failed',
    level: 'error',
    title: `${condition.name} could not be ${last?.kind ?? 'start'}ed`,
    message: `Auto-restart failed (attempt ${ended.length}/${rules.maxAttempts}). Container state: ${container.state}.${why}`,
    ...said,
    details: { ...said.details, attempt: ended.length },
  };
}

export function gaveUp({ condition }: ContainerFacts, incident: IncidentRecord): Message {
  const why = WHY_GIVEN_UP[condition.record.healing.givenUp?.reason ?? 'died'];
  const began = howItBegan(condition, incident);
  return {
    type: 'container.given_up',
    level: 'error',
    title: `${condition.name} was given up`,
    message: began === null ? why(condition, 'again ') : `${began} ${why(condition, '')}`,
    ...about(condition, incident),
  };
}

/** `null`: it ended each time in the same way, as far as is known. */
function howItBegan({ record: { life } }: Condition, { cause: { evidence } }: IncidentRecord): string | null {
  const code = evidence?.exitCode ?? null;
  if (evidence === null || code === null || code === life.death?.exitCode) return null;
  return `It ${endInWords(code, evidence.oomKilled)}.`;
}

const WHY_GIVEN_UP: Readonly<Record<GivenUp['reason'], (condition: Condition, again: string) => string>> = {
  died: (condition, again) =>
    `Container restarted ${attemptsMade(condition)} and exited ${again}with ${exitCodeOf(condition)}. May need manual attention.${nextTry(condition)}`,
  unhealthy: (condition) =>
    `Container restarted ${attemptsMade(condition)} and is still not healthy. May need manual attention.${nextTry(condition)}`,
  refused: (condition) =>
    `Auto-restart failed ${attemptsMade(condition)}. ${asSentence(condition.record.healing.attempts.at(-1)?.detail ?? 'The engine refused to start it.')} May need manual attention.${nextTry(condition)}`,
  'engine-tries-used-up': (condition) =>
    `Its own restart policy ${condition.container.restartPolicy === 'on-failure' ? 'used up its tries' : 'does not bring it back'}; it exited with ${exitCodeOf(condition)}. Not restarted. May need manual attention.`,
};

const attemptsMade = ({ record, rules }: Condition): string =>
  `(${record.healing.attempts.length}/${rules.maxAttempts} attempts)`;
const exitCodeOf = ({ record }: Condition): string =>
  record.life.death === null ? 'an unknown code' : String(record.life.death.exitCode);
const nextTry = ({ record, rules }: Condition): string =>
  record.healing.givenUp === null
    ? ''
    : ` Next try at ${timeOfDay(rearmAt(record.healing, record.healing.givenUp, rules))}.`;

export function keepsCrashing({ condition }: ContainerFacts, incident: IncidentRecord): Message {
  const { record, rules } = condition;
  const byEngine = record.loop.engineDeaths.length > rules.maxAttempts;
  return {
    type: 'container.crash_loop',
    level: 'warning',
    title: `${condition.name} keeps crashing`,
    message: byEngine
      ? `Exited ${record.loop.engineDeaths.length} times in 10 minutes${lastExit(condition)}. Its own restart policy restarts it each time; the monitor leaves it alone.`
      : healedTooOften(condition),
    ...about(condition, incident),
  };
}

function healedTooOften(condition: Condition): string {
  const { loop, healing } = condition.record;
  const often = `${loop.healedDeaths.length} times in 24 hours`;
  return healing.attempts.at(-1)?.kind === 'restart'
    ? `Restarted ${often}, since its health check failed. It may need you.`
    : `Exited ${often}${lastExit(condition)}. It was restarted each time. It may need you.`;
}

function lastExit({ record, container }: Condition): string {
  const code = record.life.death?.exitCode ?? container.exitCode;
  const signal = signalOf(code);
  return code === 0 ? '' : ` (last: ${code}${signal === null ? '' : `, ${signal}`})`;
}

const whyUntreated = ({ code, reason }: Decision): string => meaningOf({ code }).because?.(reason) ?? reason;

/** What is down, and is brought back by nobody. */
export function leftDown({ condition, now }: ContainerFacts, incident: IncidentRecord): Message {
  const { reason, since } = condition.trouble ?? { reason: incident.cause.reason, since: incident.since };
  return {
    type: 'container.down',
    level: 'error',
    title: `${condition.name} is down`,
    message: `${reason} Down for ${inWords(now - since)}. Not restarted: ${whyUntreated(condition.decision)}${sameOf(condition, incident)}`,
    ...about(condition, incident),
  };
}

/** Its check fails for short whiles, which nothing is done about. */
export function flaps({ condition, now }: ContainerFacts, incident: IncidentRecord): Message {
  const { record, container, rules } = condition;
  const failed = inWords(unhealthyForMs(record.health, now));
  // What a check says that passed is of no use.
  const output = record.health.unhealthySince && container.healthCheck?.lastOutput?.trim();
  return {
    type: 'container.flapping',
    level: 'warning',
    title: `${condition.name} is unhealthy on and off`,
    message: `Its health check failed for ${failed} of the last 10 minutes, never for ${inWords(rules.unhealthyForMs)} in a row${output ? `: ${asSentence(output)}` : '.'} Left alone meanwhile. It may need you.`,
    ...about(condition, incident),
  };
}

export function leftUnhealthy({ condition, now }: ContainerFacts, incident: IncidentRecord): Message {
  const { record, container, rules, decision, trouble } = condition;
  const output = wordsOfFailure(container);
  const lasted = inWords(now - (record.health.unhealthySince ?? now));
  const checkFails = `Its health check has failed for ${lasted}${output ? `: ${asSentence(output)}` : '.'}`;
  // What has no failing check is cut off from what it needs.
  const what = record.health.unhealthySince === null && trouble !== null ? trouble.reason : checkFails;
  const why =
    meaningOf(decision).because !== null
      ? whyUntreated(decision)
      : rules.origin['unhealthy'] === 'preset'
        ? 'a restart could harm its data.'
        : 'it is set to tell, not to restart.';
  return {
    type: 'container.unhealthy',
    level: 'error',
    title: `${condition.name} is unhealthy`,
    message: `${what} Left alone because ${why}${sameOf(condition, incident)}`,
    ...about(condition, incident),
  };
}

export function notReady({ condition, now }: ContainerFacts, incident: IncidentRecord): Message {
  const { container, decision } = condition;
  const { needsPerson = false, since = now, sentence = '' } = container.probed ?? {};
  return {
    type: 'container.unhealthy',
    level: needsPerson ? 'error' : 'warning',
    title: `${condition.name} ${needsPerson ? 'needs you' : 'does not get ready'}`,
    message: needsPerson
      ? `${asSentence(sentence)} It is not restarted: that would not help.`
      : `${decision.reason}${hasBeenSo(now - since)} It is not restarted: that would only make it begin anew.`,
    ...about(condition, incident),
  };
}

/** A further sentence; none of what has only begun. */
const hasBeenSo = (ms: number): string =>
  Math.round(ms / 1_000) > 0 ? ` It has been so for ${inWords(ms)}.` : '';

/** The others that need what is gone. */
function sameOf({ container }: Condition, { victims }: IncidentRecord): string {
  const others = container.requiresGone === undefined ? [] : victims.filter(({ to }) => to === null);
  return others.length === 0
    ? ''
    : ` The same holds for ${namesInWords(others.map((one) => one.container))}.`;
}

export const gotStuck = ({ condition }: ContainerFacts, incident: IncidentRecord): Message => ({
  type: 'container.stuck',
  level: 'error',
  title: `${condition.name} is stuck`,
  message: condition.decision.reason,
  ...about(condition, incident),
});

const HOW_IT_WAS: Partial<Record<IncidentRecord['kind'], string>> = {
  unhealthy: 'Unhealthy',
  flapping: 'Unhealthy on and off',
};

export function recovered({ condition }: ContainerFacts, incident: IncidentRecord): Message {
  const victims = victimsBack(incident);
  const also = victims.length === 0 ? '' : ` Also back: ${namesInWords(victims)}.`;
  const how = HOW_IT_WAS[incident.kind] ?? 'Down';
  return {
    type: 'container.recovered',
    level: 'info',
    title: `${condition.name} is healthy again`,
    message:
      incident.kind === 'crash-loop'
        ? `It has not crashed for a while.${also}`
        : `${how}${howLong(incident, incident.since, incident.backAt ?? incident.since)}${also}`,
    ...about(condition, incident),
  };
}

/** ` for 4 minutes.`, and of what had been over in between, that it had. */
function howLong({ openedAt, reopenedAt }: IncidentRecord, since: number, until: number): string {
  if (reopenedAt === undefined) return ` for ${inWords(until - since)}.`;
  const again = Math.max(0, until - Math.max(since, Date.parse(reopenedAt)));
  const first = Math.max(again, until - Date.parse(openedAt));
  return ` again for ${inWords(again)}. This began ${inWords(first)} ago, and was over in between.`;
}

function namesInWords(names: readonly string[]): string {
  const shown = names.length > MOST_NAMES ? names.slice(0, MOST_NAMES - 1) : names;
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** Of no incident: the wish or hold of each of these could not be read, and it stays as it is. One message for all. */
export function intentsUnknown(conditions: readonly Condition[]): readonly Message[] {
  const [only, ...others] = conditions;
  if (only === undefined) return [];
  return [others.length === 0 ? intentUnknown(only) : intentOfMoreUnknown(conditions)];
}

function intentUnknown(condition: Condition): Message {
  const { container } = condition;
  const now = isUp(container)
    ? 'It is left running, and not brought back if it goes down'
    : isDown(container)
      ? 'It is down, and not started'
      : 'It is left as it is';
  return {
    type: 'container.intent_unknown',
    level: 'warning',
    title: `What is wished of ${condition.name} is not known`,
    message: `${now}, until you say what you want. ${condition.decision.reason}`,
    ...about(condition, null),
  };
}

const intentOfMoreUnknown = (conditions: readonly Condition[]): Message => ({
  type: 'container.intent_unknown',
  level: 'warning',
  title: `What is wished of ${conditions.length} containers is not known`,
  message: `Whether ${namesInWords(conditions.map(({ name }) => name))} are to run, or are on hold, could not be read from the database. Each is left as it is, and not started, until you say what you want of it: start it, stop it, or release it to have it kept as before.`,
  container: null,
  incidentId: null,
  details: {},
});

/** Of no incident: it is over by itself, and whoever has failed is dealt with then. */
export const probesDoubted = (containers: readonly string[]): Message => ({
  type: 'monitor.network_doubted',
  level: 'warning',
  title: `${containers.length} containers fail their probes at once`,
  message: `${namesInWords(containers)} began to fail within a minute, and nobody else that is asked is well. That is more likely a fault of what is between the monitor and them, the network or the engine, than of each, so for five minutes none of them is restarted for it.`,
  container: null,
  incidentId: null,
  details: {},
});

/** Of no incident: long work is done. */
export function endedByItself(condition: Condition): Message {
  const ran = inWords(condition.record.life.death?.ranForMs ?? 0);
  return {
    type: 'container.stopped',
    level: 'info',
    title: `${condition.name} stopped`,
    message: `It ended by itself with exit 0 after ${ran}. Not restarted.`,
    ...about(condition, null),
  };
}

function about(
  condition: Condition,
  incident: IncidentRecord | null,
): Pick<Message, 'container' | 'incidentId' | 'details'> {
  const { name, record, container, rules, decision } = condition;
  const details: NotificationDetails = {
    container: name,
    app_id: appIdOf(name),
    state: container.state,
    attempt: record.healing.attempts.length,
    tier: rules.tier,
    ...(record.life.death && !record.life.up
      ? { exit_code: record.life.death.exitCode, oom_killed: record.life.death.oomKilled }
      : {}),
    ...(incident ? aboutIncident(incident) : {}),
    reason: decision.reason,
  };
  return { container: name, incidentId: incident?.id ?? null, details };
}

function aboutIncident({ id, cause, failedAttempt }: IncidentRecord): NotificationDetails {
  return {
    incident_id: id,
    cause: endDetails(cause, cause.evidence?.at),
    ...(failedAttempt && {
      failed_attempt: { attempt: failedAttempt.attempt, ...endDetails(failedAttempt, failedAttempt.at) },
    }),
  };
}

const endDetails = (
  { reason, evidence }: Pick<IncidentRecord['cause'], 'reason' | 'evidence'>,
  at: string | undefined,
): EndDetails => ({
  reason,
  ...(at === undefined ? {} : { at }),
  ...(evidence === null || evidence.exitCode === null
    ? {}
    : { exit_code: evidence.exitCode, oom_killed: evidence.oomKilled }),
});

const aboutLeak =
  (type: NotificationType, level: NotificationLevel, title: string) =>
  ({ container, trend: { reason } }: LeakFacts, { id }: IncidentRecord): Message => ({
    type,
    level,
    title: `${container} ${title}`,
    message: reason,
    container,
    incidentId: id,
    details: { container, app_id: appIdOf(container), incident_id: id, reason },
  });

export const leakFound = aboutLeak('memory.leak', 'warning', 'is leaking memory');
export const leakUrgent = aboutLeak('memory.leak_urgent', 'error', 'is leaking memory');
export const leakCleared = aboutLeak('memory.leak_cleared', 'info', 'stopped leaking');

export const cannotBeInspected = (facts: ReadingFacts, incident: IncidentRecord): Message => ({
  type: 'container.unreadable',
  level: 'error',
  title: `${facts.container} cannot be inspected`,
  message: `${asSentence(facts.words)} The list of the engine says: ${facts.listed}. Until it can be inspected, it is watched by that list alone.`,
  ...aboutReading(facts, incident),
});

export const canBeInspected = (facts: ReadingFacts, incident: IncidentRecord): Message => ({
  type: 'container.readable',
  level: 'info',
  title: `${facts.container} can be inspected again`,
  message: `It could not be inspected for ${inWords(facts.now - incident.since)}.`,
  ...aboutReading(facts, incident),
});

const aboutReading = (
  { container, words: reason }: ReadingFacts,
  { id }: IncidentRecord,
): Pick<Message, 'container' | 'incidentId' | 'details'> => ({
  container,
  incidentId: id,
  details: { container, app_id: appIdOf(container), incident_id: id, reason },
});

export const externalDown = (facts: ExternalFacts, { id, since }: IncidentRecord): Message => ({
  type: 'external.down',
  level: 'error',
  title: `${facts.name} ${facts.isNotReady ? 'does not get ready' : 'is down'}`,
  message: `${asSentence(facts.sentence)}${facts.hasNeverWorked ? ' It has not worked since the monitor started.' : hasBeenSo(facts.now - since)}${whoWaits(facts.dependents)}`,
  ...aboutExternal(facts, id, facts.sentence),
});

function whoWaits(dependents: readonly string[]): string {
  if (dependents.length === 0) return '';
  const one = dependents.length === 1;
  return ` ${namesInWords(dependents)} ${one ? 'needs' : 'need'} it: ${one ? 'it is' : 'they are'} not restarted until it answers.`;
}

export function externalUp(facts: ExternalFacts, incident: IncidentRecord): Message {
  const { id, since, backAt } = incident;
  const until = backAt ?? facts.now;
  const victims = victimsBack(incident);
  const also = victims.length === 0 ? '' : ` Also back: ${namesInWords(victims)}.`;
  const message = `It was away${howLong(incident, since, until)}${also}`;
  return {
    type: 'external.up',
    level: 'info',
    title: `${facts.name} is back`,
    message,
    ...aboutExternal(facts, id, message),
  };
}

const aboutExternal = (
  { id: external }: ExternalFacts,
  incidentId: string,
  reason: string,
): Pick<Message, 'container' | 'incidentId' | 'details'> => ({
  container: null,
  incidentId,
  details: { external, incident_id: incidentId, reason },
});

export const startsRefused = (
  { containers, words: reason }: RefusalFacts,
  { id, refusedFor }: IncidentRecord,
): Message => ({
  type: 'engine.refuses_starts',
  level: 'error',
  title: 'The engine refuses to start containers',
  message: `${asSentence(reason)} ${listed(containers)} cannot be started.${REMEDIES[refusedFor ?? ''] ?? ''} One of them is tried from time to time; the others follow when it starts.`,
  container: null,
  incidentId: id,
  details: { incident_id: id, reason },
});

const REMEDIES: Readonly<Record<string, string>> = {
  space: ' Make space on the file system that it names, or on that of the engine.',
  memory: ' Make memory free.',
  port: ' Something else listens there.',
  image: ' Their images are missing: pull them.',
};

export const startsTaken = ({ containers, now }: RefusalFacts, { id, since }: IncidentRecord): Message => ({
  type: 'engine.starts_again',
  level: 'info',
  title: 'The engine starts containers again',
  message: `It refused for ${inWords(now - since)}.${containers.length === 0 ? '' : ` Being started now: ${listed(containers)}.`}`,
  container: null,
  incidentId: id,
  details: { incident_id: id },
});

export const checkFailed = (_facts: EngineFacts, { id, cause: { reason } }: IncidentRecord): Message => ({
  type: 'monitor.check_failed',
  level: 'error',
  title: 'Checks fail',
  message: `${asSentence(reason)} Nothing is decided and nothing is restarted until a check succeeds. The fault is in the monitor or in a runtime of your own; the server's log has the details.`,
  container: null,
  incidentId: id,
  details: { incident_id: id, reason },
});

export const checkSucceeded = ({ now }: EngineFacts, { id, since }: IncidentRecord): Message => ({
  type: 'monitor.check_succeeded',
  level: 'info',
  title: 'Checks succeed again',
  message: `They failed for ${inWords(now - since)}.`,
  container: null,
  incidentId: id,
  details: { incident_id: id },
});

export const engineUnreachable = (
  _facts: EngineFacts,
  { id, cause: { reason } }: IncidentRecord,
): Message => ({
  type: 'engine.unreachable',
  level: 'error',
  title: 'The engine does not answer',
  message: `${reason} Nothing is decided and nothing is restarted until it answers.`,
  container: null,
  incidentId: id,
  details: { incident_id: id, reason },
});

export function engineReachable({ broughtBack, now }: EngineFacts, { id, since }: IncidentRecord): Message {
  const healed =
    broughtBack.length === 0
      ? 'Nothing went down meanwhile.'
      : `Found down and being started: ${listed(broughtBack)}.`;
  return {
    type: 'engine.reachable',
    level: 'info',
    title: 'The engine answers again',
    message: `It was away for ${inWords(now - since)}. ${healed}`,
    container: null,
    incidentId: id,
    details: { incident_id: id },
  };
}
