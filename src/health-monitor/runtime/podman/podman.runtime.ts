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
import { CallDeadlines, type CallDeadlineOptions } from '../engine-api/call-deadlines.js';
import { DEFAULT_STOP_TIMEOUT_MS, type ReportedContainer } from '../engine-api/container-fields.js';
import { eventStream } from '../engine-api/event-stream.js';
import { notFound, requireFullId } from '../engine-api/full-id.js';
import { HostProcesses } from '../engine-api/host-processes.js';
import { MemoryReader, type MemorySource } from '../engine-api/memory-reader.js';
import { toSeconds, toSinceArgument } from '../engine-api/seconds.js';
import { type InspectedContainer, type ReportedMember } from './container.reader.js';
import { ExitFiles } from './exit-files.js';
import { lingerWarning } from '../engine-api/linger.js';
import { type PodmanTransport } from './podman-transport.js';

const LOG_LINE_LENGTH = 1_000;

export interface PodmanRuntimeOptions extends CallDeadlineOptions {
  /** Looks at the processes behind containers. */
  readonly processes?: HostProcesses;
  readonly memory?: MemoryReader;
}

/** What Podman's API and its command line have in common: deadlines, and the traps of Podman itself. */
export abstract class PodmanRuntime extends ContainerRuntime {
  private readonly deadlines: CallDeadlines;
  private readonly processes: HostProcesses;
  private readonly memoryReader: MemoryReader;
  private readonly memorySource: MemorySource = {
    running: async (signal) => (await this.transport.list(signal)).filter(({ state }) => state === 'running'),
    cgroupPath: async (id, signal) => (await this.transport.inspect(id, signal)).cgroupPath,
    usage: (_, signal) => this.transport.usage(signal),
  };
  private readonly exitFiles = new ExitFiles();
  /** As of the last time that the engine said which version it is. */
  private tellsWhoStopped: EngineInfo['tellsWhoStopped'] | null = null;

  protected constructor(
    protected readonly transport: PodmanTransport,
    options: PodmanRuntimeOptions,
  ) {
    super();
    this.deadlines = new CallDeadlines(options);
    this.processes = options.processes ?? new HostProcesses();
    this.memoryReader = options.memory ?? new MemoryReader(undefined, this.processes);
  }

  info({ signal }: CallOptions = {}): Promise<EngineInfo> {
    return this.deadlines.read('Reaching Podman', signal, async (deadline) => {
      const info = await this.transport.info(deadline);
      this.tellsWhoStopped = info.tellsWhoStopped;
      const uid = info.rootless ? await this.transport.uid() : null;
      return { ...info, warning: uid === null ? null : await lingerWarning('Podman', uid) };
    });
  }

  list({ signal }: CallOptions = {}): Promise<readonly ListedContainer[]> {
    return this.deadlines.read('Listing containers', signal, async (deadline) =>
      Promise.all(
        (await this.transport.list(deadline)).map(({ pod, ...container }) =>
          this.asMember(container, pod, deadline),
        ),
      ),
    );
  }

  inspect(id: string, { signal }: CallOptions = {}): Promise<Container> {
    return this.deadlines.read('Inspecting a container', signal, (deadline) => this.look(id, deadline));
  }

  memory({ signal }: CallOptions = {}): Promise<readonly MemoryReading[]> {
    return this.deadlines.read('Reading memory', signal, (deadline) =>
      this.memoryReader.read(this.memorySource, deadline),
    );
  }

  logs(id: string, lines: number, { signal }: CallOptions = {}): Promise<readonly string[]> {
    return this.deadlines.read('Reading a log', signal, async (deadline) => {
      const logged = await this.transport.logs(requireFullId(id), lines, deadline);
      return readableLines(logged.slice(-lines), LOG_LINE_LENGTH);
    });
  }

  override exec(id: string, command: readonly string[], { signal }: CallOptions = {}): Promise<Execution> {
    return this.deadlines.exec('Running a command', signal, async (deadline) =>
      this.transport.exec(requireFullId(id), command, deadline),
    );
  }

  start(id: string, { signal }: CallOptions = {}): Promise<'started' | 'already-running'> {
    return this.deadlines.start('Starting a container', signal, async (deadline) => {
      if (await this.transport.start(requireFullId(id), deadline)) return 'started';
      const { container } = await this.find(id, deadline);
      if (!(await this.hasVanished(container, deadline))) return 'already-running';
      await this.startVanished(container, deadline);
      return 'started';
    });
  }

  stop(id: string, { timeoutMs, signal }: StopOptions): Promise<'stopped' | 'already-stopped'> {
    return this.deadlines.stop('Stopping a container', timeoutMs, signal, async (deadline) =>
      (await this.transport.stop(requireFullId(id), toSeconds(timeoutMs), deadline))
        ? 'stopped'
        : 'already-stopped',
    );
  }

  restart(id: string, { timeoutMs, signal }: StopOptions): Promise<void> {
    return this.deadlines.stop('Restarting a container', timeoutMs, signal, async (deadline) => {
      const { container } = await this.find(id, deadline);
      if (await this.hasVanished(container, deadline)) await this.startVanished(container, deadline);
      else await this.transport.restart(id, toSeconds(timeoutMs), deadline);
    });
  }

  events({ since, signal, onExit }: EventOptions): AsyncGenerator<EngineEvent, void, void> {
    const from = since === undefined ? null : toSinceArgument(since);
    return eventStream('Podman', this.deadlines, signal, (closing) => {
      if (onExit) this.exitFiles.listen(onExit, closing);
      return this.transport.events(from, closing);
    });
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
}

function isRefusal(error: unknown): error is RuntimeError {
  return error instanceof RuntimeError && error.kind === 'refused';
}
