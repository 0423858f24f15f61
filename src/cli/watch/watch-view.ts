import type { Overview } from '../overview.js';

/** Shows how everything is, again and again. */
export interface WatchView {
  /** @param problem why `overview` is of an earlier moment; `null`: it is of now */
  show(overview: Overview, problem: string | null): void;
  /** May be called more than once. */
  close(): void;
}
