import type { Health } from '../common/events/index.js';

/** What a container does when it is started. Durations are milliseconds. */
export interface StartBehaviour {
  /** The engine answers after that long; it runs from then on. Default at once. */
  readonly takesMs?: number;
  /** The engine refuses the start with this reason. */
  readonly refusal?: string;
  /** It ends by itself that long after its start. Default: it goes on. */
  readonly diesAfterMs?: number;
  /** With which code it ends. Default 1. */
  readonly exitCode?: number;
  readonly oomKilled?: boolean;
  /**
   * The clean-up of its last death, which a start overtakes on a busy host, tells of itself only that long after this
   * start. Default: it came before.
   */
  readonly cleansUpAfterMs?: number;
  /** What its health check, if it has one, says first. Default `healthy`. */
  readonly health?: Health;
  /** When its health check says that. Default 1,000 after the start. */
  readonly healthAfterMs?: number;
}

/** How starts go, as a test wants it. */
export class StartScript {
  private readonly behaviours = new Map<string, StartBehaviour[]>();
  private readonly refusals = new Map<string, string>();

  /** One behaviour a start; the last one holds for all after it. */
  plan(name: string, behaviours: readonly StartBehaviour[]): void {
    this.behaviours.set(name, [...behaviours]);
  }

  /** Every later start is refused with this reason; `null` allows starts again. */
  refuse(name: string, reason: string | null): void {
    if (reason === null) this.refusals.delete(name);
    else this.refusals.set(name, reason);
  }

  /** The behaviour of the start that begins now. */
  next(name: string): StartBehaviour {
    const behaviours = this.behaviours.get(name) ?? [];
    return (behaviours.length > 1 ? behaviours.shift() : behaviours[0]) ?? {};
  }

  /** Why a start with this behaviour is refused now; `undefined`: it is not. */
  refusal(name: string, behaviour: StartBehaviour): string | undefined {
    return this.refusals.get(name) ?? behaviour.refusal;
  }
}
