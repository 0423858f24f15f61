import { totalmem } from 'node:os';
import { Inject, Injectable, type Logger } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';
import type { MemorySample, MemoryTick, MemoryView } from '../../common/events/index.js';
import { hostLogger } from '../../common/logging/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../../common/options/index.js';
import type { Entry } from '../../common/store/index.js';
import { asSentence, readable } from '../../common/text/index.js';
import { ContainerRuntime, type MemoryReading } from '../runtime/index.js';
import { downSample } from './down-sample.js';
import type { TimedBytes } from './growth-rule.js';
import { NOTHING_KNOWN, type WatchState } from './leak-watch.js';
import type { MemoryChange } from './memory-change.js';
import { packMemory, unpackMemory, type MemoryDocument } from './memory-document.js';
import { MemoryHistory } from './memory-history.js';
import { SampleHistory } from './sample-history.js';
import { watchByRule } from './watch-by-rule.js';

/** Containers that have not run for this long are forgotten. */
const FORGET_MS = 24 * 3_600_000;

/**
 * Watches the memory of all running containers and finds leaks. Keeps no time of its own: `sample` is called when
 * `memory.intervalMs` has passed. Time is taken from the monotonic clock, so that a jump of the wall clock changes nothing.
 */
@Injectable()
export class MemoryLeakService {
  private readonly logger: Logger;
  private readonly histories = new Map<string, MemoryHistory>();
  private readonly hostBytes = totalmem();
  private readonly epoch: number;
  /** `null` until they were measured for the first time. */
  private running: ReadonlySet<string> | null = null;
  /** What another process measured last; it counts until this one has. */
  private shown: ReadonlyMap<string, MemoryView> = new Map();
  private sampling = false;

  constructor(
    private readonly runtime: ContainerRuntime,
    private readonly clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {
    this.logger = hostLogger(MemoryLeakService.name, options.ofHost);
    this.epoch = clock.now() - clock.monotonic();
  }

  /**
   * Reads the memory of all running containers; what is new since last time. Never throws: when the engine does not
   * answer, nothing is known, and nothing changes. A call during another one does nothing.
   */
  async sample(): Promise<MemoryChange[]> {
    if (this.sampling) return [];
    this.sampling = true;
    try {
      return this.learn(await this.runtime.memory());
    } catch (error) {
      this.logger.debug(`No memory figures this time. ${asSentence(String(error))}`);
      return [];
    } finally {
      this.sampling = false;
    }
  }

  /** `null` while it was not seen yet. One that is down uses nothing; its limit says what it may have run into. */
  view(name: string): MemoryView | null {
    if (this.running === null) return this.shown.get(name) ?? null;
    const history = this.histories.get(name);
    if (history === undefined) return null;
    if (this.running.has(name)) return history.view;
    return { usedBytes: 0, limitBytes: history.reading.limitBytes, trend: null };
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

  /** Whether this process has measured since it began. */
  get hasMeasured(): boolean {
    return this.running !== null;
  }

  /** The latest figure of all that run. */
  tick(): MemoryTick {
    const samples = [...(this.running ?? [])].flatMap((container) => {
      const view = this.view(container);
      if (view === null) return [];
      const { usedBytes, limitBytes, trend } = view;
      return [{ container, usedBytes, limitBytes, ...(trend && { trend }) }];
    });
    return { at: new Date(this.clock.now()).toISOString(), samples };
  }

  /** The limits of all that are known, also of those that run no more. */
  limits(): ReadonlyMap<string, number | null> {
    return new Map([...this.histories].map(([name, { reading }]) => [name, reading.limitBytes]));
  }

  /** Goes on with what is known of containers under their new names. @param names the new name by the old one */
  rename(names: ReadonlyMap<string, string>): void {
    const moved = [...names].flatMap(([from, to]) => {
      const history = this.histories.get(from);
      return history ? [[to, history] as const] : [];
    });
    for (const from of names.keys()) this.forget(from);
    for (const [to, history] of moved) {
      history.reading = { ...history.reading, name: to };
      this.histories.set(to, history);
    }
  }

  forget(name: string): void {
    this.histories.delete(name);
  }

  /** All histories, to be kept over a restart of ours; once an hour is often enough. */
  export(): MemoryDocument[] {
    return [...this.histories.values()].map(({ reading, samples, watch }) =>
      packMemory({ reading, samples: samples.all(), state: watch.state }),
    );
  }

  /**
   * Goes on from histories that were kept; one that cannot be understood is left out. Called before the first `sample`.
   *
   * @param ticks figures that were recorded after the histories were kept, oldest first
   * @param shown what another process measured last, by name
   */
  restore(
    entries: readonly Entry<'memory'>[],
    ticks: readonly MemoryTick[] = [],
    shown: ReadonlyMap<string, MemoryView> = new Map(),
  ): void {
    this.running = null;
    this.shown = shown;
    for (const [name, document] of entries) {
      try {
        this.histories.set(name, this.restored(document));
      } catch {
        this.logger.warn(`The memory history of ${readable(name, 100)} is damaged; it begins anew.`);
      }
    }
    for (const { at, samples } of ticks) {
      const time = Date.parse(at);
      for (const { container, usedBytes } of samples) this.histories.get(container)?.fill(time, usedBytes);
    }
  }

  private learn(readings: readonly MemoryReading[]): MemoryChange[] {
    const now = this.now();
    this.running = new Set(readings.map(({ name }) => name));
    const changes = [...readings.flatMap((reading) => this.learnOne(reading, now)), ...this.forgetGone(now)];
    return changes.filter((change) => change !== null);
  }

  private learnOne(reading: MemoryReading, now: number): (MemoryChange | null)[] {
    const { name, startedAt } = reading;
    const before = this.histories.get(name);
    const history = before?.isOf(reading) ? before : this.newHistory(reading, now);
    this.histories.set(name, history);
    const ended = before && before !== history ? before.end('remade') : null;
    const ageMs = startedAt === null ? 0 : Math.max(0, this.clock.now() - startedAt);
    return [ended, history.next(reading, now, ageMs)];
  }

  private forgetGone(now: number): (MemoryChange | null)[] {
    const gone = [...this.histories].filter(([, { seenAt }]) => now - seenAt >= FORGET_MS);
    for (const [name] of gone) this.forget(name);
    return gone.map(([, history]) => history.end('gone'));
  }

  private newHistory(
    reading: MemoryReading,
    seenAt: number,
    kept: readonly TimedBytes[] = [],
    state: WatchState = NOTHING_KNOWN,
  ): MemoryHistory {
    const { memory } = this.options;
    const samples = new SampleHistory(memory.windowSamples);
    for (const { at, bytes } of kept) samples.push(at, bytes);
    return new MemoryHistory(reading, samples, watchByRule(memory, this.hostBytes, state), seenAt);
  }

  private restored(document: MemoryDocument): MemoryHistory {
    const { reading, samples, state } = unpackMemory(document, this.options.memory.intervalMs);
    return this.newHistory(reading, samples.at(-1)!.at, samples, state);
  }

  /** Like the wall clock when this began, and then without its jumps. */
  private now(): number {
    return this.epoch + this.clock.monotonic();
  }
}
