import type { MemoryView } from '../../common/events/index.js';
import type { MemoryReading } from '../runtime/index.js';
import { isLeakOpen, type Figures, type LeakWatch } from './leak-watch.js';
import { leakCleared, type MemoryChange } from './memory-change.js';
import type { SampleHistory } from './sample-history.js';

/** The memory of one container: its figures, and the watch over them. About 7 KiB. */
export class MemoryHistory implements Figures {
  /** @param seenAt when it last ran, in the time of its samples */
  constructor(
    public reading: MemoryReading,
    readonly samples: SampleHistory,
    readonly watch: LeakWatch,
    public seenAt: number,
  ) {}

  get view(): MemoryView {
    const { usedBytes, limitBytes } = this.reading;
    return { usedBytes, limitBytes, trend: this.watch.trend(this) };
  }

  /** Whether a reading is of this very container, measured in the same way. */
  isOf({ id, figure }: MemoryReading): boolean {
    return this.reading.id === id && this.reading.figure === figure;
  }

  /** Learns a reading. What is new with it; `null`: nothing. */
  next(reading: MemoryReading, at: number, ageMs: number): MemoryChange | null {
    this.seenAt = at;
    if (!(reading.usedBytes > 0 || this.watch.countsZero)) return null;
    this.reading = reading;
    this.samples.push(at, reading.usedBytes);
    return this.watch.next(this, ageMs);
  }

  /** Adds a figure that was recorded after this history was kept. The watch does not learn it. */
  fill(at: number, usedBytes: number): void {
    if (at > (this.samples.latest?.at ?? 0)) this.samples.push(at, usedBytes);
  }

  /** It ends here, and with it its leak, if one is open. */
  end(by: 'gone' | 'remade'): MemoryChange | null {
    return isLeakOpen(this.watch.state) ? leakCleared(this.reading, this.watch.floorBytes, by) : null;
  }
}
