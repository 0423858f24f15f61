import { totalmem } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { type MemoryReading } from '../container.js';
import { RuntimeError } from '../runtime-error.js';
import { CgroupMemoryReader, type CgroupMemory } from './cgroup-memory.js';
import { type ReportedContainer } from './container-fields.js';
import { HostProcesses } from './host-processes.js';

/** Sizes for people have three or four digits: a limit this near to the host's memory is no limit. */
const NO_LIMIT_FROM = 0.995;

/** What the engine says one container uses. Bytes; a limit at the host's memory may mean that there is none. */
export interface EngineUsage {
  readonly id: string;
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/** Whom to ask about memory. */
export interface MemorySource {
  running(signal: AbortSignal): Promise<readonly ReportedContainer[]>;
  /** Where the engine says that its control group is, below their mount; `null`: it does not say. */
  cgroupPath(id: string, signal: AbortSignal): Promise<string | null>;
  /** The engine's own figures of these; one that it does not know may be left out. */
  usage(running: readonly ReportedContainer[], signal: AbortSignal): Promise<readonly EngineUsage[]>;
}

interface Run {
  readonly startedAt: number | null;
  readonly cgroupPath: string | null;
}

/**
 * Takes one reading of every running container: the better figure, from its control group, where control groups can be
 * read; else the engine's own. Once one control group was read, the engine is not asked any more: figures stay comparable,
 * and Podman 4 refuses to read any memory while a single container has no control group.
 */
export class MemoryReader {
  private readonly runs = new Map<string, Run>();
  private cgroupsAreReadable = false;

  constructor(
    private readonly cgroups = new CgroupMemoryReader(),
    private readonly processes = new HostProcesses(),
    private readonly hostBytes = totalmem(),
  ) {}

  async read(source: MemorySource, signal: AbortSignal): Promise<MemoryReading[]> {
    const running = await source.running(signal);
    for (const container of running) await this.learn(container, source, signal);
    this.forgetAllBut(new Set(running.map(({ id }) => id)));

    const byCgroup: MemoryReading[] = [];
    for (const container of running) {
      const reading = this.reading(container, 'cgroup', this.readCgroup(container.id));
      if (reading) byCgroup.push(reading);
      // All of them at once would hold up everything else for too long.
      await setImmediate();
    }
    this.cgroupsAreReadable ||= byCgroup.length > 0;
    if (this.cgroupsAreReadable || running.length === 0) return byCgroup;

    const usages = new Map((await source.usage(running, signal)).map((usage) => [usage.id, usage]));
    return running
      .map((container) => this.reading(container, 'engine', usages.get(container.id) ?? null))
      .filter((reading) => reading !== null)
      .filter(({ usedBytes }) => usedBytes > 0);
  }

  private async learn({ id, pid, startedAt }: ReportedContainer, source: MemorySource, signal: AbortSignal) {
    if (this.runs.get(id)?.startedAt === startedAt) return;
    const ofProcess = pid === null ? null : this.processes.cgroupOf(id, pid);
    try {
      const cgroupPath = ofProcess ?? (await source.cgroupPath(id, signal));
      this.runs.set(id, { startedAt, cgroupPath });
    } catch (error) {
      // It was removed since the list was made.
      if (!(error instanceof RuntimeError && error.kind === 'not-found')) throw error;
    }
  }

  private forgetAllBut(ids: ReadonlySet<string>): void {
    for (const id of this.runs.keys()) if (!ids.has(id)) this.runs.delete(id);
  }

  private readCgroup(id: string): CgroupMemory | null {
    const cgroupPath = this.runs.get(id)?.cgroupPath ?? null;
    return cgroupPath === null ? null : this.cgroups.read(cgroupPath);
  }

  /** `null`: nothing could be read of it; it may have ended meanwhile. */
  private reading(
    { id, name, startedAt }: ReportedContainer,
    figure: MemoryReading['figure'],
    read: CgroupMemory | null,
  ): MemoryReading | null {
    if (read === null) return null;
    return {
      id,
      name,
      startedAt,
      figure,
      usedBytes: read.usedBytes,
      limitBytes: this.limit(read.limitBytes),
    };
  }

  private limit(bytes: number | null): number | null {
    return bytes === null || bytes === 0 || bytes >= this.hostBytes * NO_LIMIT_FROM ? null : bytes;
  }
}
