import type { Put } from '../../common/store/index.js';
import type { MonitorParts } from './monitor-parts.js';

/** More often would wear out a memory card for a quarter of an hour's knowledge. */
const SAVE_MS = 30 * 60_000;

/** Keeps what changes all the time in the store: each half hour all documents of a collection, and no others. */
export class RareSaves {
  private saved: ReadonlySet<string> = new Set();
  /** Monotonic. */
  private nextAt = 0;

  /** @param documents all of that collection, as they are now */
  constructor(
    private readonly parts: Pick<MonitorParts, 'stream' | 'clock'>,
    private readonly collection: Put['collection'],
    private readonly documents: () => readonly Put[],
  ) {}

  /** @param keys of what an earlier process left */
  begin(keys: Iterable<string>): void {
    this.saved = new Set(keys);
    this.nextAt = this.parts.clock.monotonic() + SAVE_MS;
  }

  async saveIfDue(): Promise<void> {
    if (this.parts.clock.monotonic() >= this.nextAt) await this.save();
  }

  async save(): Promise<void> {
    this.nextAt = this.parts.clock.monotonic() + SAVE_MS;
    const { collection } = this;
    const put = this.documents();
    const kept = new Set(put.map(({ key }) => key));
    const remove = [...this.saved].filter((key) => !kept.has(key)).map((key) => ({ collection, key }));
    this.saved = kept;
    if (put.length + remove.length > 0) await this.parts.stream.commit({ put, remove });
  }
}
