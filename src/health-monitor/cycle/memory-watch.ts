import { Logger } from '@nestjs/common';
import type { Put, Remove } from '../../common/store/index.js';
import type { MemoryChange } from '../memory/index.js';
import type { MonitorParts } from './monitor-parts.js';
import { stackOf } from '../../common/text/index.js';

const DAY_MS = 24 * 60 * 60_000;
/** Detectors are saved this often: more would wear out a memory card for a quarter of an hour's knowledge. */
const SAVE_MS = 30 * 60_000;

/** Measures memory when it is time, keeps the figures, and says what they mean. */
export class MemoryWatch {
  private readonly logger = new Logger('HealthMonitor');
  /** Monotonic. */
  private nextSampleAt = 0;
  private nextSaveAt = 0;
  private saved = new Set<string>();
  private sampling: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: Pick<MonitorParts, 'memory' | 'store' | 'stream' | 'clock' | 'options'>,
    private readonly onChanges: (changes: readonly MemoryChange[]) => Promise<void>,
  ) {}

  /** Takes up the histories that an earlier process left. */
  async begin(): Promise<void> {
    const entries = await this.parts.store.entries('memory');
    const since = new Date(this.parts.clock.now() - DAY_MS).toISOString();
    this.parts.memory.restore(entries, await this.parts.store.memory({ since }));
    this.saved = new Set(entries.map(([key]) => key));
    this.nextSaveAt = this.parts.clock.monotonic() + SAVE_MS;
  }

  /** Asks what is due. Nearly free when nothing is. */
  beat(): void {
    const now = this.parts.clock.monotonic();
    if (now < this.nextSampleAt) return;
    this.nextSampleAt = now + this.parts.options.memory.intervalMs;
    this.sampling = this.sample().catch((error: unknown) =>
      this.logger.error('A memory check failed; the next one is made as usual.', stackOf(error)),
    );
  }

  /** Saves what is known. */
  async close(): Promise<void> {
    await this.sampling;
    await this.save();
  }

  private async sample(): Promise<void> {
    const changes = await this.parts.memory.sample();
    const tick = this.parts.memory.tick();
    if (tick.samples.length > 0) {
      await this.parts.stream.commit({ memory: tick });
      this.parts.stream.tellMemory(tick);
    }
    if (changes.length > 0) await this.onChanges(changes);
    if (this.parts.clock.monotonic() >= this.nextSaveAt) await this.save();
  }

  private async save(): Promise<void> {
    this.nextSaveAt = this.parts.clock.monotonic() + SAVE_MS;
    const documents = this.parts.memory.export();
    const kept = new Set(documents.map(({ container }) => container));
    const put = documents.map((value): Put => ({ collection: 'memory', key: value.container, value }));
    const remove = [...this.saved]
      .filter((name) => !kept.has(name))
      .map((key): Remove => ({ collection: 'memory', key }));
    this.saved = kept;
    if (put.length + remove.length > 0) await this.parts.stream.commit({ put, remove });
  }
}
