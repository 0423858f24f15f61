import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface CgroupMemory {
  readonly usedBytes: number;
  /** The tightest limit of the group and those around it; `null`: none. */
  readonly limitBytes: number | null;
}

/**
 * Reads what a control group holds of memory that the kernel cannot give back: everything but the page cache of files
 * and reclaimable kernel caches, with what was swapped out. A plain "usage" grows with every file that is read, and
 * looks like a leak.
 */
export class CgroupMemoryReader {
  constructor(private readonly mountPath = '/sys/fs/cgroup') {}

  /** `null`: it cannot be read here. `cgroupPath` is the engine's word for the group, below the mount. */
  read(cgroupPath: string): CgroupMemory | null {
    if (!cgroupPath.startsWith('/') || cgroupPath.split('/').includes('..')) return null;
    return this.readVersion2(cgroupPath) ?? this.readVersion1(cgroupPath);
  }

  private readVersion2(cgroupPath: string): CgroupMemory | null {
    const group = join(this.mountPath, cgroupPath);
    const current = readNumber(join(group, 'memory.current'));
    if (current === null) return null;
    const stat = readTable(join(group, 'memory.stat'));
    if (stat === null) return null;
    const swap = readNumber(join(group, 'memory.swap.current'));
    const canBeGivenBack = sum(stat, ['inactive_file', 'active_file', 'slab_reclaimable']);
    return {
      usedBytes: Math.max(0, current - canBeGivenBack) + (swap ?? 0),
      limitBytes: this.tightestLimit(cgroupPath),
    };
  }

  /** Version 1 adds up the groups below (`total_`), and knows the tightest limit by itself. */
  private readVersion1(cgroupPath: string): CgroupMemory | null {
    const stat = readTable(join(this.mountPath, 'memory', cgroupPath, 'memory.stat'));
    if (!stat?.has('total_rss')) return null;
    // Pages of tmpfs count as cache, but stand on the lists of anonymous memory: they stay.
    const cache = sum(stat, ['total_cache']) - sum(stat, ['total_inactive_file', 'total_active_file']);
    return {
      usedBytes: sum(stat, ['total_rss', 'total_swap']) + Math.max(0, cache),
      limitBytes: stat.get('hierarchical_memory_limit') ?? null,
    };
  }

  private tightestLimit(cgroupPath: string): number | null {
    const limits: number[] = [];
    for (let path = cgroupPath; path !== '/'; path = dirname(path)) {
      const limit = readNumber(join(this.mountPath, path, 'memory.max'));
      if (limit !== null) limits.push(limit);
    }
    return limits.length > 0 ? Math.min(...limits) : null;
  }
}

/** `null` where there is no such file, or it says `max`. */
function readNumber(path: string): number | null {
  const text = read(path);
  return text !== null && /^\d+\s*$/.test(text) ? Number(text) : null;
}

/** Lines of a name and a number. */
function readTable(path: string): ReadonlyMap<string, number> | null {
  const text = read(path);
  if (text === null) return null;
  return new Map(
    [...text.matchAll(/^(\w+) (\d+)$/gm)].map(([, name, value]) => [String(name), Number(value)]),
  );
}

/** The kernel has these figures at hand: to read them in a thread of its own takes several times as long. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function sum(table: ReadonlyMap<string, number>, names: readonly string[]): number {
  return names.reduce((total, name) => total + (table.get(name) ?? 0), 0);
}
