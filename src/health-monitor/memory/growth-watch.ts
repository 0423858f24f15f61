import type { MemoryTrend } from '../../common/events/index.js';
import { growthPercent } from './growth-rule.js';
import { growthSentence, hoursToLimit } from './leak-sentence.js';
import type { Figures, LeakWatch, WatchState } from './leak-watch.js';
import { leakCleared, type MemoryChange } from './memory-change.js';

/** A leak is over only well below the limit, so that a figure at the limit is not reported again and again. */
const CLEAR_SHARE = 0.5;

/** The rule `growth`: the latest sample exceeds the oldest by a share. */
export class GrowthWatch implements LeakWatch {
  /** As the Rust monitor did. */
  readonly countsZero = true;
  readonly floorBytes = null;
  private reported: boolean;

  /**
   * @param limitPercent more growth than this is a leak
   * @param hostBytes what a container without a limit is forecast against
   */
  constructor(
    private readonly limitPercent: number,
    private readonly hostBytes: number,
    private readonly known: WatchState,
  ) {
    this.reported = known.growthReported;
  }

  get state(): WatchState {
    return { ...this.known, growthReported: this.reported };
  }

  next(figures: Figures): MemoryChange | null {
    const percent = percentOf(figures) ?? 0;
    if (!this.reported && percent > this.limitPercent) {
      this.reported = true;
      return { container: figures.reading.name, kind: 'leak', trend: this.trend(figures)! };
    }
    if (this.reported && percent < this.limitPercent * CLEAR_SHARE) {
      this.reported = false;
      return leakCleared(figures.reading, null, 'given-back');
    }
    return null;
  }

  trend(figures: Figures): MemoryTrend | null {
    const { reading, samples } = figures;
    const percent = percentOf(figures);
    if (percent === null) return null;
    const oldest = samples.oldest!;
    const latest = samples.latest!;
    const hours = (latest.at - oldest.at) / 3_600_000;
    const bytesPerHour = (latest.bytes - oldest.bytes) / hours;
    const limitBytes = reading.limitBytes ?? this.hostBytes;
    return {
      leaking: this.reported,
      floorBytes: oldest.bytes,
      growthBytesPerHour: Math.round(bytesPerHour),
      sinceHours: Math.round(hours * 10) / 10,
      hoursToLimit: this.reported ? hoursToLimit(latest.bytes, bytesPerHour, limitBytes) : null,
      reason: growthSentence(reading.name, percent),
    };
  }
}

function percentOf({ samples }: Figures): number | null {
  return growthPercent(samples.oldest, samples.latest, samples.count);
}
