import type { ContainerRecord } from './record.js';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === 'string';
const isTime: Check = (value) => Number.isFinite(value);
const isFlag: Check = (value) => typeof value === 'boolean';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const fieldsOf =
  (shape: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isFields(value) && Object.entries(shape).every(([name, fits]) => fits(value[name]));

const isRecord = fieldsOf({
  name: isText,
  id: isText,
  intent: fieldsOf({
    wish: fieldsOf({ value: (value) => value === 'running' || value === 'stopped', by: isText, at: isTime }),
    hold: orNull(fieldsOf({ reason: isText, by: isText, since: isTime, until: orNull(isTime) })),
  }),
  life: fieldsOf({
    firstSeenAt: isTime,
    absentSince: orNull(isTime),
    unreadable: orNull(fieldsOf({ since: isTime, fullChecks: isTime, words: isText })),
    unseenSinceBoot: isFlag,
    run: orNull(fieldsOf({ startedAt: orNull(isTime), since: isTime })),
    up: isFlag,
    unsettledSince: orNull(isTime),
    death: orNull(fieldsOf({ key: isText, at: isTime, exitCode: isTime, stoppedBy: isText })),
    flaggedWhileUp: isFlag,
  }),
  health: fieldsOf({
    readySince: orNull(isTime),
    lastReadyAt: orNull(isTime),
    unhealthySince: orNull(isTime),
  }),
  healing: fieldsOf({
    attempts: listOf(fieldsOf({ at: isTime, kind: isText, outcome: isText })),
    givenUp: orNull(fieldsOf({ at: isTime, reason: isText })),
    refusal: orNull(fieldsOf({ at: isTime, words: isText, cause: isText })),
    rearmedByDependency: isFlag,
    restartingSince: orNull(isTime),
    batch: orNull(isTime),
    dependencyRuns: isFields,
  }),
  loop: fieldsOf({
    healedDeaths: listOf(isTime),
    engineDeaths: listOf(isTime),
    engineRestarts: isTime,
    since: orNull(isTime),
  }),
  shown: fieldsOf({
    decision: orNull(fieldsOf({ code: isText, reason: isText, at: isTime, blockedBy: listOf(isText) })),
    spans: listOf(fieldsOf({ from: isTime, status: isText })),
    muted: orNull(fieldsOf({ since: isTime, count: isTime })),
  }),
});

/**
 * Reads what is remembered of a container from the store, also one written before it was cut by owner; `null` for what is
 * no such document. Pure.
 */
export function readRecord(document: unknown): ContainerRecord | null {
  if (!isFields(document)) return null;
  const record = withLaterFields(isFields(document['wish']) ? cutByOwner(document) : document);
  return isRecord(record) ? (record as unknown as ContainerRecord) : null;
}

/** With the first value of what documents of before do not have. */
const withLaterFields = (record: Fields): Fields => ({
  ...record,
  ...(isFields(record['life']) ? { life: { unreadable: null, ...record['life'] } } : {}),
  ...(isFields(record['healing']) ? { healing: { refusal: null, ...record['healing'] } } : {}),
});

/** Puts the fields of a flat document where they belong now. Those that it does not have yet get their first value. */
function cutByOwner(flat: Fields): Fields {
  const { name, id, wish, hold } = flat;
  const run = isFields(flat['run']) ? { begunByUs: false, ...flat['run'] } : null;
  return {
    name,
    id,
    intent: { wish, hold },
    life: {
      firstSeenAt: flat['firstSeenAt'],
      absentSince: flat['absentSince'],
      unseenSinceBoot: flat['unseenSinceBoot'] ?? false,
      run,
      up: flat['up'],
      unsettledSince: flat['unsettledSince'] ?? null,
      death: deathOf(flat['death']),
      flaggedWhileUp: flat['flaggedWhileUp'] ?? false,
    },
    health: {
      readySince: flat['readySince'],
      lastReadyAt: flat['lastReadyAt'] ?? null,
      unhealthySince: flat['unhealthySince'],
    },
    healing: {
      attempts: flat['attempts'],
      givenUp: flat['verdict'] ?? null,
      rearmedByDependency: flat['rearmedByDependency'] ?? false,
      restartingSince: flat['restartingSince'] ?? null,
      batch: flat['batch'] ?? null,
      dependencyRuns: flat['dependencyRuns'] ?? {},
    },
    loop: {
      healedDeaths: flat['healedDeaths'],
      engineDeaths: flat['engineDeaths'],
      engineRestarts: flat['engineRestarts'] ?? 0,
      since: flat['crashLoopSince'] ?? null,
    },
    shown: { decision: flat['decision'], spans: flat['spans'], muted: flat['muted'] ?? null },
  };
}

function deathOf(death: unknown): Fields | null {
  if (!isFields(death)) return null;
  const { judgeAt, stoppedBy, ...rest } = death;
  return {
    confirmed: false,
    flagged: false,
    afterOurStart: false,
    endedBy: null,
    ...rest,
    stoppedBy: stoppedBy === 'judging' ? 'pending' : stoppedBy,
    pendingUntil: judgeAt ?? null,
  };
}
