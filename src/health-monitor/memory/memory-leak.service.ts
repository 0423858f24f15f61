import { totalmem } from 'node:os';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';
import type { MemorySample, MemoryTick, MemoryTrend, MemoryView } from '../../common/events/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../../common/options/index.js';
import { ContainerRuntime, type MemoryReading } from '../runtime/index.js';
import { downSample } from './down-sample.js';
import { growthPercent } from './growth-rule.js';
import { LeakDetector, type LeakEnd } from './leak-detector.js';
import { endSentence, growthSentence, hoursToLimit, leakSentence, quietSentence } from './leak-sentence.js';
import {
  packDetector,
  packSamples,
  unpackDetector,
  unpackSamples,
  type MemoryDocument,
} from './memory-document.js';
import { SampleHistory } from './sample-history.js';

/** Containers that have not run for this long are forgotten. */
const FORGET_MS = 24 * 3_600_000;
/** A leak with less than this left to its limit is urgent. */
const URGENT_HOURS = 6;
const GROWTH_CLEAR_SHARE = 0.5;

export type MemoryChangeEnd = LeakEnd | 'gone' | 'remade';

/** Something people want to know of a container's memory; each is said once a leak. */
export interface MemoryChange {
  readonly container: string;
  /** Found; less than 6 h left to its limit; over. */
  readonly kind: 'leak' | 'urgent' | 'cleared';
  readonly trend: MemoryTrend;
  /** Of `cleared` only. */
  readonly endedBy?: MemoryChangeEnd;
}

/** What is known of one container; about 7 KiB. */
interface History {
  reading: MemoryReading;
  samples: SampleHistory;
  detector: LeakDetector;
  urgentTold: boolean;
  growthTold: boolean;
  lastAt: number;
}

/**
 * Watches the memory of all running containers and finds leaks. Keeps no time of its own: `sample` is called when
 * `memory.intervalMs` has passed. Time is taken from the monotonic clock, so that a jump of the wall clock changes nothing.
 */
@Injectable()
export class MemoryLeakService {
  private readonly logger = new Logger(MemoryLeakService.name);
  private readonly histories = new Map<string, History>();
  private readonly hostBytes = totalmem();
  private readonly epoch: number;
  private running = new Set<string>();
  private sampling = false;

  constructor(
    private readonly runtime: ContainerRuntime,
    private readonly clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {
    this.epoch = clock.now() - clock.monotonic();
  }

  /**
   * Takes one reading of all running containers and judges them; what is new since last time. Never throws: when the
   * engine does not answer, nothing is known, and nothing changes. A call during another one does nothing.
   */
  async sample(): Promise<MemoryChange[]> {
    if (this.sampling) return [];
    this.sampling = true;
    try {
      const readings = await this.runtime.memory();
      return this.take(readings);
    } catch (error) {
      this.logger.debug(
        `No memory figures this time: ${error instanceof Error ? error.message : String(error)}`,
      );
      return [];
    } finally {
      this.sampling = false;
    }
  }

  /** `null` while it does not run, or was not seen yet. */
  view(name: string): MemoryView | null {
    const history = this.running.has(name) ? this.histories.get(name) : undefined;
    if (!history) return null;
    const { usedBytes, limitBytes } = history.reading;
    return { usedBytes, limitBytes, trend: this.trend(history) };
  }

  /** What is kept of its figures, oldest first; at most `points` of them, when given, with every peak and valley. */
  samples(name: string, points?: number): MemorySample[] {
    const kept = this.histories.get(name)?.samples.all() ?? [];
    const shift = this.clock.now() - this.now();
    return (points === undefined ? kept : downSample(kept, points)).map(({ at, bytes }) => ({
      at: new Date(at + shift).toISOString(),
      usedBytes: Math.round(bytes),
    }));
  }

  /** The latest figure of all that run. */
  tick(): MemoryTick {
    const samples = [...this.running].flatMap((container) => {
      const view = this.view(container);
      if (view === null) return [];
      const { usedBytes, limitBytes, trend } = view;
      return [{ container, usedBytes, limitBytes, ...(trend && { trend }) }];
    });
    return { at: new Date(this.clock.now()).toISOString(), samples };
  }

  forget(name: string): void {
    this.histories.delete(name);
    this.running.delete(name);
  }

  /** All histories, to be kept over a restart of ours; once an hour is often enough. */
  export(): MemoryDocument[] {
    return [...this.histories.values()].map(({ reading, samples, detector, urgentTold, growthTold }) => ({
      container: reading.name,
      id: reading.id,
      figure: reading.figure,
      limitBytes: reading.limitBytes,
      urgentTold,
      growthTold,
      ...packSamples(samples.all()),
      detector: detector.snapshot && packDetector(detector.snapshot),
    }));
  }

  /**
   * Takes histories back; one that cannot be understood is left out. Called once, before the first `sample`.
   *
   * @param ticks figures that were told after the histories were kept, oldest first
   */
  restore(documents: readonly MemoryDocument[], ticks: readonly MemoryTick[] = []): void {
    for (const document of documents) {
      try {
        this.histories.set(document.container, this.restored(document));
      } catch {
        this.logger.warn(
          `The memory history of ${document?.container ?? 'a container'} is damaged; it begins anew.`,
        );
      }
    }
    for (const { at, samples } of ticks) {
      const time = Date.parse(at);
      for (const { container, usedBytes } of samples) {
        const history = this.histories.get(container);
        if (history && time > (history.samples.latest?.at ?? 0)) history.samples.push(time, usedBytes);
      }
    }
  }

  private take(readings: readonly MemoryReading[]): MemoryChange[] {
    const now = this.now();
    const changes: MemoryChange[] = [];
    this.running = new Set();
    for (const reading of readings) {
      this.running.add(reading.name);
      changes.push(...this.takeOne(reading, now));
    }
    for (const [name, history] of this.histories) {
      if (now - history.lastAt < FORGET_MS) continue;
      if (history.detector.leak || history.growthTold) changes.push(this.cleared(history, 'gone'));
      this.forget(name);
    }
    return changes;
  }

  private takeOne(reading: MemoryReading, now: number): MemoryChange[] {
    const changes: MemoryChange[] = [];
    let history = this.histories.get(reading.name);
    if (history && (history.reading.id !== reading.id || history.reading.figure !== reading.figure)) {
      if (history.detector.leak || history.growthTold) changes.push(this.cleared(history, 'remade'));
      history = undefined;
    }
    if (!history) this.histories.set(reading.name, (history = this.newHistory(reading, now)));
    history.lastAt = now;
    const { rule } = this.options.memory;
    // The Rust rule counts zeros; to everybody else a running container without memory is an outage of the figures.
    if (!(reading.usedBytes > 0) && rule !== 'growth') return changes;
    history.reading = reading;
    history.samples.push(now, reading.usedBytes);
    if (rule === 'trend') changes.push(...this.judgeTrend(history, now));
    if (rule === 'growth') changes.push(...this.judgeGrowth(history));
    return changes;
  }

  private judgeTrend(history: History, now: number): MemoryChange[] {
    const { reading, detector } = history;
    const knew = detector.leak !== null;
    const { startedAt, usedBytes } = reading;
    const ageMs = startedAt === null ? 0 : Math.max(0, this.clock.now() - startedAt);
    const end = detector.push(
      { at: now, bytes: usedBytes, startedAt, ageMs },
      reading.limitBytes ?? this.hostBytes,
    );
    if (end) {
      history.urgentTold = false;
      return [this.cleared(history, end)];
    }
    if (!detector.leak) return [];
    const trend = this.trend(history)!;
    if (!knew) return [{ container: reading.name, kind: 'leak', trend }];
    if (history.urgentTold || trend.hoursToLimit === null || trend.hoursToLimit >= URGENT_HOURS) return [];
    history.urgentTold = true;
    return [{ container: reading.name, kind: 'urgent', trend }];
  }

  private judgeGrowth(history: History): MemoryChange[] {
    const percent = growthPercent(history.samples.oldest, history.samples.latest, history.samples.count) ?? 0;
    const { growthPercent: limit } = this.options.memory;
    const container = history.reading.name;
    if (!history.growthTold && percent > limit) {
      history.growthTold = true;
      return [{ container, kind: 'leak', trend: this.trend(history)! }];
    }
    // Told over only well below the limit, so that a figure at the limit is not told again and again.
    if (history.growthTold && percent < limit * GROWTH_CLEAR_SHARE) {
      history.growthTold = false;
      return [this.cleared(history, 'given-back')];
    }
    return [];
  }

  private trend(history: History): MemoryTrend | null {
    const { rule } = this.options.memory;
    if (rule === 'trend') return this.floorTrend(history);
    return rule === 'growth' ? this.growthTrend(history) : null;
  }

  private floorTrend({ detector, reading }: History): MemoryTrend | null {
    const { leak, floor } = detector;
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
    const { limitBytes } = reading;
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

  private growthTrend({ samples, growthTold, reading }: History): MemoryTrend | null {
    const { oldest, latest, count } = samples;
    const percent = growthPercent(oldest, latest, count);
    if (percent === null || !oldest || !latest) return null;
    const hours = (latest.at - oldest.at) / 3_600_000;
    const bytesPerHour = (latest.bytes - oldest.bytes) / hours;
    return {
      leaking: growthTold,
      floorBytes: oldest.bytes,
      growthBytesPerHour: Math.round(bytesPerHour),
      sinceHours: Math.round(hours * 10) / 10,
      hoursToLimit: growthTold
        ? hoursToLimit(latest.bytes, bytesPerHour, reading.limitBytes ?? this.hostBytes)
        : null,
      reason: growthSentence(reading.name, percent),
    };
  }

  private cleared(history: History, endedBy: MemoryChangeEnd): MemoryChange {
    const floorBytes = history.detector.floor?.bytes ?? history.reading.usedBytes;
    const trend: MemoryTrend = {
      leaking: false,
      floorBytes,
      growthBytesPerHour: 0,
      sinceHours: 0,
      hoursToLimit: null,
      reason: endSentence(endedBy),
    };
    return { container: history.reading.name, kind: 'cleared', trend, endedBy };
  }

  private newHistory(reading: MemoryReading, now: number): History {
    const { intervalMs, windowSamples } = this.options.memory;
    return {
      reading,
      samples: new SampleHistory(windowSamples),
      detector: new LeakDetector(intervalMs),
      urgentTold: false,
      growthTold: false,
      lastAt: now,
    };
  }

  private restored(document: MemoryDocument): History {
    const { container: name, id, figure, limitBytes, urgentTold, growthTold } = document;
    const { intervalMs, windowSamples } = this.options.memory;
    const samples = new SampleHistory(windowSamples);
    for (const { at, bytes } of unpackSamples(document)) samples.push(at, bytes);
    const { latest } = samples;
    if (!latest) throw new Error('It has no samples.');
    const state = document.detector && unpackDetector(document.detector, LeakDetector.capacity(intervalMs));
    const startedAt = document.detector?.startedAt ?? null;
    return {
      reading: { id, name, startedAt, usedBytes: latest.bytes, limitBytes, figure },
      samples,
      detector: new LeakDetector(intervalMs, state),
      urgentTold,
      growthTold,
      lastAt: latest.at,
    };
  }

  /** Like the wall clock when this began, and then without its jumps. */
  private now(): number {
    return this.epoch + this.clock.monotonic();
  }
}
