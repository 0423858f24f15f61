import type {
  Container,
  EngineEvent,
  EngineInfo,
  ExitHint,
  ListedContainer,
  MemoryReading,
} from './container.js';

export interface CallOptions {
  /** Ends the call early with a `RuntimeError` of kind `aborted`. */
  readonly signal?: AbortSignal;
}

export interface EventOptions {
  /** Milliseconds since 1970, inclusive. Default: now. */
  readonly since?: number;
  readonly signal: AbortSignal;
  /**
   * Hears of exits before the engine tells of them, where the host shows them sooner. A hint to look at the container
   * at once, never a fact; it may come twice, or not at all. Must not throw.
   */
  readonly onExit?: (exit: ExitHint) => void;
}

export interface StopOptions extends CallOptions {
  /** How long the container may take to end by itself before the engine kills it. */
  readonly timeoutMs: number;
}

/**
 * Our port to a container engine, its injection token, and its contract.
 *
 * Every call has a deadline of its own and fails only with a `RuntimeError`: reading calls after
 * `runtime.timeoutMs`, a start after 120 s, a stop or restart 30 s after the stop timeout it was given.
 * Acting calls take full ids, because engines also match prefixes of ids.
 */
export abstract class ContainerRuntime {
  /** Reaches the engine and says what it is. */
  abstract info(options?: CallOptions): Promise<EngineInfo>;

  /** All containers, in any state, without infra containers, in the engine's order. */
  abstract list(options?: CallOptions): Promise<readonly ListedContainer[]>;

  /** One container in full. `not-found` when the engine has none with this id. */
  abstract inspect(id: string, options?: CallOptions): Promise<Container>;

  /** Memory of the running containers, by one engine call for all at most. One that cannot be read is left out. */
  abstract memory(options?: CallOptions): Promise<readonly MemoryReading[]>;

  /** The last `lines` lines it wrote, both streams, oldest first, each cut to 1,000 characters. */
  abstract logs(id: string, lines: number, options?: CallOptions): Promise<readonly string[]>;

  /** Starts it. A container that already runs is an answer, not an error. */
  abstract start(id: string, options?: CallOptions): Promise<'started' | 'already-running'>;

  /** Stops it. A container that is already down is an answer, not an error. */
  abstract stop(id: string, options: StopOptions): Promise<'stopped' | 'already-stopped'>;

  /** Stops it as `stop` does, if it runs, and starts it. */
  abstract restart(id: string, options: StopOptions): Promise<void>;

  /**
   * What happens from now on, or from `since`. Ends by throwing when the connection is lost, and by returning when
   * `signal` is aborted. Events may arrive twice; see `EngineEventFeed`.
   */
  abstract events(options: EventOptions): AsyncIterable<EngineEvent>;
}
