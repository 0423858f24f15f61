import { INCIDENT_KINDS, NOTIFICATION_TYPES } from '../../common/events/index.js';
import {
  isFields,
  isMoment,
  isText,
  isTime,
  listOf,
  oneOf,
  optional,
  orNull,
  type Check,
  type Fields,
} from '../../common/shape/index.js';
import { STAGES, type IncidentRecord, type Stage } from './incident-record.js';

const SHAPE: Readonly<Record<keyof IncidentRecord, Check>> = {
  id: isText,
  kind: oneOf(...INCIDENT_KINDS),
  openedAt: isMoment,
  reopenedAt: optional(isMoment),
  resolvedAt: orNull(isMoment),
  endedBy: oneOf('attempt', 'itself', 'person', 'dependency', null),
  cause: (cause) =>
    isFields(cause) &&
    orNull(isText)(cause['container']) &&
    optional(isText)(cause['external']) &&
    optional(isText)(cause['name']) &&
    optional(isText)(cause['machine']) &&
    isText(cause['reason']),
  attempts: isTime,
  attemptAt: orNull(isTime),
  failedAttempt: orNull((failed) => isFields(failed) && isText(failed['reason']) && isText(failed['at'])),
  victims: listOf((victim) => isFields(victim) && isText(victim['container'])),
  timeline: listOf(isFields),
  since: isTime,
  backAt: orNull(isTime),
  stage: oneOf(...STAGES),
  sent: listOf(oneOf(...NOTIFICATION_TYPES)),
  helpedBy: oneOf('person', 'attempt', null),
  refusedFor: orNull(isText),
  withheldFrom: orNull(isTime),
};
const SHAPE_ENTRIES = Object.entries(SHAPE);

/**
 * Reads an incident from the store, also one of an earlier shape; `null` for what is no incident. Pure.
 */
export function readIncident(document: unknown): IncidentRecord | null {
  if (!isFields(document)) return null;
  const fields: Fields = {
    refusedFor: null,
    withheldFrom: null,
    attempts: 0,
    attemptAt: null,
    failedAttempt: null,
    ...(isFields(document['told']) ? withStage(document, document['told']) : document),
  };
  return SHAPE_ENTRIES.every(([name, fits]) => fits(fields[name]))
    ? (fields as unknown as IncidentRecord)
    : null;
}

/** Puts a stage in the place of the flags that there were before. */
function withStage(
  { status: _, announced, told: __, attempted, helped, ...rest }: Fields,
  told: Fields,
): Fields {
  const { opened, worsened, ended } = told;
  // A leak is over when its memory says so, whoever restarted it.
  const byPerson = helped === true && rest['kind'] !== 'leak';
  return {
    ...rest,
    stage: stageOf(told) ?? (announced === true ? 'shown' : 'hidden'),
    sent: [opened, worsened, ended].filter((type) => type !== null),
    helpedBy: byPerson ? 'person' : attempted === true ? 'attempt' : null,
  };
}

const stageOf = (told: Fields): Stage | undefined =>
  (['ended', 'worsened', 'opened'] as const).find((stage) => told[stage] !== null);
