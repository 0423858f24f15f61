import type { MemoryTick } from '../../common/events/index.js';
import { parseReference } from '../../common/reference/index.js';
import type {
  CollectionName,
  Entry,
  EventStream,
  HealthStore,
  MemoryQuery,
  StateChange,
} from '../../common/store/index.js';
import type { MonitorStore, MonitorStream } from '../cycle/index.js';
import { keyFor } from './document-key.js';
import { changeAtHost, tickAtHost, type HostName } from './at-host.js';

/** Of the store of all hosts what is about one of them, under the names that its monitor knows. */
export class HostStore implements MonitorStore {
  /** @param host `null`: the local one */
  constructor(
    private readonly store: HealthStore,
    private readonly host: string | null,
  ) {}

  get writer(): boolean {
    return this.store.writer;
  }

  get shared(): HealthStore['shared'] {
    return this.store.shared;
  }

  /** How the store itself is, only the monitor of the local host hears and tells: there is one store for all. */
  onNotice(listener: Parameters<HealthStore['onNotice']>[0]): () => void {
    if (this.host === null) return this.store.onNotice(listener);
    return this.store.onNotice((notice) => (notice.kind === 'reloaded' ? listener(notice) : undefined));
  }

  async entries<C extends CollectionName>(collection: C): Promise<readonly Entry<C>[]> {
    const entries = await this.store.entries(collection);
    return entries.flatMap(([kept, document]): Entry<C>[] => {
      const key = keyFor(this.host, kept);
      return key === null ? [] : [[key, document]];
    });
  }

  async memory(query: MemoryQuery): Promise<readonly MemoryTick[]> {
    const ticks = await this.store.memory({ ...query, host: this.host });
    // A store of the host app may not know of hosts, and give those of all.
    return ticks.flatMap(({ at, samples }): MemoryTick[] => {
      const own = samples.flatMap((sample) => {
        const { host, name } = parseReference(sample.container);
        return host === this.host ? [{ ...sample, container: name }] : [];
      });
      return own.length > 0 ? [{ at, samples: own }] : [];
    });
  }
}

/** Keeps and publishes what the monitor of another host says, as it stands among all hosts. */
export class HostStream implements MonitorStream {
  constructor(
    private readonly stream: EventStream,
    private readonly host: HostName,
  ) {}

  commit(change: StateChange | ((nextSeq: number) => StateChange)): ReturnType<EventStream['commit']> {
    return this.stream.commit((nextSeq) =>
      changeAtHost(this.host, typeof change === 'function' ? change(nextSeq) : change),
    );
  }

  tellMemory(tick: MemoryTick): void {
    this.stream.tellMemory(tickAtHost(this.host, tick));
  }
}
