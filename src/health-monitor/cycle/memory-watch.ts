import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';

import { MemoryLeakService } from '../memory/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../../common/options/index.js';
import { EventStream, HealthStore, type Put, type Remove } from '../../common/store/index.js';
import { Cycle } from './cycle.js';

const DAY_MS = 24 * 60 * 60_000;
/** Detectors are saved this often: more would wear out a memory card for a quarter of an hour's knowledge. */
const SAVE_MS = 30 * 60_000;

/** Measures memory when it is time, keeps the figures, and hands what they mean to the cycle. */
@Injectable()
export class MemoryWatch {
  private readonly logger = new Logger('HealthMonitor');
  /** Monotonic. */
  private nextSampleAt = 0;
  private nextSaveAt = 0;
  private saved = new Set<string>();
  private sampling: Promise<void> = Promise.resolve();

  constructor(
    private readonly memory: MemoryLeakService,
    private readonly cycle: Cycle,
    private readonly stream: EventStream,
    private readonly store: HealthStore,
    private readonly clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** Takes up the histories that an earlier process left. */
  async begin(): Promise<void> {
    const documents = await this.store.all('memory');
    const since = new Date(this.clock.now() - DAY_MS).toISOString();
    this.memory.restore(documents, await this.store.memory({ since }));
    this.saved = new Set(documents.map(({ container }) => container));
    this.nextSaveAt = this.clock.monotonic() + SAVE_MS;
  }

  /** Asks what is due. Nearly free when nothing is. */
  beat(): void {
    const now = this.clock.monotonic();
    if (now < this.nextSampleAt) return;
    this.nextSampleAt = now + this.options.memory.intervalMs;
    this.sampling = this.sample().catch((error: unknown) =>
      this.logger.error(
        'A memory check failed; the next one is made as usual.',
        error instanceof Error ? error.stack : error,
      ),
    );
  }

  /** Saves what is known. */
  async close(): Promise<void> {
    await this.sampling;
    await this.save();
  }

  private async sample(): Promise<void> {
    const changes = await this.memory.sample();
    const tick = this.memory.tick();
    if (tick.samples.length > 0) {
      await this.stream.commit({ memory: tick });
      this.stream.tellMemory(tick);
    }
    if (changes.length > 0) await this.cycle.takeMemory(changes);
    if (this.clock.monotonic() >= this.nextSaveAt) await this.save();
  }

  private async save(): Promise<void> {
    this.nextSaveAt = this.clock.monotonic() + SAVE_MS;
    const documents = this.memory.export();
    const kept = new Set(documents.map(({ container }) => container));
    const put = documents.map((value): Put => ({ collection: 'memory', key: value.container, value }));
    const remove = [...this.saved]
      .filter((name) => !kept.has(name))
      .map((key): Remove => ({ collection: 'memory', key }));
    this.saved = kept;
    if (put.length + remove.length > 0) await this.stream.commit({ put, remove });
  }
}
