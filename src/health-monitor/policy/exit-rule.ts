import type { Death } from './record.js';
import type { Rules } from './rules.js';
import { exitInWords } from './words.js';

/** Whether an exit is to be healed. */
export type ExitAnswer =
  | { readonly heal: true }
  | { readonly heal: false; readonly code: 'finished' | 'asked-to-stop'; readonly reason: string }
  | {
      readonly heal: 'later';
      readonly code: 'judging-exit' | 'awaiting-full-check';
      readonly reason: string;
      readonly dueAt: number | null;
    };

const SIGTERM = 143;
const SIGKILL = 137;

const HEAL: ExitAnswer = { heal: true };
const FINISHED: ExitAnswer = {
  heal: false,
  code: 'finished',
  reason: 'Ended by itself with code 0. Its work is done; left off.',
};

/** What `restart.on` says of the end of a run that nobody is known to have wished. See `docs/how-it-decides.md`. */
export function applyExitRule(death: Death, { on }: Pick<Rules, 'on'>): ExitAnswer {
  if (death.stoppedBy === 'pending') return pending(death);
  if (on === 'any-exit' || isNoEndOfItsOwn(death)) return HEAL;
  if (death.exitCode === 0) return FINISHED;
  if (on === 'failure') return death.exitCode === SIGTERM ? askedToStop(death) : HEAL;
  return death.stoppedBy === 'unknown' ? stoppedByUnknown(death) : HEAL;
}

/** A person stopped it, and still it is wished running: that was during a hold. */
const isNoEndOfItsOwn = ({ withHost, endedBy, stoppedBy }: Death): boolean =>
  withHost || endedBy !== null || stoppedBy === 'person';

function stoppedByUnknown(death: Death): ExitAnswer {
  const { exitCode, oomKilled, confirmed } = death;
  if (exitCode === SIGTERM) return askedToStop(death);
  if (exitCode !== SIGKILL || oomKilled || confirmed) return HEAL;
  return {
    heal: 'later',
    code: 'awaiting-full-check',
    reason:
      'Killed, and the engine cannot tell whether a person did it. If it is still down at the next full check, it counts as crashed.',
    dueAt: null,
  };
}

const pending = ({ exitCode, oomKilled, pendingUntil }: Death): ExitAnswer => ({
  heal: 'later',
  code: 'judging-exit',
  reason: `Stopped with ${exitInWords(exitCode, oomKilled)}. Waiting a moment to see whether a person did it.`,
  dueAt: pendingUntil,
});

const askedToStop = ({ exitCode }: Death): ExitAnswer => ({
  heal: false,
  code: 'asked-to-stop',
  reason: `Stopped with ${exitInWords(exitCode, false)}: it was asked to stop. Left off.`,
});
