import type { Container } from '../runtime/index.js';
import { act, leave, leaveUntilChanged, wait, type Decision } from './decision.js';
import { applyExitRule } from './exit-rule.js';
import { attemptInWords } from './guards-attempts.js';
import { personActedSince } from './person-acted-since.js';
import type { Death } from './record.js';
import type { Situation } from './situation.js';
import { exitInWords, timeOfDay } from './words.js';

export function wishedStopped({ record, surroundings }: Situation): Decision | null {
  const { wish } = record.intent;
  if (wish.value === 'running' || isOffForNobody(record, surroundings)) return null;
  switch (wish.by) {
    case 'first-sight':
      return leaveUntilChanged(
        'stopped-at-first-sight',
        'It was off when the monitor first saw it; left off.',
      );
    case 'engine':
      return leaveUntilChanged('stopped-by-person', `Stopped by hand at ${timeOfDay(wish.at)}; left off.`);
    case 'person':
      return leaveUntilChanged(
        'stopped-by-person',
        `Stopped by ${wish.who ?? 'you'} at ${timeOfDay(wish.at)}; left off.`,
      );
  }
}

/** Without its documents a monitor cannot know for how long the store has been off, and why: only a person's stop counts. */
const isOffForNobody = (
  { intent: { wish }, life: { death } }: Situation['record'],
  { mode, bringsStoreBack }: Situation['surroundings'],
): boolean =>
  mode === 'store-away' &&
  bringsStoreBack !== null &&
  wish.by === 'first-sight' &&
  death?.stoppedBy !== 'person';

export function hostGoesDown({ surroundings: { shuttingDown } }: Situation): Decision | null {
  return shuttingDown
    ? leave('shutting-down', 'The server is shutting down; nothing is started, and nothing judged.')
    : null;
}

export function exitLeftAlone(situation: Situation): Decision | null {
  const { container, record } = situation;
  const { death } = record.life;
  if (death === null || personActedSince(record.intent, death)) return null;
  if (restartsAlways(container) && !record.life.flaggedWhileUp) return null;
  const answer = applyExitRule(death, exitRuleFor(situation));
  switch (answer.heal) {
    case true:
      return null;
    case false:
      return leaveUntilChanged(answer.code, answer.reason);
    case 'later':
      return wait(answer.code, answer.reason, { dueAt: answer.dueAt ?? undefined });
  }
}

/** What holds the store has not done its work while the store is missed: only a person's stop is left alone. */
const exitRuleFor = ({ rules, surroundings }: Situation): Pick<Situation['rules'], 'on'> =>
  surroundings.mode === 'store-away' && surroundings.bringsStoreBack === 'holds-it'
    ? { on: 'any-exit' }
    : rules;

/** The engine's policy has it always running: no exit of it is an end. */
const restartsAlways = ({ restartPolicy }: Container): boolean =>
  restartPolicy === 'always' || restartPolicy === 'unless-stopped';

/** An engine that still takes it to be running starts it only after a stop. While the store is away, nothing is stopped. */
export const howToStart = ({
  container: { processVanished },
  surroundings: { mode },
}: Pick<Situation, 'container' | 'surroundings'>): 'start' | 'restart' =>
  processVanished && mode !== 'store-away' ? 'restart' : 'start';

export function start(situation: Situation): Decision {
  const { record, rules } = situation;
  const { death } = record.life;
  const ended = death === null ? 'It is down.' : howItEnded(death);
  return act(
    howToStart(situation),
    'start',
    `${ended} Starting it now, ${attemptInWords(record.healing, rules)}.`,
  );
}

function howItEnded({ withHost, endedBy, exitCode, oomKilled }: Death): string {
  if (withHost) return 'It went down with the host.';
  switch (endedBy) {
    case 'us':
    case 'restart':
      return 'A restart stopped it, and it is not up again.';
    case 'health-action':
      return 'Its health check failed, and the engine ended it.';
    case 'engine':
      return 'It went down with the engine.';
    case null:
      return `Stopped with ${exitInWords(exitCode, oomKilled)}.`;
  }
}
