import type { MemoryTick } from '../../events/index.js';
import type { WriteBatch } from '../kept/write-batch.js';
import type { KeptState } from '../working-copy.js';
import { CopyRefusedError, type CopyEnd, type ReadableStore } from './copy-end.js';

/** Moments of memory figures that are written at once. */
const TICKS = 100;

/** How much was copied. */
export interface Copied {
  readonly documents: number;
  readonly events: number;
  readonly memorySamples: number;
}

/**
 * Copies everything that a store keeps to an empty one, under the same epoch, so that clients go on where they were. All
 * is there afterwards, or nothing.
 *
 * @throws CopyRefusedError when the target has data, or a process has one of them open; else as the drivers do
 */
export async function copyStore(from: CopyEnd, to: CopyEnd): Promise<Copied> {
  const copied = { documents: 0, events: 0, memorySamples: 0 };
  const count = (batch: WriteBatch): void => {
    copied.documents += batch.put.length;
    copied.events += batch.events.length;
    copied.memorySamples += batch.ticks.reduce((sum, { samples }) => sum + samples.length, 0);
  };
  await from.read(async (store) => {
    const { epoch, ...kept } = await store.load();
    if (epoch === null) throw new CopyRefusedError(`${from.name} is empty: there is nothing to copy.`);
    const batches = counted(batchesOf(store, { ...kept, epoch }), count);
    await to.write((there) => refuseUnlessEmpty(there, to.name), batches);
  });
  return copied;
}

function refuseUnlessEmpty({ head, documents }: KeptState, name: string): void {
  if (head === 0 && documents.length === 0) return;
  throw new CopyRefusedError(
    `${name} has data already (documents: ${documents.length}, log up to ${head}). Copy to a new one: another file, or another schema with --schema.`,
  );
}

/** A store as batches, of which each fits into memory. */
async function* batchesOf(
  store: ReadableStore,
  { epoch, head, documents }: KeptState & { readonly epoch: string },
): AsyncGenerator<WriteBatch> {
  const nothing: WriteBatch = {
    replaceDocuments: false,
    put: [],
    remove: [],
    events: [],
    ticks: [],
    dropEarlierEvents: false,
    epoch,
    head,
  };
  yield { ...nothing, put: documents };
  let events = await store.eventsAfter(0);
  while (events.length > 0) {
    yield { ...nothing, events };
    events = await store.eventsAfter(events.at(-1)!.seq);
  }
  for (const ticks of inParts(await store.memory())) yield { ...nothing, ticks };
}

function* inParts(ticks: readonly MemoryTick[]): Generator<readonly MemoryTick[]> {
  for (let from = 0; from < ticks.length; from += TICKS) yield ticks.slice(from, from + TICKS);
}

async function* counted<T>(all: AsyncIterable<T>, count: (one: T) => void): AsyncGenerator<T> {
  for await (const one of all) {
    count(one);
    yield one;
  }
}
