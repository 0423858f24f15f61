import type { Death } from './record.js';
import type { Rules } from './rules.js';
import { exitInWords } from './words.js';

/** Whether an exit is to be healed. */
export type ExitJudgement =
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

/** Judges the end of a run that nobody is known to have wished. See the table in `docs/how-it-decides.md`. */
export function judgeExit(death: Death, rules: Pick<Rules, 'on'>): ExitJudgement {
  const { exitCode, oomKilled } = death;
  if (death.stoppedBy === 'pending') {
    return {
      heal: 'later',
      code: 'judging-exit',
      reason: `Stopped with ${exitInWords(exitCode, oomKilled)}. Waiting a moment to see whether a person did it.`,
      dueAt: death.pendingUntil,
    };
  }
  // A person stopped it, and still it is wished running: that was during a hold.
  if (death.withHost || death.endedBy !== null || death.stoppedBy === 'person' || rules.on === 'any-exit')
    return { heal: true };
  if (exitCode === 0) {
    return {
      heal: false,
      code: 'finished',
      reason: 'Ended by itself with code 0. Its work is done; left off.',
    };
  }
  const asked = {
    heal: false,
    code: 'asked-to-stop',
    reason: `Stopped with ${exitInWords(exitCode, false)}: it was asked to stop. Left off.`,
  } as const;
  if (rules.on === 'failure') return exitCode === SIGTERM ? asked : { heal: true };

  switch (death.stoppedBy) {
    case 'nobody':
      return { heal: true };
    case 'unknown':
      if (exitCode === SIGTERM) return asked;
      if (exitCode === SIGKILL && !oomKilled && !death.confirmed) {
        return {
          heal: 'later',
          code: 'awaiting-full-check',
          reason:
            'Killed, and the engine cannot tell whether a person did it. If it is still down at the next full check, it counts as crashed.',
          dueAt: null,
        };
      }
      return { heal: true };
  }
}
