import type { MemoryReading } from '../runtime/index.js';
import type { DetectorState } from './leak-detector.js';
import type { TimedBytes } from './growth-rule.js';

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
  readonly detector:
    (Omit<DetectorState, 'floors' | 'lowest' | 'second' | 'samples'> & { readonly floors: string }) | null;
}

declare module '../../common/store/health-store.js' {
  interface Collections {
    memory: MemoryDocument;
  }
}

export function packSamples(
  samples: readonly TimedBytes[],
): Pick<MemoryDocument, 'since' | 'times' | 'bytes'> {
  const since = samples[0]?.at ?? 0;
  return {
    since,
    times: pack(Float32Array.from(samples, ({ at }) => (at - since) / 1000)),
    bytes: pack(Float64Array.from(samples, ({ bytes }) => bytes)),
  };
}

export function unpackSamples({
  since,
  times,
  bytes,
}: Pick<MemoryDocument, 'since' | 'times' | 'bytes'>): TimedBytes[] {
  const figures = new Float64Array(unpack(bytes));
  return Array.from(new Float32Array(unpack(times)), (seconds, i) => ({
    at: since + seconds * 1000,
    bytes: figures[i] ?? 0,
  }));
}

/** The block of samples that was being taken is lost: a quarter of an hour at most. */
export function packDetector(state: Readonly<DetectorState>): NonNullable<MemoryDocument['detector']> {
  const { floors, lowest: _lowest, second: _second, samples: _samples, ...rest } = state;
  return { ...rest, floors: pack(floors.subarray(0, state.count)) };
}

export function unpackDetector(
  document: NonNullable<MemoryDocument['detector']>,
  capacity: number,
): DetectorState | null {
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
