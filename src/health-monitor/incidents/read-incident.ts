import { NOTIFICATION_TYPES, type IncidentKind } from '../../common/events/index.js';
import { STAGES, type IncidentRecord, type Stage } from './incident-record.js';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isTime: Check = (value) => Number.isFinite(value);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isOneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const KINDS = [
  'down',
  'unhealthy',
  'crash-loop',
  'leak',
  'unreadable',
  'refused-starts',
  'engine',
] as const satisfies readonly IncidentKind[];

const SHAPE: Readonly<Record<keyof IncidentRecord, Check>> = {
  id: isText,
  kind: isOneOf(...KINDS),
  openedAt: isText,
  resolvedAt: orNull(isText),
  endedBy: isOneOf('attempt', 'itself', 'person', 'dependency', null),
  cause: (cause) => isFields(cause) && orNull(isText)(cause['container']) && isText(cause['reason']),
  victims: isListOf((victim) => isFields(victim) && isText(victim['container'])),
  timeline: isListOf(isFields),
  since: isTime,
  backAt: orNull(isTime),
  stage: isOneOf(...STAGES),
  sent: isListOf(isOneOf(...NOTIFICATION_TYPES)),
  helpedBy: isOneOf('person', 'attempt', null),
  refusedFor: orNull(isText),
};
const SHAPE_ENTRIES = Object.entries(SHAPE);

/**
 * Reads an incident from the store, also one of an earlier shape; `null` for what is no incident. Pure.
 */
export function readIncident(document: unknown): IncidentRecord | null {
  if (!isFields(document)) return null;
  const fields: Fields = {
    refusedFor: null,
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
