import type {
  Container,
  EngineEvent,
  EngineInfo,
  Execution,
  ExitHint,
  ListedContainer,
  MemoryReading,
} from './container.js';
import { RuntimeError } from './runtime-error.js';

/** What every call takes. */
export interface CallOptions {
  /** Ends the call early with a `RuntimeError` of kind `aborted`; at once, when it is aborted already. */
  readonly signal?: AbortSignal;
}

/** Which events are wanted, and until when. */
export interface EventOptions {
  /** Milliseconds since 1970, inclusive. Default: now. */
  readonly since?: number;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /**
   * Hears of exits before the engine tells of them, where the host shows them sooner. A hint to look at the container
   * at once, never a fact; it may come twice, or not at all. Must not throw. Default: nobody wants hints.
   */
  readonly onExit?: (exit: ExitHint) => void;
}

/** What a call takes that changes a container. */
export interface ActOptions extends CallOptions {
  /**
   * Called as late as can be before the engine is asked: whoever may act no more by then throws a `RuntimeError` of kind
   * `aborted`, with which the call fails, and the engine is not asked. Default: nobody minds.
   */
  readonly beforeAsking?: () => void;
}

/** What a call takes that stops a container. */
export interface StopOptions extends ActOptions {
  /** How long the container may take to end by itself, in milliseconds, before the engine kills it. */
  readonly timeoutMs: number;
}

/**
 * Our port to a container engine, its injection token, and its contract. A host's own takes the place of ours with
 * `overrides: [{ provide: ContainerRuntime, useClass: Mine }]`.
 *
 * Every call has a deadline of its own, and fails only with a {@link RuntimeError}: reading calls after
 * `runtime.timeoutMs`, a start after 120 s, a stop or restart 30 s after the stop timeout it was given. Calls overlap:
 * several containers are inspected, and acted on, at a time; never two acts of the monitor on one.
 *
 * `id` is a full id. Anything else, also the beginning of an id or a name, is `not-found`, since engines that match
 * these would act on another container than was meant.
 */
export abstract class ContainerRuntime {
  /** Reaches the engine and says what it is. Asked before the first check, after an outage, and before each stream of events. */
  abstract info(options?: CallOptions): Promise<EngineInfo>;

  /** Whether it answers at all: the cheapest call there is. A runtime that has none cheaper than `info` need not have it. */
  async ping(options?: CallOptions): Promise<void> {
    await this.info(options);
  }

  /**
   * All containers, in any state, in the engine's order; infra containers only with the members of their pods, see
   * {@link ListedContainer.pod}. Asked at each full check: one
   * whose row is the same as before is not inspected, so what `inspect` shows anew of its state, health, exit code,
   * times, name or process must show here, too.
   */
  abstract list(options?: CallOptions): Promise<readonly ListedContainer[]>;

  /** One container in full. `not-found` when the engine has none with this id: then it counts as removed. */
  abstract inspect(id: string, options?: CallOptions): Promise<Container>;

  /** Memory of the running containers. One that cannot be read is left out. */
  abstract memory(options?: CallOptions): Promise<readonly MemoryReading[]>;

  /**
   * The last `lines` lines it wrote, both streams, oldest first, each cut to 1,000 characters; none is no error. Ours
   * masks secrets before it cuts, since a cut could hide what they are; of others it is done where lines are kept.
   */
  abstract logs(id: string, lines: number, options?: CallOptions): Promise<readonly string[]>;

  /**
   * Runs a command in a running container and waits for its end; a command that fails is an answer, not an error.
   * `refused` where the container does not run or has no such command. A runtime that cannot do it need not have it.
   */
  exec(_id: string, _command: readonly string[], _options?: CallOptions): Promise<Execution> {
    return Promise.reject(new RuntimeError('refused', 'This engine runs no commands in containers.'));
  }

  /**
   * Starts it; resolves once it runs. A container that already runs is an answer, not an error. `refused`, `nonsense`
   * and `timeout` count as a failed attempt, the other kinds as none.
   */
  abstract start(id: string, options?: ActOptions): Promise<'started' | 'already-running'>;

  /** Stops it; resolves once it is down. A container that is already down is an answer, not an error. */
  abstract stop(id: string, options: StopOptions): Promise<'stopped' | 'already-stopped'>;

  /** Stops it as `stop` does, if it runs, and starts it; resolves once it runs. Its errors count as those of `start`. */
  abstract restart(id: string, options: StopOptions): Promise<void>;

  /**
   * What happens from now on, or from `since`, as far back as the engine remembers. Ends by throwing when the connection
   * is lost, and by returning when `signal` is aborted; it is opened again from where it broke. Events may arrive twice:
   * those of the same time, action and id are one. A missed one only costs time, until the next full check.
   */
  abstract events(options: EventOptions): AsyncIterable<EngineEvent>;

  /** Takes down what was set up to reach the engine, such as a tunnel, at shutdown; nothing is asked after it. */
  disconnect(): Promise<void> {
    return Promise.resolve();
  }
}
