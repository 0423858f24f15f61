import { fieldsOf, isNumber, isText, isTime, listOf } from '../../common/shape/index.js';
import { fullInMs, type UsedAt } from './fill-forecast.js';

/** One figure is kept of so long. */
const BLOCK_MS = 15 * 60_000;
const KEPT_MS = 7 * 24 * 60 * 60_000;
const MOST_FILE_SYSTEMS = 100;
/** A size that differs by more is that of another file system; of some the size moves with what others use. */
const SAME_SIZE = 0.05;
/** A forecast holds on for so long after it was last made, unless so much more is free: one that comes and goes is told once. */
const HOLDS_MS = 6 * 60 * 60_000;
const FREED = 1.25;

/** What is kept of how a file system fills, over a restart of ours: at most 672 figures, about 10 KiB. */
export interface FillDocument {
  readonly mount: string;
  /** Another size is another file system. */
  readonly sizeBytes: number;
  /** Oldest first: seconds since 1970, bytes. */
  readonly used: readonly (readonly [at: number, bytes: number])[];
}

declare module '../../common/store/health-store.js' {
  interface Collections {
    'file-system': FillDocument;
  }
}

interface Filling {
  readonly sizeBytes: number;
  readonly used: UsedAt[];
  /** The lowest of the block that is being taken: what comes and goes within it fills nothing. */
  block: UsedAt | null;
  forecast: Forecast | null;
}

interface Forecast {
  readonly fullInMs: number;
  readonly madeAt: number;
  readonly freeBytes: number;
}

/** Keeps how file systems fill, a figure each quarter of an hour for seven days, and foretells when they are full. */
export class FillHistory {
  private readonly byMount = new Map<string, Filling>();

  /** Takes what is used now, and says in how many milliseconds it is full; `null`: that is not foreseeable. */
  next(mount: string, sizeBytes: number, freeBytes: number, now: number): number | null {
    const filling = this.fillingOf(mount, sizeBytes, now);
    const bytes = sizeBytes - freeBytes;
    if (filling.block === null || now - filling.block.at >= BLOCK_MS) {
      if (filling.block !== null) filling.used.push(filling.block);
      while (filling.used.length > 0 && now - filling.used[0]!.at > KEPT_MS) filling.used.shift();
      const left = fullInMs(filling.used, freeBytes);
      if (left !== null) filling.forecast = { fullInMs: left, madeAt: now, freeBytes };
      filling.block = { at: now, bytes };
    } else if (bytes < filling.block.bytes) filling.block = { ...filling.block, bytes };
    if (filling.forecast !== null && isOver(filling.forecast, freeBytes, now)) filling.forecast = null;
    return filling.forecast?.fullInMs ?? null;
  }

  /** The host's clock was set by so many milliseconds. */
  clockSet(by: number): void {
    for (const filling of this.byMount.values()) {
      for (const [index, { at, bytes }] of filling.used.entries())
        filling.used[index] = { at: at + by, bytes };
      if (filling.block !== null) filling.block = { ...filling.block, at: filling.block.at + by };
      if (filling.forecast !== null)
        filling.forecast = { ...filling.forecast, madeAt: filling.forecast.madeAt + by };
    }
  }

  restore(documents: readonly FillDocument[]): void {
    for (const { mount, sizeBytes, used } of documents)
      this.byMount.set(mount, {
        sizeBytes,
        used: used.map(([at, bytes]) => ({ at: at * 1_000, bytes })),
        block: null,
        forecast: null,
      });
  }

  export(): readonly FillDocument[] {
    return [...this.byMount].map(([mount, { sizeBytes, used }]) => ({
      mount,
      sizeBytes,
      used: used.map(({ at, bytes }) => [Math.round(at / 1_000), bytes] as const),
    }));
  }

  private fillingOf(mount: string, sizeBytes: number, now: number): Filling {
    const known = this.byMount.get(mount);
    const isFit =
      known !== undefined && isSameSize(known.sizeBytes, sizeBytes) && !known.used.some(({ at }) => at > now);
    const filling: Filling = isFit ? known : { sizeBytes, used: [], block: null, forecast: null };
    // The one that was asked about longest ago goes first.
    this.byMount.delete(mount);
    this.byMount.set(mount, filling);
    if (this.byMount.size > MOST_FILE_SYSTEMS) this.byMount.delete([...this.byMount.keys()][0]!);
    return filling;
  }
}

const isSameSize = (a: number, b: number): boolean => Math.abs(a - b) <= SAME_SIZE * Math.max(a, b);

const isOver = ({ madeAt, freeBytes: before }: Forecast, freeBytes: number, now: number): boolean =>
  now - madeAt >= HOLDS_MS || freeBytes > before * FREED;

export const isFillDocument = fieldsOf({
  mount: isText,
  sizeBytes: isNumber,
  used: listOf((pair) => Array.isArray(pair) && isTime(pair[0]) && isNumber(pair[1])),
});
