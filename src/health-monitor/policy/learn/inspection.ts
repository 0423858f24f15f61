import type { Container, EngineInfo } from '../../runtime/index.js';
import type { Rules } from '../rules.js';

/** What the engine's events showed of a container since its latest start: the traces of a stop. */
export interface StopEvidence {
  readonly stopped: boolean;
  /** A restart began before it died, and so ended it. */
  readonly restarted: boolean;
  /** A restart began after it had died: that of the engine's own policy. */
  readonly restartedByPolicy: boolean;
  /** When it died, in milliseconds since 1970; `null`: not heard. */
  readonly diedAt: number | null;
  /** When the engine first cleaned up after that, in milliseconds since 1970; `null`: not heard. */
  readonly cleanedUpAt: number | null;
  /** When the engine last cleaned up after any container of its own; `null`: not heard. */
  readonly engineCleanedUpAt: number | null;
  /** Only those within `STOP_SHOWN_WITHIN_MS` of its death: a start that fails ends with one, too. */
  readonly cleanups: number;
  /** How long after it happened the latest of this was heard, in milliseconds: a busy engine tells late. */
  readonly heardLateMs: number;
  /** Its latest end, also that of the run before this one; `null`: not heard. `at`: milliseconds since 1970. */
  readonly lastExit: { readonly at: number; readonly exitCode: number } | null;
  /**
   * When it was first asked to end, by a signal or a stop, in milliseconds since 1970, where the engine tells signals. Left
   * out: it was not, or not by another hand than ours.
   */
  readonly askedToEndAt?: number;
  /** When it was last asked to end; left out as above. */
  readonly lastAskedToEndAt?: number;
  /** It was sent a signal that asks for something else. Left out: none was heard of. */
  readonly otherSignal?: true;
  /**
   * When the last of those that were asked to end in the same moments had ended, in milliseconds since 1970; `null`: one has
   * not yet. Left out: it was not asked to end.
   */
  readonly allEndedAt?: number | null;
  /** The engine itself ended, and took down all that ran. Left out: nothing shows that. */
  readonly engineEnded?: true;
  /** It ran on when the engine ended so, and was ended when that came up. Left out: nothing shows that. */
  readonly foundRunning?: true;
  /** Its run began while the engine came up. Left out: nothing shows that. */
  readonly revived?: true;
}

/** The host's latest start, and what we know of its end before that. Milliseconds since 1970. */
export interface HostBoot {
  readonly bootedAt: number;
  /** The latest sign of life before that: ours, or a container's exit; `bootedAt` where none tells of its end. */
  readonly downAt: number;
  /** The first check in this boot, with records of an earlier one. */
  readonly isNew: boolean;
}

/** One container as a check found it, with all that bears on what that means. */
export interface Inspection {
  /** Its times are by the engine's clock, which tells one run from another; ours are below. */
  readonly container: Container;
  /** When its latest run began, by our clock; `null`: it never ran. */
  readonly startedAt: number | null;
  /** When its latest run that has ended did so, by our clock; `null`: none has. */
  readonly exitedAt: number | null;
  readonly now: number;
  readonly fullCheck: boolean;
  /** The engine's events were missed for a while, and may still tell what happened meanwhile. */
  readonly eventsMissing: boolean;
  readonly tellsWhoStopped: EngineInfo['tellsWhoStopped'];
  readonly stopEvidence: StopEvidence | null;
  readonly host: HostBoot;
  /** An act of ours, or a person's through us, is under way or was when it died. */
  readonly byUs: boolean;
  /** A start or restart through us began its current or latest run. */
  readonly begunByUs: boolean;
  readonly rules: Rules;
}
