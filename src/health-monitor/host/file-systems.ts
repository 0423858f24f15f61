import { readFile, realpath, statfs } from 'node:fs/promises';
import { knownPlaceOf, mountOf, readMounts, type Mount } from './mount-table.js';
import { OneAtATime } from './one-at-a-time.js';

/** A file system on which something is asked about. Sizes are bytes. */
export interface FileSystemSpace {
  /** Where all of it is mounted. */
  readonly mount: string;
  readonly sizeBytes: number;
  /** Without what is kept back for root. */
  readonly freeBytes: number;
  /** Of the files that there can be, the share that there can still be; `null`: it has no such bound. */
  readonly freeFilesShare: number | null;
  /** Of the paths that were asked about, those that lie on it. */
  readonly paths: readonly string[];
  /** Of these, those to which nothing can be written. */
  readonly readOnlyPaths: readonly string[];
}

/** Whose root folder paths begin at: that of this process, or of the machine, while this process runs in a container on it. */
export type PathsOf = 'this-process' | 'the-machine';

/** What is read-only by its nature, and full as well. */
const PACKED: ReadonlySet<string> = new Set(['squashfs', 'iso9660', 'erofs', 'cramfs', 'romfs']);
/** Whose server may be away: whoever asks then waits for it, in one of the few threads that there are. */
const REMOTE = /^(nfs\d?|cifs|smb\d?|smbfs|9p|ceph|glusterfs|afs|fuse\..*)$/;
const DEADLINE_MS = 5_000;

/** Where it is read from; replaceable in tests. */
export interface FileSystemSource {
  mountTable(): Promise<string>;
  realpath(path: string): Promise<string>;
  statfs(mount: string): Promise<{
    readonly bsize: number;
    readonly blocks: number;
    readonly bavail: number;
    readonly files: number;
    readonly ffree: number;
  }>;
}

const SYSTEM: FileSystemSource = {
  mountTable: () => readFile('/proc/self/mountinfo', 'utf8'),
  realpath,
  statfs,
};

/** Reads how much space there is. What does not answer keeps its figures, and is not asked again before it has answered. */
export class FileSystems {
  private readonly calls: OneAtATime;
  private table = '';
  private mounts: readonly Mount[] = [];
  private real = new Map<string, string>();
  private readonly known = new Map<string, Omit<FileSystemSpace, 'paths' | 'readOnlyPaths' | 'mount'>>();

  constructor(
    private readonly source: FileSystemSource = SYSTEM,
    deadlineMs = DEADLINE_MS,
  ) {
    this.calls = new OneAtATime(deadlineMs);
  }

  /**
   * The file systems on which these paths lie; a path that lies nowhere is left out.
   *
   * @param root of paths of the machine's, what lies in our own root is another thing of that name
   */
  async read(paths: readonly string[], root: PathsOf): Promise<readonly FileSystemSpace[]> {
    await this.readTable();
    const byDevice = new Map<string, { readonly at: Mount; readonly on: [path: string, mount: Mount][] }>();
    for (const path of paths) {
      const mount = await this.find(path);
      if (mount === null || PACKED.has(mount.type)) continue;
      if (root === 'the-machine' && mount.mount === '/' && path !== '/') continue;
      const group = byDevice.get(mount.device);
      if (group) group.on.push([path, mount]);
      else byDevice.set(mount.device, { at: mount, on: [[path, mount]] });
    }
    const all: FileSystemSpace[] = [];
    for (const { at, on } of byDevice.values()) {
      const space = await this.spaceOf(at);
      if (space === undefined || space.sizeBytes === 0) continue;
      all.push({
        mount: knownPlaceOf(this.mounts, at),
        ...space,
        paths: on.map(([path]) => path),
        readOnlyPaths: on.flatMap(([path, { isReadOnly }]) => (isReadOnly ? [path] : [])),
      });
    }
    return all;
  }

  private async readTable(): Promise<void> {
    const table = await this.source.mountTable().catch(() => this.table);
    if (table === this.table) return;
    this.table = table;
    this.mounts = readMounts(table);
    this.real = new Map();
  }

  /** Where a path leads may be hidden from us, or nothing be there: then it is taken by its words. */
  private async find(path: string): Promise<Mount | null> {
    const byWords = mountOf(this.mounts, path);
    if (byWords === null) return null;
    const known = this.real.get(path);
    if (known !== undefined) return mountOf(this.mounts, known);
    const real = await this.ask(byWords, `path ${path}`, () => this.source.realpath(path));
    if (real === undefined) return byWords;
    this.real.set(path, real);
    return mountOf(this.mounts, real);
  }

  private async spaceOf(
    at: Mount,
  ): Promise<Omit<FileSystemSpace, 'paths' | 'readOnlyPaths' | 'mount'> | undefined> {
    const read = await this.ask(at, `space ${at.device}`, () => this.source.statfs(at.mount));
    if (read === undefined) return this.known.get(at.device);
    const space = {
      sizeBytes: read.blocks * read.bsize,
      freeBytes: read.bavail * read.bsize,
      freeFilesShare: read.files > 0 ? read.ffree / read.files : null,
    };
    this.known.set(at.device, space);
    return space;
  }

  private ask<T>({ type }: Mount, key: string, work: () => Promise<T>): Promise<T | undefined> {
    const mayHang = REMOTE.test(type) && this.calls.areAnyLate;
    return mayHang ? Promise.resolve(undefined) : this.calls.ask(key, work);
  }
}
