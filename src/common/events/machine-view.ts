/** A file system on which the engine or containers keep something. Sizes are bytes. */
export interface FileSystemView {
  /** Where it is mounted, such as `/` or `/mnt/disk`. */
  readonly mount: string;
  readonly sizeBytes: number;
  /** What is free for everybody: without what is kept back for root. */
  readonly freeBytes: number;
  /** Nothing can be written to it, though a container has a volume there to write to. */
  readonly readOnly: boolean;
  /** The engine keeps its images and containers there. */
  readonly ofEngine: boolean;
  /** Those with a volume there. */
  readonly containers: readonly string[];
  /** In how many milliseconds it is full at the rate of late; `null`: that is not foreseeable. */
  readonly fullInMs: number | null;
  /** What people are told of; `ok`: nothing. `full`: starts of containers that need it are withheld. */
  readonly standing: 'ok' | 'foretold' | 'low' | 'full' | 'read-only';
}

/** The machine as it was last read. */
export interface MachineView {
  /** ISO 8601. */
  readonly at: string;
  readonly fileSystems: readonly FileSystemView[];
  /** For which share of the last five minutes everything waited for memory, from 0 to 1; `null`: the kernel does not say. */
  readonly memoryPressure: number | null;
  /** By how much the clock is ahead of that of others (behind: negative), milliseconds; `null`: nobody has told the time. */
  readonly clockOffMs: number | null;
}
