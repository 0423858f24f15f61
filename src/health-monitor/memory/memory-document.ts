import { fieldsOf, isFields, isFlag, isNumber, isText, isTime, orNull } from '../../common/shape/index.js';
import type { MemoryReading } from '../runtime/index.js';
import type { TimedBytes } from './growth-rule.js';
import { LeakDetector, type DetectorState } from './leak-detector.js';
import type { WatchState } from './leak-watch.js';

/**
 * What is kept of one container's memory over a restart of ours, about 9 KiB as JSON. Numbers that come in hundreds are
 * packed: little-endian floats in base64.
 */
export interface MemoryDocument {
  readonly container: string;
  readonly id: string;
  readonly figure: MemoryReading['figure'];
  readonly limitBytes: number | null;
  readonly urgentTold: boolean;
  readonly growthTold: boolean;
  /** Milliseconds since 1970 of the first sample; the others are packed as seconds after it, then their bytes. */
  readonly since: number;
  readonly times: string;
  readonly bytes: string;
  readonly detector: DetectorDocument | null;
}

/** What a {@link MemoryDocument} tells. */
export interface KeptMemory {
  /** The latest. */
  readonly reading: MemoryReading;
  /** Oldest first, at least one. */
  readonly samples: readonly TimedBytes[];
  readonly state: WatchState;
}

const isMemoryDocument = fieldsOf({
  container: isText,
  id: isText,
  figure: isText,
  limitBytes: orNull(isNumber),
  urgentTold: isFlag,
  growthTold: isFlag,
  since: isTime,
  times: isText,
  bytes: isText,
  detector: orNull(isFields),
});

type DetectorDocument = Omit<DetectorState, 'floors' | 'lowest' | 'second' | 'samples'> & {
  readonly floors: string;
};

declare module '../../common/store/health-store.js' {
  interface Collections {
    memory: MemoryDocument;
  }
}

export function packMemory({ reading, samples, state }: KeptMemory): MemoryDocument {
  return {
    container: reading.name,
    id: reading.id,
    figure: reading.figure,
    limitBytes: reading.limitBytes,
    urgentTold: state.urgentReported,
    growthTold: state.growthReported,
    ...packSamples(samples),
    detector: state.detector && packDetector(state.detector),
  };
}

/**
 * A detector that does not fit `intervalMs` begins anew.
 *
 * @throws Error when the document is damaged
 */
export function unpackMemory(document: MemoryDocument, intervalMs: number): KeptMemory {
  if (!isMemoryDocument(document)) throw new Error('It is no history of memory.');
  const { container: name, id, figure, limitBytes, urgentTold, growthTold, detector } = document;
  const samples = unpackSamples(document);
  const latest = samples.at(-1);
  if (!latest) throw new Error('It has no samples.');
  const startedAt = detector?.startedAt ?? null;
  return {
    reading: { id, name, startedAt, usedBytes: latest.bytes, limitBytes, figure },
    samples,
    state: {
      detector: detector && unpackDetector(detector, LeakDetector.capacity(intervalMs)),
      urgentReported: urgentTold,
      growthReported: growthTold,
    },
  };
}

type SamplesDocument = Pick<MemoryDocument, 'since' | 'times' | 'bytes'>;

function packSamples(samples: readonly TimedBytes[]): SamplesDocument {
  const since = samples[0]?.at ?? 0;
  return {
    since,
    times: pack(Float32Array.from(samples, ({ at }) => (at - since) / 1000)),
    bytes: pack(Float64Array.from(samples, ({ bytes }) => bytes)),
  };
}

function unpackSamples({ since, times, bytes }: SamplesDocument): TimedBytes[] {
  const figures = new Float64Array(unpack(bytes));
  return Array.from(new Float32Array(unpack(times)), (seconds, i) => ({
    at: since + seconds * 1000,
    bytes: figures[i] ?? 0,
  }));
}

/** The block of samples that was being taken is lost: a quarter of an hour at most. */
function packDetector(state: DetectorState): DetectorDocument {
  const { floors, lowest: _lowest, second: _second, samples: _samples, ...rest } = state;
  return { ...rest, floors: pack(floors.subarray(0, state.count)) };
}

function unpackDetector(document: DetectorDocument, capacity: number): DetectorState | null {
  const kept = new Float32Array(unpack(document.floors));
  if (kept.length !== document.count || kept.length > capacity) return null;
  const floors = new Float32Array(capacity);
  floors.set(kept);
  return { ...document, floors, lowest: Infinity, second: Infinity, samples: 0 };
}

function pack(floats: Float32Array | Float64Array): string {
  return Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength).toString('base64');
}

function unpack(packed: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(packed, 'base64')).buffer;
}
