import type { Logger } from '@nestjs/common';
import { hostLogger } from '../../common/logging/index.js';
import type { Put } from '../../common/store/index.js';
import { stackOf } from '../../common/text/index.js';
import type { MemoryChange } from '../memory/index.js';
import type { MemoryTick } from '../../common/events/index.js';
import type { MonitorParts } from './monitor-parts.js';
import { RareSaves } from './rare-saves.js';
import { memoryByName, readServedMemory, SERVED } from './served.js';
import type { Watch } from './watch.js';

const DAY_MS = 24 * 60 * 60_000;
/** A first measurement that failed is made again this soon. */
const RETRY_MS = 5_000;

/** Measures memory when it is time, keeps the figures, and says what they mean. */
export class MemoryWatch implements Watch {
  private readonly logger: Logger;
  /** Monotonic. */
  private nextSampleAt = 0;
  private readonly saves: RareSaves;
  private sampling: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: Pick<MonitorParts, 'memory' | 'store' | 'stream' | 'clock' | 'options'>,
    private readonly onChanges: (changes: readonly MemoryChange[]) => Promise<void>,
  ) {
    this.logger = hostLogger('HealthMonitor', parts.options.ofHost);
    this.saves = new RareSaves(parts, 'memory', () =>
      parts.memory.export().map((value): Put => ({ collection: 'memory', key: value.container, value })),
    );
  }

  /** Takes up the histories that an earlier process left. */
  async begin(): Promise<void> {
    const entries = await this.parts.store.entries('memory');
    const since = new Date(this.parts.clock.now() - DAY_MS).toISOString();
    const served = (await this.parts.store.entries('served-memory')).find(([key]) => key === SERVED);
    const shown = memoryByName(served ? readServedMemory(served[1]) : null);
    this.parts.memory.restore(entries, await this.parts.store.memory({ since }), shown);
    this.saves.begin(entries.map(([key]) => key));
    this.nextSampleAt = 0;
  }

  /** What others serve may be what another process measured: it is measured anew. */
  reloaded(): void {
    this.nextSampleAt = 0;
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
    await this.saves.save();
  }

  private async sample(): Promise<void> {
    const changes = await this.parts.memory.sample();
    if (!this.parts.memory.hasMeasured) return this.sampleAgainSoon();
    const tick = this.parts.memory.tick();
    const put = this.served(tick);
    if (tick.samples.length > 0) {
      await this.parts.stream.commit({ memory: tick, put });
      this.parts.stream.tellMemory(tick);
    } else if (put.length > 0) await this.parts.stream.commit({ put });
    if (changes.length > 0) await this.onChanges(changes);
    await this.saves.saveIfDue();
  }

  /** The engine does not answer. */
  private sampleAgainSoon(): void {
    const later = this.parts.clock.monotonic() + Math.min(RETRY_MS, this.parts.options.memory.intervalMs);
    this.nextSampleAt = Math.min(this.nextSampleAt, later);
  }

  /** For those that serve what is known here. */
  private served(tick: MemoryTick): readonly Put[] {
    if (this.parts.store.shared === null) return [];
    const running = new Set(tick.samples.map(({ container }) => container));
    const idle = [...this.parts.memory.limits()].filter(([name]) => !running.has(name));
    const value = { tick, idle: Object.fromEntries(idle) };
    return [{ collection: 'served-memory', key: SERVED, value }];
  }
}
