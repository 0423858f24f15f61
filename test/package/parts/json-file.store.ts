import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import {
  HealthStore,
  type CollectionName,
  type Collections,
  type DocumentReader,
  type Entry,
  type EventQuery,
  type HealthEvent,
  type MemoryQuery,
  type MemoryTick,
  type Put,
  type Reaction,
  type StateChange,
  type StoreStatus,
} from '@archipelago/health-monitor';

const KEEP_EVENTS = 2_000;
const KEEP_MEMORY_MS = 8 * 86_400_000;

/** On another host than the local one, a container is called `HOST/NAME`. */
const hostOf = (container: string): string | null => /^(.*?)\//.exec(container)?.[1] ?? null;

interface Contents {
  readonly epoch: string;
  readonly head: number;
  readonly documents: readonly Put[];
  readonly log: readonly HealthEvent[];
  readonly ticks: readonly MemoryTick[];
}

/** Keeps everything in one JSON file that is written anew at each step: for a few containers and a single process. */
export class JsonFileStore extends HealthStore {
  epoch: string = randomUUID();
  head = 0;
  readonly writer = true;
  private readonly logger = new Logger(JsonFileStore.name);
  private readonly reactions: Reaction[] = [];
  private readonly documents = new Map<string, Put>();
  /** The documents as they are now. */
  private readonly reader: DocumentReader = {
    all: <C extends CollectionName>(collection: C) =>
      [...this.documents.values()]
        .filter((document) => document.collection === collection)
        .map(({ value }) => value as Collections[C]),
    get: <C extends CollectionName>(collection: C, key: string) =>
      this.documents.get(`${collection}/${key}`)?.value as Collections[C] | undefined,
  };
  private log: readonly HealthEvent[] = [];
  private ticks: readonly MemoryTick[] = [];
  private problem: string | null = null;
  private isProblemKnown = false;
  private isTicking = false;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly path: string) {
    super();
  }

  get status(): StoreStatus {
    return { kind: 'json', durable: this.problem === null, problem: this.problem };
  }

  /** A file that cannot be read keeps the app from starting, so that it is never written over. */
  async open(): Promise<void> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text !== null) this.restore(JSON.parse(text) as Contents);
    await this.save();
  }

  close(): Promise<void> {
    return this.save();
  }

  react(reaction: Reaction): void {
    this.reactions.push(reaction);
  }

  /** All of it happens at once, so that calls that overlap are kept in their order; only the file comes later. */
  async commit(change: StateChange): Promise<readonly HealthEvent[]> {
    this.change(change);
    const events = (change.events ?? []).map((draft): HealthEvent => ({ ...draft, seq: ++this.head }));
    if (events.length > 0) {
      const caused = this.reactions.map((reaction) => this.causedBy(reaction, events));
      caused.forEach((consequence) => this.change(consequence));
    }
    this.log = [...this.log, ...events].slice(-KEEP_EVENTS);
    if (change.memory) this.keepMemory(change.memory);
    await this.save();
    return events;
  }

  entries<C extends CollectionName>(collection: C): Promise<readonly Entry<C>[]> {
    const documents = [...this.documents.values()].filter((document) => document.collection === collection);
    return Promise.resolve(documents.map(({ key, value }): Entry<C> => [key, value as Collections[C]]));
  }

  events({ after, container, limit }: EventQuery): Promise<readonly HealthEvent[]> {
    const wanted = this.log
      .filter((event) => container === undefined || event.container === container)
      .filter((event) => event.seq > (after ?? 0));
    const first = after === undefined ? Math.max(0, wanted.length - limit) : 0;
    return Promise.resolve(wanted.slice(first, first + limit));
  }

  memory({ since, container, host }: MemoryQuery): Promise<readonly MemoryTick[]> {
    const ticks = this.ticks
      .filter(({ at }) => Date.parse(at) >= Date.parse(since))
      .map(({ at, samples }) => ({
        at,
        samples: samples
          .filter((sample) => container === undefined || sample.container === container)
          .filter((sample) => host === undefined || hostOf(sample.container) === host),
      }));
    return Promise.resolve(ticks.filter(({ samples }) => samples.length > 0));
  }

  async tick(): Promise<void> {
    if (this.isTicking) return;
    this.isTicking = true;
    try {
      if (this.problem !== null) await this.save();
      await this.announceProblem();
    } catch (error) {
      this.logger.error(error);
    } finally {
      this.isTicking = false;
    }
  }

  private change({ remove = [], put = [] }: StateChange): void {
    for (const { collection, key } of remove) this.documents.delete(`${collection}/${key}`);
    for (const document of put) this.documents.set(`${document.collection}/${document.key}`, document);
  }

  private causedBy(reaction: Reaction, events: readonly HealthEvent[]): StateChange {
    try {
      return reaction(events, this.reader);
    } catch (error) {
      this.logger.error(error);
      return {};
    }
  }

  private keepMemory(tick: MemoryTick): void {
    const oldest = Date.parse(tick.at) - KEEP_MEMORY_MS;
    this.ticks = [...this.ticks.filter(({ at }) => Date.parse(at) >= oldest), tick];
  }

  private restore({ epoch, head, documents, log, ticks }: Contents): void {
    this.change({ put: documents });
    this.epoch = epoch;
    this.head = head;
    this.log = log;
    this.ticks = ticks;
  }

  /** Resolves once all there is now is in the file, or cannot be. */
  private save(): Promise<void> {
    return (this.writing = this.writing.then(() => this.write()));
  }

  /** A file is replaced at once: whoever reads it finds the old one or the new one, and never a part. */
  private async write(): Promise<void> {
    const { epoch, head, log, ticks } = this;
    const contents: Contents = { epoch, head, documents: [...this.documents.values()], log, ticks };
    try {
      await writeFile(`${this.path}.new`, JSON.stringify(contents), { mode: 0o600, flush: true });
      await rename(`${this.path}.new`, this.path);
      this.problem = null;
    } catch (error) {
      // What was not written may be forgotten in a crash, and its `seq` given out again.
      if (this.problem === null) this.epoch = randomUUID();
      this.problem = `The file ${this.path} cannot be written: ${(error as Error).message}.`;
    }
  }

  private async announceProblem(): Promise<void> {
    const hasProblem = this.problem !== null;
    if (hasProblem === this.isProblemKnown) return;
    this.isProblemKnown = hasProblem;
    await this.announce(
      this.problem === null
        ? { kind: 'recovered', reason: `The file ${this.path} is written again.` }
        : { kind: 'degraded', reason: this.problem },
    );
  }
}
