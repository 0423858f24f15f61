import { totalmem } from 'node:os';
import { type MemoryReading } from '../container.js';
import { RuntimeError } from '../runtime-error.js';
import { CgroupMemoryReader } from './cgroup-memory.js';
import { type ReportedContainer } from './container.reader.js';
import { type EngineUsage, type PodmanTransport } from './podman-transport.js';

/** Sizes for people have three or four digits: a limit this near to the host's memory is no limit. */
const NO_LIMIT_FROM = 0.995;

interface Run {
  readonly startedAt: number | null;
  /** `null`: its control group cannot be read here, so the engine's figure counts. */
  readonly cgroupPath: string | null;
}

/**
 * Takes one reading of every running container: the better figure from its control group where that can be read, the
 * engine's own for the rest, in one call. Which figure it is does not change while a container runs.
 */
export class MemoryReader {
  private readonly runs = new Map<string, Run>();

  constructor(
    private readonly cgroups = new CgroupMemoryReader(),
    private readonly hostBytes = totalmem(),
  ) {}

  async read(transport: PodmanTransport, signal: AbortSignal): Promise<MemoryReading[]> {
    const running = (await transport.list(signal)).filter(({ state }) => state === 'running');
    for (const container of running) await this.learn(container, transport, signal);
    this.forgetAllBut(new Set(running.map(({ id }) => id)));

    const needsEngine = running.some(({ id }) => this.runs.get(id)?.cgroupPath === null);
    const usages = new Map(
      needsEngine ? (await transport.usage(signal)).map((usage) => [usage.id, usage]) : [],
    );
    const readings = await Promise.all(
      running.map((container) => this.reading(container, usages.get(container.id))),
    );
    return readings.filter((reading) => reading !== null);
  }

  private async learn({ id, startedAt }: ReportedContainer, transport: PodmanTransport, signal: AbortSignal) {
    const known = this.runs.get(id);
    if (known?.startedAt === startedAt) return;
    const cgroupPath = await this.findCgroup(id, transport, signal);
    const readable = cgroupPath !== null && (await this.cgroups.read(cgroupPath)) !== null;
    this.runs.set(id, { startedAt, cgroupPath: readable ? cgroupPath : null });
  }

  private forgetAllBut(ids: ReadonlySet<string>): void {
    for (const id of this.runs.keys()) if (!ids.has(id)) this.runs.delete(id);
  }

  private async findCgroup(
    id: string,
    transport: PodmanTransport,
    signal: AbortSignal,
  ): Promise<string | null> {
    try {
      return (await transport.inspect(id, signal)).cgroupPath;
    } catch (error) {
      // It was removed since the list was made.
      if (error instanceof RuntimeError && error.kind === 'not-found') return null;
      throw error;
    }
  }

  /** `null`: it ended meanwhile. */
  private async reading(
    { id, name, startedAt }: ReportedContainer,
    usage: EngineUsage | undefined,
  ): Promise<MemoryReading | null> {
    const cgroupPath = this.runs.get(id)?.cgroupPath;
    const figure = cgroupPath ? 'cgroup' : 'engine';
    const read = cgroupPath ? await this.cgroups.read(cgroupPath) : usage;
    if (!read || (figure === 'engine' && read.usedBytes === 0)) return null;
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
