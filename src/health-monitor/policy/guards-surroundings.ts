import { asSentence } from '../../common/text/index.js';
import { shortId } from '../runtime/index.js';
import { act, leave, wait, type Decision } from './decision.js';
import { howToStart } from './guards-down.js';
import { isUp } from './readiness.js';
import type { Situation } from './situation.js';
import { listed, timeOfDay } from './words.js';

/** What went down together is judged together: else who is judged first would decide who is started first. */
export function othersUnjudged({ surroundings: { unjudged }, now }: Situation): Decision | null {
  if (unjudged === null || now >= unjudged.until) return null;
  const { name, until } = unjudged;
  const reason = `${name} went down with it. Waiting a moment to see whether a person stopped that.`;
  return wait('judging-exit', reason, { dueAt: until });
}

export function dependencyMissing({ surroundings: { blockers } }: Situation): Decision | null {
  if (blockers.length === 0) return null;
  return wait(
    'waiting-for-dependency',
    `Waits: ${listed(blockers.map(({ name, shown = name, what }) => `${shown} ${what}`))}.`,
    {
      blockedBy: blockers.map(({ name }) => name),
    },
  );
}

/** No start of it can succeed, and a restart would end it for good: only its maker can help. */
export function requirementGone({ surroundings: { goneRequirement } }: Situation): Decision | null {
  if (goneRequirement === null) return null;
  return leave(
    'requirement-gone',
    `It starts only with the container ${shortId(goneRequirement.id)}, which is gone. It must be made anew.`,
  );
}

/** All that keeps us from acting, whatever there is to do. */
export function passive({ container, surroundings, now }: Situation): Decision | null {
  const { shuttingDown } = surroundings;
  if (shuttingDown) return leave('shutting-down', 'The server is shutting down; nothing is started.');
  if (now < surroundings.healingFrom && surroundings.mode === 'observe') {
    return wait(
      'observing-soon',
      `Just started watching, and observing only; what would be done is said from ${timeOfDay(surroundings.healingFrom, true)} on.`,
      { dueAt: surroundings.healingFrom },
    );
  }
  if (now < surroundings.healingFrom) {
    return wait(
      'start-up-delay',
      `Just started watching; healing begins at ${timeOfDay(surroundings.healingFrom, true)}.`,
      {
        dueAt: surroundings.healingFrom,
      },
    );
  }
  if (surroundings.mode === 'store-away' && (isUp(container) || surroundings.bringsStoreBack === null)) {
    return wait(
      'store-away',
      `The monitor's database cannot be reached, so nobody here knows which replica leads. It is ${isUp(container) ? 'restarted' : 'started'} by the one that does, once the database is back.`,
    );
  }
  if (surroundings.mode === 'stand-by')
    return leave('standing-by', 'Another process heals; this one only watches.');
  if (surroundings.mode === 'observe') {
    return leave('observing', `Would ${isUp(container) ? 'restart' : 'start'} it now; observing only.`);
  }
  return null;
}

/** What stands in the way of several spends no attempts: one of them is tried from time to time, the others wait. */
export function refusedWithOthers(situation: Situation): Decision | null {
  const {
    surroundings: { refusedStarts },
    now,
  } = situation;
  if (refusedStarts === null) return null;
  const { count, words, testAt, isNext } = refusedStarts;
  const what = `${count} containers cannot be started: ${asSentence(words)}`;
  if (!isNext) return wait('refused-with-others', `${what} It follows when one of them starts.`);
  if (now >= testAt) return act(howToStart(situation), 'test-start', `${what} Trying with this one.`);
  return wait('refused-with-others', `${what} It is tried at ${timeOfDay(testAt, true)}.`, { dueAt: testAt });
}

/** One is tried so long after the last, while there is no space. */
export const SPACE_TEST_MS = 10 * 60_000;

/** What is down for want of space is not started before there is some, but for a test; a person's wish is tried at once. */
export function lacksSpace(situation: Situation): Decision | null {
  const { record, surroundings, now } = situation;
  const { noSpace } = surroundings;
  const { wish } = record.intent;
  if (noSpace === null) return null;
  const { mount, withheldFrom, isNext } = noSpace;
  if (wish.by === 'person' && wish.at > withheldFrom) return null;
  const kept = passive(situation);
  if (kept !== null) return kept;
  const what = `No space is left on ${mount}.`;
  if (!isNext) return wait('no-space', `${what} It follows when there is some, or when another one starts.`);
  const testAt = withheldFrom + SPACE_TEST_MS;
  if (now >= testAt) return act(howToStart(situation), 'test-start', `${what} Trying with this one.`);
  return wait('no-space', `${what} It is started when there is some, and tried at ${timeOfDay(testAt)}.`, {
    dueAt: testAt,
  });
}

/** What runs is not ended where it might not start again. */
export function restartLacksSpace(situation: Situation): Decision | null {
  const { noSpace } = situation.surroundings;
  if (noSpace === null) return null;
  return (
    passive(situation) ??
    wait(
      'no-space',
      `No space is left on ${noSpace.mount}. It is restarted when there is some: before that it might not start again.`,
    )
  );
}

export function inOrder({ surroundings: { tierPause, place }, now }: Situation): Decision | null {
  if (tierPause !== null && now < tierPause.until) {
    const dueAt = Number.isFinite(tierPause.until) ? tierPause.until : undefined;
    return wait('tier-pause', `${tierPause.after} goes first; this one follows.`, { dueAt });
  }
  if (place === null) return null;
  const others = place.ahead === 1 ? 'Another one is' : `${place.ahead} others are`;
  return wait('in-line', `${others} being started; this one is next.`, { dueAt: place.until ?? undefined });
}
