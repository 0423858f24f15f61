import type { SyncSnapshot } from './socket-protocol.js';

/** What changes without an event, such as the time of the latest check, may be told this late. */
const KEEP_MS = 1_000;

/** A snapshot, and the same as JSON. */
export interface SnapshotAsJson {
  readonly snapshot: SyncSnapshot;
  readonly json: string;
}

/** Makes one snapshot for all who ask at about the same time: of thousands of containers it takes a while. */
export class SharedSnapshot {
  private made: SnapshotAsJson | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly make: () => SyncSnapshot) {}

  get(): SnapshotAsJson {
    if (this.made) return this.made;
    const snapshot = this.make();
    this.made = { snapshot, json: JSON.stringify(snapshot) };
    this.timer = setTimeout(() => this.forget(), KEEP_MS).unref();
    return this.made;
  }

  /** To be called when something has changed, or nobody will ask any more. */
  forget(): void {
    clearTimeout(this.timer);
    this.made = null;
  }
}
