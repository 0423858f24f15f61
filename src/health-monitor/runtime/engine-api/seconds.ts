/**
 * When an engine is to begin to tell events: it takes seconds with a fraction; whole nanoseconds it silently
 * misunderstands. A microsecond earlier than asked for, so that rounding never loses the event at that very moment.
 */
export function toSinceArgument(milliseconds: number): string {
  return (Math.floor(milliseconds * 1000 - 1) / 1e6).toFixed(6);
}

/** Engines count the time to stop in whole seconds, and take 0 for "kill at once". */
export function toSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
