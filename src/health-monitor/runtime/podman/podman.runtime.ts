import { readableLines } from '../../../common/text/index.js';
import {
  type Container,
  type EngineEvent,
  type EngineInfo,
  type Execution,
  type ListedContainer,
  type MemoryReading,
} from '../container.js';
import {
  ContainerRuntime,
  type CallOptions,
  type EventOptions,
  type StopOptions,
} from '../container-runtime.js';
import { RuntimeError } from '../runtime-error.js';
import {
  DEFAULT_STOP_TIMEOUT_MS,
  isFullId,
  type InspectedContainer,
  type ReportedContainer,
  type ReportedMember,
} from './container.reader.js';
import { withDeadline } from './deadline.js';
import { ExitFiles } from './exit-files.js';
import { HostProcesses } from './host-processes.js';
import { lingerWarning } from './linger.js';
import { MemoryReader } from './memory-reader.js';
import { type PodmanTransport } from './podman-transport.js';

const START_DEADLINE_MS = 120_000;
const STOP_GRACE_MS = 30_000;
/** Whoever has a command run has a deadline of its own; no probe has a longer one. */
const EXEC_DEADLINE_MS = 10 * 60_000;
const LOG_LINE_LENGTH = 1_000;

export interface PodmanRuntimeOptions {
  /** Deadline of a reading call. */
  readonly timeoutMs: number;
  /** Deadline of a start. Default 120,000. */
  readonly startTimeoutMs?: number;
  /** What a stop or restart may take beyond its stop timeout. Default 30,000. */
  readonly stopGraceMs?: number;
  /** Looks at the processes behind containers. */
  readonly processes?: HostProcesses;
  readonly memory?: MemoryReader;
}

/** What Podman's API and its command line have in common: deadlines, and the traps of Podman itself. */
export abstract class PodmanRuntime extends ContainerRuntime {
  private readonly processes: HostProcesses;
  private readonly memoryReader: MemoryReader;
  private readonly exitFiles = new ExitFiles();
  /** As of the last time that the engine said which version it is. */
  private tellsWhoStopped: EngineInfo['tellsWhoStopped'] | null = null;

  protected constructor(
    protected readonly transport: PodmanTransport,
    private readonly options: PodmanRuntimeOptions,
  ) {
    super();
    this.processes = options.processes ?? new HostProcesses();
    this.memoryReader = options.memory ?? new MemoryReader();
  }

  info({ signal }: CallOptions = {}): Promise<EngineInfo> {
    return this.read('Reaching Podman', signal, async (deadline) => {
      const info = await this.transport.info(deadline);
      this.tellsWhoStopped = info.tellsWhoStopped;
      const uid = info.rootless ? await this.transport.uid() : null;
      return { ...info, warning: uid === null ? null : await lingerWarning(uid) };
    });
  }

  list({ signal }: CallOptions = {}): Promise<readonly ListedContainer[]> {
    return this.read('Listing containers', signal, async (deadline) =>
      Promise.all(
        (await this.transport.list(deadline)).map(({ pod, ...container }) =>
          this.asMember(container, pod, deadline),
        ),
      ),
    );
  }

  inspect(id: string, { signal }: CallOptions = {}): Promise<Container> {
    return this.read('Inspecting a container', signal, (deadline) => this.look(id, deadline));
  }

  memory({ signal }: CallOptions = {}): Promise<readonly MemoryReading[]> {
    return this.read('Reading memory', signal, (deadline) =>
      this.memoryReader.read(this.transport, deadline),
    );
  }

  logs(id: string, lines: number, { signal }: CallOptions = {}): Promise<readonly string[]> {
    return this.read('Reading a log', signal, async (deadline) => {
      const logged = await this.transport.logs(requireFullId(id), lines, deadline);
      return readableLines(logged.slice(-lines), LOG_LINE_LENGTH);
    });
  }

  override exec(id: string, command: readonly string[], { signal }: CallOptions = {}): Promise<Execution> {
    return withDeadline('Running a command', EXEC_DEADLINE_MS, signal, async (deadline) =>
      this.transport.exec(requireFullId(id), command, deadline),
    );
  }

  start(id: string, { signal }: CallOptions = {}): Promise<'started' | 'already-running'> {
    const { startTimeoutMs = START_DEADLINE_MS } = this.options;
    return withDeadline('Starting a container', startTimeoutMs, signal, async (deadline) => {
      if (await this.transport.start(requireFullId(id), deadline)) return 'started';
      const { container } = await this.find(id, deadline);
      if (!(await this.hasVanished(container, deadline))) return 'already-running';
      await this.startVanished(container, deadline);
      return 'started';
    });
  }

  stop(id: string, { timeoutMs, signal }: StopOptions): Promise<'stopped' | 'already-stopped'> {
    return this.withStopDeadline('Stopping a container', timeoutMs, signal, async (deadline) =>
      (await this.transport.stop(requireFullId(id), toSeconds(timeoutMs), deadline))
        ? 'stopped'
        : 'already-stopped',
    );
  }

  restart(id: string, { timeoutMs, signal }: StopOptions): Promise<void> {
    return this.withStopDeadline('Restarting a container', timeoutMs, signal, async (deadline) => {
      const { container } = await this.find(id, deadline);
      if (await this.hasVanished(container, deadline)) await this.startVanished(container, deadline);
      else await this.transport.restart(id, toSeconds(timeoutMs), deadline);
    });
  }

  async *events({ since, signal, onExit }: EventOptions): AsyncGenerator<EngineEvent, void, void> {
    const closing = new AbortController();
    const close = () => closing.abort();
    signal.addEventListener('abort', close);
    if (onExit) this.exitFiles.listen(onExit, closing.signal);
    try {
      const from = since === undefined ? null : toSinceArgument(since);
      yield* await this.read('Listening to events', signal, (deadline) => {
        deadline.addEventListener('abort', close);
        return this.transport.events(from, closing.signal);
      });
      throw new RuntimeError('outage', 'Podman ended its stream of events.');
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  }

  private async look(id: string, signal: AbortSignal): Promise<Container> {
    const { container, stoppedByUser, lacksStopTimeout, conmonPid } = await this.find(id, signal);
    if (conmonPid !== null) this.exitFiles.areIn(await this.processes.exitFolder(id, conmonPid));
    this.tellsWhoStopped ??= (await this.transport.info(signal)).tellsWhoStopped;
    const hasFlag = this.tellsWhoStopped === 'flag';
    return {
      ...(await this.withProcess(container, signal)),
      stoppedByUser: hasFlag ? stoppedByUser : null,
      // Before 4.7, which brought the flag, Docker's API made them without the engine's usual time, unasked.
      ...(lacksStopTimeout && !hasFlag ? { stopTimeoutMs: DEFAULT_STOP_TIMEOUT_MS } : {}),
    };
  }

  private async find(id: string, signal: AbortSignal): Promise<InspectedContainer> {
    const inspected = await this.transport.inspect(requireFullId(id), signal);
    if (inspected.container.id !== id) throw notFound(id);
    return inspected;
  }

  private async asMember(
    container: ReportedContainer,
    pod: ReportedMember['pod'],
    signal: AbortSignal,
  ): Promise<ListedContainer> {
    const member = await this.withProcess(container, signal);
    return pod ? { ...member, pod: { ...pod, infra: await this.withProcess(pod.infra, signal) } } : member;
  }

  private async withProcess<T extends ReportedContainer>(
    container: T,
    signal: AbortSignal,
  ): Promise<T & { processVanished: boolean }> {
    return { ...container, processVanished: await this.hasVanished(container, signal) };
  }

  /**
   * Whether its main process has ended and Podman will never know. Podman is told by conmon, some moments after the
   * end: so only when conmon is gone, too, and Podman still says the same after that.
   */
  private async hasVanished(container: ReportedContainer, signal: AbortSignal): Promise<boolean> {
    if (!this.processes.hasVanished(container)) return false;
    const { id } = container;
    try {
      const { conmonPid } = await this.transport.inspect(id, signal);
      if (conmonPid !== null && (await this.processes.isFor(id, conmonPid))) return false;
      return this.processes.hasVanished((await this.transport.inspect(id, signal)).container);
    } catch (error) {
      // Removed or locked in this very moment: nothing is known of it yet.
      if (error instanceof RuntimeError && (error.kind === 'not-found' || error.kind === 'refused'))
        return false;
      throw error;
    }
  }

  /**
   * A container whose conmon was killed stays `running` for Podman, which neither starts nor restarts it. A stop fails
   * as well, but leaves it in a state from which it can be started: always on Podman 5; on 4.3 only while conmon is
   * still a zombie, and else for good in `stopping`, which no other command of it changes either.
   */
  private async startVanished(
    { id, stopTimeoutMs }: InspectedContainer['container'],
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.transport.stop(id, toSeconds(stopTimeoutMs), signal);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
    try {
      await this.transport.start(id, signal);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw new RuntimeError(
        'refused',
        `Podman lost track of it when its conmon was killed, and starts it again only after it was created anew or ` +
          `the host was restarted (${error.message})`,
        { cause: error },
      );
    }
  }

  private read<T>(
    what: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return withDeadline(what, this.options.timeoutMs, signal, work);
  }

  private withStopDeadline<T>(
    what: string,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { stopGraceMs = STOP_GRACE_MS } = this.options;
    return withDeadline(what, timeoutMs + stopGraceMs, signal, work);
  }
}

/** Podman also answers to the beginnings of ids, with another container if need be. */
function requireFullId(id: string): string {
  if (!isFullId(id)) throw notFound(id);
  return id;
}

function notFound(id: string): RuntimeError {
  return new RuntimeError(
    'not-found',
    `There is no container with the full id ${JSON.stringify(id.slice(0, 64))}.`,
  );
}

function isRefusal(error: unknown): error is RuntimeError {
  return error instanceof RuntimeError && error.kind === 'refused';
}

/** Podman counts in whole seconds, and takes 0 for "kill at once". */
function toSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}

/**
 * Podman takes seconds with a fraction; whole nanoseconds it silently misunderstands. A microsecond earlier than asked
 * for, so that rounding never loses the event at that very moment.
 */
function toSinceArgument(milliseconds: number): string {
  return (Math.floor(milliseconds * 1000 - 1) / 1e6).toFixed(6);
}
