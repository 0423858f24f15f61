import type { NotificationDetails } from '../../common/events/index.js';
import { appIdOf, inWords, meaningOf, rearmAt, signalOf, timeOfDay } from '../policy/index.js';
import type { Condition, Trouble } from './condition.js';
import type { IncidentRecord } from './incident-record.js';
import type { Notice } from './notice.js';
import { asSentence } from './readable-text.js';

const MOST_VICTIMS = 8;

/** The sentences people read. The first two are the first monitor's own. */

export function restartFailed(condition: Condition, incident: IncidentRecord): Notice {
  const { record, rules, container } = condition;
  const last = record.healing.attempts.at(-1);
  const why = last?.detail
    ? ` ${asSentence(last.detail)}`
    : last?.outcome === 'timed-out'
      ? ' The engine did not answer in time.'
      : '';
  return {
    type: 'container.restart_failed',
    level: 'error',
    title: `${appIdOf(condition.name)} is unhealthy`,
    message: `Auto-restart failed (attempt ${record.healing.attempts.length}/${rules.maxAttempts}). Container state: ${container.state}.${why}`,
    ...about(condition, incident),
  };
}

export function gaveUp(condition: Condition, incident: IncidentRecord): Notice {
  const { record, rules, container } = condition;
  const made = `(${record.healing.attempts.length}/${rules.maxAttempts} attempts)`;
  const next =
    record.healing.givenUp === null
      ? ''
      : ` Next try at ${timeOfDay(rearmAt(record.healing, record.healing.givenUp, rules))}.`;
  const message = {
    died: `Container restarted ${made} and exited again with ${record.life.death?.exitCode ?? 'an unknown code'}. May need manual attention.${next}`,
    unhealthy: `Container restarted ${made} and is still not healthy. May need manual attention.${next}`,
    refused: `Auto-restart failed ${made}. ${asSentence(record.healing.attempts.at(-1)?.detail ?? 'The engine refused to start it.')} May need manual attention.${next}`,
    'engine-tries-used-up': `Podman's own restart policy ${container.restartPolicy === 'on-failure' ? 'used up its tries' : 'does not bring it back'}; it exited with ${record.life.death?.exitCode ?? 'an unknown code'}. Not restarted. May need manual attention.`,
  }[record.healing.givenUp?.reason ?? 'died'];
  return {
    type: 'container.given_up',
    level: 'error',
    title: `${appIdOf(condition.name)} is unhealthy`,
    message,
    ...about(condition, incident),
  };
}

export function keepsCrashing(condition: Condition, incident: IncidentRecord): Notice {
  const { record, rules, container } = condition;
  const byEngine = record.loop.engineDeaths.length > rules.maxAttempts;
  const deaths = byEngine ? record.loop.engineDeaths.length : record.loop.healedDeaths.length;
  const code = record.life.death?.exitCode ?? container.exitCode;
  const signal = signalOf(code);
  const last = code === 0 ? '' : ` (last: ${code}${signal === null ? '' : `, ${signal}`})`;
  const unhealthy = !byEngine && record.healing.attempts.at(-1)?.kind === 'restart';
  const times = `${deaths} times in ${byEngine ? '10 minutes' : '24 hours'}`;
  const what = byEngine
    ? 'Its own restart policy restarts it each time; the monitor leaves it alone.'
    : 'It was restarted each time. It may need you.';
  return {
    type: 'container.crash_loop',
    level: 'warning',
    title: `${appIdOf(condition.name)} keeps crashing`,
    message: unhealthy
      ? `Restarted ${times}, since its health check failed. It may need you.`
      : `Exited ${times}${last}. ${what}`,
    ...about(condition, incident),
  };
}

/** What is down while the monitor only observes, and nobody else sees to it. */
export function leftDown(
  condition: Condition,
  incident: IncidentRecord,
  { reason, since }: Trouble,
  now: number,
): Notice {
  return {
    type: 'container.down',
    level: 'error',
    title: `${appIdOf(condition.name)} is down`,
    message: `${reason} Down for ${inWords(now - since)}. Not restarted: the monitor only observes.`,
    ...about(condition, incident),
  };
}

export function unhealthyLeftAlone(condition: Condition, incident: IncidentRecord, now: number): Notice {
  const { record, container, rules, decision } = condition;
  const output = container.healthCheck?.lastOutput?.trim();
  const lasted = inWords(now - (record.health.unhealthySince ?? now));
  const why =
    meaningOf(decision).untreated === 'any'
      ? 'the monitor only observes'
      : rules.origin['unhealthy'] === 'preset'
        ? 'a restart could harm its data'
        : 'it is set to tell, not to restart';
  return {
    type: 'container.unhealthy',
    level: 'error',
    title: `${appIdOf(condition.name)} is unhealthy`,
    message: `Its health check has failed for ${lasted}${output ? `: ${asSentence(output)}` : '.'} Left alone because ${why}.`,
    ...about(condition, incident),
  };
}

export const gotStuck = (condition: Condition, incident: IncidentRecord): Notice => ({
  type: 'container.stuck',
  level: 'error',
  title: `${appIdOf(condition.name)} is stuck`,
  message: condition.decision.reason,
  ...about(condition, incident),
});

export function recovered(
  condition: Condition,
  incident: IncidentRecord,
  victims: readonly string[],
): Notice {
  const lasted = inWords((incident.backAt ?? incident.since) - incident.since);
  const also = victims.length === 0 ? '' : ` Also back: ${victimsInWords(victims)}.`;
  const how = incident.kind === 'unhealthy' ? 'Unhealthy' : 'Down';
  return {
    type: 'container.recovered',
    level: 'info',
    title: `${appIdOf(condition.name)} is healthy again`,
    message:
      incident.kind === 'crash-loop'
        ? `It has not crashed for a while.${also}`
        : `${how} for ${lasted}.${also}`,
    ...about(condition, incident),
  };
}

function victimsInWords(victims: readonly string[]): string {
  const shown = victims.length > MOST_VICTIMS ? victims.slice(0, MOST_VICTIMS - 1) : victims;
  const more = victims.length - shown.length;
  return `${shown.map(appIdOf).join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

export function endedByItself(condition: Condition): Notice {
  const ran = inWords(condition.record.life.death?.ranForMs ?? 0);
  return {
    type: 'container.stopped',
    level: 'info',
    title: `${appIdOf(condition.name)} stopped`,
    message: `It ended by itself with exit 0 after ${ran}. Not restarted.`,
    ...about(condition, null),
  };
}

function about(
  condition: Condition,
  incident: IncidentRecord | null,
): Pick<Notice, 'container' | 'incidentId' | 'details'> {
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
    ...(incident ? { incident_id: incident.id } : {}),
    reason: decision.reason,
  };
  return { container: name, incidentId: incident?.id ?? null, details };
}
