import { type EngineConnection } from '../connection/engine-connection.js';
import {
  type Container,
  type EngineEvent,
  type EngineInfo,
  type Execution,
  type ListedContainer,
} from '../container.js';
import { type EventOptions } from '../container-runtime.js';
import { RuntimeError } from '../runtime-error.js';
import { type Asking } from '../engine-api/asking.js';
import { DEFAULT_STOP_TIMEOUT_MS, type ReportedContainer } from '../engine-api/container-fields.js';
import { EngineRuntime, type EngineRuntimeOptions } from '../engine-api/engine-runtime.js';
import { notFound } from '../engine-api/full-id.js';
import { type MemorySource } from '../engine-api/memory-reader.js';
import { toSeconds } from '../engine-api/seconds.js';
import { type InspectedContainer, type ReportedMember } from './container.reader.js';
import { ExitFiles } from './exit-files.js';
import { type PodmanTransport } from './podman-transport.js';

/** What Podman's API and its command line have in common: the traps of Podman itself. */
export abstract class PodmanRuntime extends EngineRuntime {
  protected readonly memorySource: MemorySource = {
    running: async (signal) => (await this.transport.list(signal)).filter(({ state }) => state === 'running'),
    cgroupPath: async (id, signal) => (await this.transport.inspect(id, signal)).cgroupPath,
    usage: (_, signal) => this.transport.usage(signal),
  };
  private readonly exitFiles = new ExitFiles();
  /** As of the last time that the engine said which version it is. */
  private tellsWhoStopped: EngineInfo['tellsWhoStopped'] | null = null;

  protected constructor(
    private readonly transport: PodmanTransport,
    connection: EngineConnection | null,
    options: EngineRuntimeOptions,
  ) {
    super('Podman', connection, options);
  }

  protected async identify(signal: AbortSignal): Promise<Omit<EngineInfo, 'warning'>> {
    const info = await this.transport.info(signal);
    this.tellsWhoStopped = info.tellsWhoStopped;
    return info;
  }

  protected async rows(signal: AbortSignal): Promise<readonly ListedContainer[]> {
    const members = await this.transport.list(signal);
    return Promise.all(members.map(({ pod, ...container }) => this.asMember(container, pod, signal)));
  }

  protected lastLines(id: string, lines: number, signal: AbortSignal): Promise<readonly string[]> {
    return this.transport.logs(id, lines, signal);
  }

  protected run(id: string, command: readonly string[], signal: AbortSignal): Promise<Execution> {
    return this.transport.exec(id, command, signal);
  }

  protected async bringUp(id: string, when: Asking): Promise<boolean> {
    if (await this.transport.start(id, when)) return true;
    const { container } = await this.find(id, when.signal);
    if (!(await this.hasVanished(container, when.signal))) return false;
    await this.startVanished(container, when);
    return true;
  }

  protected bringDown(id: string, timeoutSeconds: number, when: Asking): Promise<boolean> {
    return this.transport.stop(id, timeoutSeconds, when);
  }

  protected async bringDownAndUp(id: string, timeoutSeconds: number, when: Asking): Promise<void> {
    const { container } = await this.find(id, when.signal);
    if (await this.hasVanished(container, when.signal)) await this.startVanished(container, when);
    else await this.transport.restart(id, timeoutSeconds, when);
  }

  protected listen(
    since: string | null,
    closing: AbortSignal,
    onExit: EventOptions['onExit'],
  ): Promise<AsyncIterable<EngineEvent>> {
    if (onExit) this.exitFiles.listen(onExit, closing);
    return this.transport.events(since, closing);
  }

  protected async look(id: string, signal: AbortSignal): Promise<Container> {
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
    const inspected = await this.transport.inspect(id, signal);
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
    when: Asking,
  ): Promise<void> {
    try {
      await this.transport.stop(id, toSeconds(stopTimeoutMs), when);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
    try {
      await this.transport.start(id, when);
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
