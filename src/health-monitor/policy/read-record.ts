import {
  fieldsOf,
  isFields,
  isFlag,
  isNumber,
  isText,
  isTime,
  listOf,
  oneOf,
  optional,
  orNull,
  recordOf,
  type Check,
  type Fields,
} from '../../common/shape/index.js';
import { holdForUnknownIntent, UNKNOWN_INTENT } from './intent-unknown.js';
import { NO_HEALING } from './learn/healing.js';
import { UNKNOWN_HEALTH } from './learn/health.js';
import { newLife } from './learn/life.js';
import { noLoop } from './learn/loop.js';
import { UNKNOWN_ID, type ContainerRecord, type Hold, type Intent, type WishRecord } from './record.js';

const isWish = fieldsOf({
  value: oneOf('running', 'stopped'),
  by: oneOf('first-sight', 'engine', 'person'),
  who: optional(orNull(isText)),
  at: isTime,
});
const isHoldOrNone = orNull(
  fieldsOf({
    reason: isText,
    by: isText,
    since: isTime,
    until: orNull(isTime),
    intentUnknown: optional(oneOf(true)),
  }),
);

const isLife = fieldsOf({
  firstSeenAt: isTime,
  absentSince: orNull(isTime),
  unreadable: orNull(fieldsOf({ since: isTime, fullChecks: isNumber, words: isText })),
  unseenSinceBoot: isFlag,
  run: orNull(
    fieldsOf({
      startedAt: orNull(isTime),
      since: isTime,
      begunByUs: optional(isFlag),
      revived: optional(oneOf(true)),
    }),
  ),
  up: isFlag,
  unsettledSince: orNull(isTime),
  death: orNull(
    fieldsOf({
      key: isText,
      at: isTime,
      exitCode: isNumber,
      oomKilled: optional(isFlag),
      stoppedBy: oneOf('person', 'nobody', 'unknown', 'pending'),
      pendingUntil: optional(orNull(isTime)),
      endedBy: optional(oneOf('us', 'restart', 'health-action', 'engine', null)),
      withHost: optional(isFlag),
      confirmed: optional(isFlag),
      ranForMs: optional(orNull(isTime)),
      flagged: optional(isFlag),
      afterOurStart: optional(isFlag),
    }),
  ),
  flaggedWhileUp: isFlag,
  lasted: isFlag,
  answeredGuess: orNull(isText),
});

const isHealth = fieldsOf({
  readySince: orNull(isTime),
  lastReadyAt: orNull(isTime),
  unhealthySince: orNull(isTime),
  spells: listOf(fieldsOf({ from: isTime, to: isTime })),
  flappingSince: orNull(isTime),
});

const isHealing = fieldsOf({
  attempts: listOf(
    fieldsOf({
      at: isTime,
      kind: oneOf('start', 'restart'),
      outcome: oneOf('pending', 'done', 'refused', 'timed-out'),
      detail: optional(orNull(isText)),
    }),
  ),
  givenUp: orNull(
    fieldsOf({ at: isTime, reason: oneOf('refused', 'died', 'unhealthy', 'engine-tries-used-up') }),
  ),
  refusal: orNull(fieldsOf({ at: isTime, words: isText, cause: isText })),
  rearmedByDependency: isFlag,
  restartingSince: orNull(isTime),
  asked: orNull(
    fieldsOf({
      kind: oneOf('start', 'stop', 'restart'),
      by: oneOf('monitor', 'person'),
      attempt: orNull(isNumber),
      at: isTime,
      until: isTime,
      term: optional(isNumber),
      inherited: optional(oneOf(true)),
    }),
  ),
  batch: orNull(isTime),
  dependencyRuns: recordOf(isTime),
});

const isLoop = fieldsOf({
  healedDeaths: listOf(isTime),
  engineDeaths: listOf(isTime),
  engineRestarts: isNumber,
  since: orNull(isTime),
});

const isShown = fieldsOf({
  decision: orNull(
    fieldsOf({
      action: isText,
      code: isText,
      reason: isText,
      at: isTime,
      dueAt: optional((value) => value === null || value === 'when-changed' || isTime(value)),
      blockedBy: listOf(isText),
    }),
  ),
  spans: listOf(fieldsOf({ from: isTime, status: isText })),
  muted: orNull(fieldsOf({ since: isTime, count: isNumber })),
});

/**
 * Reads what is remembered of a container from the store, also one written before it was cut by owner. A part that does
 * not fit begins anew; where wish or hold does not, or nothing does, a hold of the monitor's own stands in its place.
 * Never throws. Pure.
 *
 * @param name the document's key; what the document says of its name does not count
 * @param at now, milliseconds since 1970
 */
export function readRecord(name: string, document: unknown, at: number): ContainerRecord {
  const fields = isFields(document) ? document : {};
  const record = withLaterFields('wish' in fields ? cutByOwner(fields) : fields);
  const part = <T>(field: string, fits: Check, fresh: T): T =>
    fits(record[field]) ? (record[field] as T) : fresh;
  return {
    ...record,
    name,
    id: part('id', isText, UNKNOWN_ID),
    intent: readIntent(record['intent'], at),
    life: part('life', isLife, newLife(at)),
    health: part('health', isHealth, UNKNOWN_HEALTH),
    healing: part('healing', isHealing, NO_HEALING),
    // What the engine has counted meanwhile is no news.
    loop: part('loop', isLoop, noLoop(Number.MAX_SAFE_INTEGER)),
    shown: part('shown', isShown, { decision: null, spans: [], muted: null }),
  };
}

function readIntent(intent: unknown, at: number): Intent {
  const { wish, hold } = isFields(intent) ? intent : {};
  const known = isHoldOrNone(hold) ? (hold as Hold | null) : null;
  if (isWish(wish) && isHoldOrNone(hold)) return { ...(intent as Intent), hold: withItsMark(known) };
  return {
    wish: isWish(wish) ? (wish as WishRecord) : { value: 'running', by: 'first-sight', who: null, at },
    hold: holdForUnknownIntent(known, at),
  };
}

/** An earlier version knew its own hold for an unknown intent by whose it was. */
const withItsMark = (hold: Hold | null): Hold | null =>
  hold?.by === 'health-monitor' && hold.reason.startsWith(UNKNOWN_INTENT)
    ? { ...hold, intentUnknown: true }
    : hold;

/** With the first value of what documents of before do not have. */
const withLaterFields = (record: Fields): Fields => ({
  ...record,
  ...(isFields(record['life'])
    ? { life: { unreadable: null, lasted: false, answeredGuess: null, ...record['life'] } }
    : {}),
  ...(isFields(record['health']) ? { health: { spells: [], flappingSince: null, ...record['health'] } } : {}),
  ...(isFields(record['healing']) ? { healing: { refusal: null, asked: null, ...record['healing'] } } : {}),
});

/** Puts the fields of a flat document where they belong now. Those that it does not have yet get their first value. */
function cutByOwner(flat: Fields): Fields {
  const { id, wish, hold } = flat;
  const run = isFields(flat['run']) ? { begunByUs: false, ...flat['run'] } : null;
  return {
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
