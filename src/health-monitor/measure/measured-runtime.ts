import type { Clock } from '../../common/clock/index.js';
import type { EngineCall, Figures } from '../../metrics/index.js';
import {
  ContainerRuntime,
  RuntimeError,
  type ActOptions,
  type CallOptions,
  type Container,
  type EngineEvent,
  type EngineInfo,
  type EventOptions,
  type Execution,
  type ListedContainer,
  type MemoryReading,
  type StopOptions,
} from '../runtime/index.js';

/** An engine of which is noted how long each call takes, and which fail. */
export class MeasuredRuntime extends ContainerRuntime {
  private listAsked: number | null = null;

  constructor(
    private readonly engine: ContainerRuntime,
    private readonly clock: Clock,
    private readonly figures: Figures,
  ) {
    super();
  }

  /** When the list was last asked for; monotonic. */
  get listAskedAt(): number | null {
    return this.listAsked;
  }

  info(options?: CallOptions): Promise<EngineInfo> {
    return this.measured('info', () => this.engine.info(options));
  }

  override ping(options?: CallOptions): Promise<void> {
    return this.measured('ping', () => this.engine.ping(options));
  }

  list(options?: CallOptions): Promise<readonly ListedContainer[]> {
    this.listAsked = this.clock.monotonic();
    return this.measured('list', () => this.engine.list(options));
  }

  inspect(id: string, options?: CallOptions): Promise<Container> {
    return this.measured('inspect', () => this.engine.inspect(id, options));
  }

  memory(options?: CallOptions): Promise<readonly MemoryReading[]> {
    return this.measured('memory', () => this.engine.memory(options));
  }

  logs(id: string, lines: number, options?: CallOptions): Promise<readonly string[]> {
    return this.measured('logs', () => this.engine.logs(id, lines, options));
  }

  override exec(id: string, command: readonly string[], options?: CallOptions): Promise<Execution> {
    return this.measured('exec', () => this.engine.exec(id, command, options));
  }

  start(id: string, options?: ActOptions): Promise<'started' | 'already-running'> {
    return this.measured('start', () => this.engine.start(id, options));
  }

  stop(id: string, options: StopOptions): Promise<'stopped' | 'already-stopped'> {
    return this.measured('stop', () => this.engine.stop(id, options));
  }

  restart(id: string, options: StopOptions): Promise<void> {
    return this.measured('restart', () => this.engine.restart(id, options));
  }

  /** Lasts as long as there is something to hear. */
  events(options: EventOptions): AsyncIterable<EngineEvent> {
    return this.engine.events(options);
  }

  override disconnect(): Promise<void> {
    return this.engine.disconnect();
  }

  private async measured<T>(call: EngineCall, ask: () => Promise<T>): Promise<T> {
    const began = this.clock.monotonic();
    try {
      return await ask();
    } catch (error) {
      const kind = error instanceof RuntimeError ? error.kind : 'unexpected';
      this.figures.engineFailures.add({ call, kind });
      throw error;
    } finally {
      this.figures.engineCalls.observe({ call }, (this.clock.monotonic() - began) / 1_000);
    }
  }
}
