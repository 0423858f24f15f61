import { isIntentUnknown } from '../intent-unknown.js';
import { isDown } from '../readiness.js';
import { personActedSince } from '../person-acted-since.js';
import { withParts, type Death, type Hold, type Intent, type Life, type WishRecord } from '../record.js';
import { shutdownBegan, wentDownWithHost } from './host-end.js';
import type { HostBoot, Inspection } from './inspection.js';
import { beganRun, died } from './life.js';

/** Down longer than that when first seen, it is taken to be off on purpose. */
const OFF_ON_PURPOSE_AFTER_MS = 10 * 60_000;

/** What it seems to be wished when it is seen for the first time. */
export const firstIntent = (inspection: Inspection): Intent => ({
  wish: {
    value: isOffOnPurpose(inspection) ? 'stopped' : 'running',
    by: 'first-sight',
    who: null,
    at: inspection.now,
  },
  hold: null,
});

function isOffOnPurpose(inspection: Inspection): boolean {
  const { container, exitedAt, rules, now } = inspection;
  if (!isDown(container) || rules.adoptStopped) return false;
  if (wentDownWithHost(inspection)) return false;
  return exitedAt === null || now - exitedAt > OFF_ON_PURPOSE_AFTER_MS;
}

/** What looked like a person's stop while the host was going down was none. */
export function intentAfterBoot(intent: Intent, host: HostBoot): Intent {
  const { wish } = intent;
  const inShutdown = wish.by === 'engine' && wish.at >= shutdownBegan(host) && wish.at < host.bootedAt;
  return inShutdown ? { ...intent, wish: { ...wish, value: 'running' } } : intent;
}

/** A hold ends at its time, and what happened to the container says what is wished. */
export function learnIntent(intent: Intent, before: Life, life: Life, inspection: Inspection): Intent {
  const held = withParts(intent, { hold: holdAt(intent, inspection) });
  return withParts(held, { wish: learnWish(held, before, life, inspection) });
}

function holdAt({ hold }: Intent, { container, now }: Inspection): Hold | null {
  // Nobody can release what is not shown.
  if (container.isInfra && isIntentUnknown({ hold })) return null;
  return hold !== null && hold.until !== null && now >= hold.until ? null : hold;
}

/** Whoever starts it wishes it running, whoever stops it wishes it stopped; but not so during a hold. */
function learnWish({ wish, hold }: Intent, before: Life, life: Life, inspection: Inspection): WishRecord {
  if (hold !== null) return wish;
  const wished = wish.value === 'stopped' ? afterStart(wish, before, life, inspection) : wish;
  return wished.value === 'running' ? afterStop(wished, before.death, life.death) : wished;
}

function afterStart(wish: WishRecord, before: Life, life: Life, inspection: Inspection): WishRecord {
  const { now, byUs } = inspection;
  if (beganRun(before, life)) return byUs || life.run?.revived ? wish : byHand('running', now);
  // A run that was never seen has ended: somebody had started it.
  const startedAt = died(before, life) && life.death?.endedBy !== 'us' ? inspection.startedAt : null;
  return startedAt !== null && startedAt > wish.at ? byHand('running', startedAt) : wish;
}

function afterStop(wish: WishRecord, before: Death | null, death: Death | null): WishRecord {
  if (death?.stoppedBy !== 'person') return wish;
  const known = before?.key === death.key ? before : null;
  if (known?.stoppedBy === 'person') return wish;
  // What comes out late about a death does not overrule what a person asked for after it.
  const isLatestWord = wasStoppedWhileDown(known, death) || !personActedSince({ wish }, death);
  return isLatestWord ? byHand('stopped', death.at) : wish;
}

const wasStoppedWhileDown = (known: Death | null, { flagged }: Death): boolean =>
  known !== null && flagged && !known.flagged;

const byHand = (value: WishRecord['value'], at: number): WishRecord => ({
  value,
  by: 'engine',
  who: null,
  at,
});
