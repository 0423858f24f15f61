import type { LeakWatch, WatchState } from './leak-watch.js';

/** The rule `off`: finds nothing. */
export class NoWatch implements LeakWatch {
  readonly countsZero = false;
  readonly floorBytes = null;

  constructor(readonly state: WatchState) {}

  next(): null {
    return null;
  }

  trend(): null {
    return null;
  }
}
