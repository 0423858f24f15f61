import type { MemoryTrend } from '../../common/events/index.js';
import { LeakDetector } from './leak-detector.js';
import { hoursToLimit, leakSentence, quietSentence } from './leak-sentence.js';
import type { Figures, LeakWatch, WatchState } from './leak-watch.js';
import { leakCleared, type MemoryChange } from './memory-change.js';

/** A leak with less than this left to its limit is urgent. */
const URGENT_HOURS = 6;

/** The rule `trend`: the floor rises in a way that only a leak does. */
export class TrendWatch implements LeakWatch {
  readonly countsZero = false;
  private readonly detector: LeakDetector;
  private urgentReported: boolean;

  /** @param hostBytes what a container without a limit is forecast against */
  constructor(
    intervalMs: number,
    private readonly hostBytes: number,
    private readonly known: WatchState,
  ) {
    this.detector = new LeakDetector(intervalMs, known.detector);
    this.urgentReported = known.urgentReported;
  }

  get state(): WatchState {
    return { ...this.known, detector: this.detector.snapshot, urgentReported: this.urgentReported };
  }

  get floorBytes(): number | null {
    return this.detector.floor?.bytes ?? null;
  }

  next(figures: Figures, ageMs: number): MemoryChange | null {
    const { reading, samples } = figures;
    const wasLeaking = this.detector.leak !== null;
    const point = { ...samples.latest!, startedAt: reading.startedAt, ageMs };
    const end = this.detector.push(point, reading.limitBytes ?? this.hostBytes);
    if (end) {
      this.urgentReported = false;
      return leakCleared(reading, this.floorBytes, end);
    }
    if (!this.detector.leak) return null;
    const trend = this.trend(figures)!;
    if (!wasLeaking) return { container: reading.name, kind: 'leak', trend };
    if (this.urgentReported || !isUrgent(trend)) return null;
    this.urgentReported = true;
    return { container: reading.name, kind: 'urgent', trend };
  }

  trend({ reading: { limitBytes } }: Figures): MemoryTrend | null {
    const { leak, floor } = this.detector;
    if (!floor) return null;
    if (!leak)
      return {
        leaking: false,
        floorBytes: floor.bytes,
        growthBytesPerHour: Math.round(floor.bytesPerHour),
        sinceHours: floor.hours,
        hoursToLimit: null,
        reason: quietSentence(floor.bytes, floor.hours),
      };
    const left = hoursToLimit(floor.bytes, leak.bytesPerHour, limitBytes ?? this.hostBytes);
    return {
      leaking: true,
      floorBytes: floor.bytes,
      growthBytesPerHour: Math.round(leak.bytesPerHour),
      sinceHours: leak.hours,
      hoursToLimit: left,
      reason: leakSentence(leak, limitBytes, this.hostBytes, left),
    };
  }
}

function isUrgent({ hoursToLimit }: MemoryTrend): boolean {
  return hoursToLimit !== null && hoursToLimit < URGENT_HOURS;
}
