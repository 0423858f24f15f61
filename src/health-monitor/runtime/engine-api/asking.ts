/** Until when an act may be asked for, and what has a last word on that. */
export interface Asking {
  /** Ends the call, with any error. */
  readonly signal: AbortSignal;
  /** Called when the engine is about to be asked; what it throws keeps it from being asked. */
  readonly before?: (() => void) | undefined;
}
