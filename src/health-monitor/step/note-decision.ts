import { statusOf, type Decision, type MadeDecision, type Shown, type Situation } from '../policy/index.js';

const DAY_MS = 24 * 60 * 60_000;
const MOST_SPANS = 200;

/** What is shown of a container with its latest decision, and its status over the last day. Pure. */
export function noteDecision(
  seen: Pick<Situation, 'container' | 'record' | 'rules' | 'now'>,
  decision: Decision,
): Shown {
  const { shown } = seen.record;
  const { now } = seen;
  const made = madeDecision(shown.decision, decision, now);
  const status = statusOf(seen, made);
  const spans = shown.spans.at(-1)?.status === status ? shown.spans : withSpan(shown.spans, status, now);
  return made === shown.decision && spans === shown.spans ? shown : { ...shown, decision: made, spans };
}

/** The decision as it was made first, while the same one is made again. */
function madeDecision(before: MadeDecision | null, decision: Decision, now: number): MadeDecision {
  if (before === null || !isSameDecision(before, decision)) return { ...decision, at: now };
  const { dueAt, reason } = decision;
  // When it holds was said in another way by another version; the sentence has another time of day once the clock was set.
  return before.dueAt === dueAt && before.reason === reason ? before : { ...before, dueAt, reason };
}

function isSameDecision(before: MadeDecision, decision: Decision): boolean {
  return (
    before.code === decision.code &&
    before.action === decision.action &&
    dueTime(before) === dueTime(decision) &&
    (before.reason === decision.reason || dueTime(decision) !== null) &&
    isBlockedAlike(before, decision)
  );
}

const dueTime = ({ dueAt }: Pick<Decision, 'dueAt'>): number | null =>
  typeof dueAt === 'number' ? dueAt : null;

export const isBlockedAlike = (before: Decision, { blockedBy }: Decision): boolean =>
  before.blockedBy.length === blockedBy.length &&
  before.blockedBy.every((name, index) => name === blockedBy[index]);

function withSpan(
  spans: Shown['spans'],
  status: Shown['spans'][number]['status'],
  now: number,
): Shown['spans'] {
  const ofToday = spans.filter((_, index) => now - (spans[index + 1]?.from ?? now) < DAY_MS);
  return [...ofToday, { from: now, status }].slice(-MOST_SPANS);
}
