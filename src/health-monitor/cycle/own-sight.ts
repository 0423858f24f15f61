import type { MonitorState, Seen } from '../step/index.js';

/**
 * What this process saw last, over loads that replace all that it knows: what is loaded may have nothing of a time in
 * which it was cut off from the store.
 */
export class OwnSight {
  private latest: Seen | undefined;

  /** The latest of what was noted; `undefined`: it never watched. */
  get seen(): Seen | undefined {
    return this.latest;
  }

  /** Call it before anything is loaded. A state that is no newer was only read from the store. */
  note({ lastAlive, records }: MonitorState): void {
    if (lastAlive === null || lastAlive.aliveAt <= (this.latest?.until ?? 0)) return;
    this.latest = { until: lastAlive.aliveAt, records };
  }
}
