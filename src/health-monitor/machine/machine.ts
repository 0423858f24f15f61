/** A file system on which the engine or containers keep something, as it was read. Sizes are bytes. */
export interface FileSystem {
  /** Where it is mounted. By this it is known. */
  readonly mount: string;
  readonly sizeBytes: number;
  /** Without what is kept back for root. */
  readonly freeBytes: number;
  /** Of the files that there can be, the share that there can still be; `null`: it has no such bound. */
  readonly freeFilesShare: number | null;
  /** The engine keeps images and containers on it, so that every container needs it. */
  readonly ofEngine: boolean;
  /** Those with a volume on it, by name, in order. */
  readonly containers: readonly string[];
  /** Those of them that cannot write to it, although their volume is one to write to. */
  readonly lockedOut: readonly string[];
  /** In how many milliseconds it is full, as it fills of late; `null`: that is not foreseeable. */
  readonly fullInMs: number | null;
}

/** The machine at one moment, as plain data. */
export interface MachineReading {
  readonly fileSystems: readonly FileSystem[];
  /** For which share of the last five minutes everything waited for memory, from 0 to 1; `null`: nobody knows. */
  readonly memoryPressure: number | null;
  /** By how much the clock is ahead of that of others (behind: negative), milliseconds; `null`: nobody has told the time. */
  readonly clockOffMs: number | null;
}

/** How it is with a file system; what it says first counts. */
export type DiskStanding = 'read-only' | 'low' | 'foretold' | 'ok';

export interface JudgedFileSystem extends FileSystem {
  readonly standing: DiskStanding;
  /** So little is free that a start may fail for it. */
  readonly isTight: boolean;
}

/** What is made of a reading. */
export interface Machine extends Omit<MachineReading, 'fileSystems'> {
  readonly fileSystems: readonly JudgedFileSystem[];
  readonly isMemoryShort: boolean;
  readonly isClockOff: boolean;
}

/** Nothing of it is watched. */
export const NO_READING: MachineReading = { fileSystems: [], memoryPressure: null, clockOffMs: null };
