import { Logger } from '@nestjs/common';
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
import { CANNOT_BE_REACHED } from './remedies.js';

/**
 * Uses the first of several runtimes whose engine can be reached, found when first needed, and keeps to it: an engine
 * that goes away later is an outage, never a reason to watch another one. While none can be reached, each call looks
 * again, and fails with what was found in each place.
 *
 * Only a runtime that cannot be reached is passed over. One that hangs, or says no, may well be the right one.
 */
export class AutoPodmanRuntime extends ContainerRuntime {
  private readonly logger = new Logger(AutoPodmanRuntime.name);
  private chosen: ContainerRuntime | null = null;
  private choosing: Promise<ContainerRuntime> | null = null;

  constructor(private readonly candidates: () => readonly ContainerRuntime[]) {
    super();
  }

  async info(options?: CallOptions): Promise<EngineInfo> {
    return (await this.engine(options?.signal)).info(options);
  }

  async list(options?: CallOptions): Promise<readonly ListedContainer[]> {
    return (await this.engine(options?.signal)).list(options);
  }

  async inspect(id: string, options?: CallOptions): Promise<Container> {
    return (await this.engine(options?.signal)).inspect(id, options);
  }

  async memory(options?: CallOptions): Promise<readonly MemoryReading[]> {
    return (await this.engine(options?.signal)).memory(options);
  }

  async logs(id: string, lines: number, options?: CallOptions): Promise<readonly string[]> {
    return (await this.engine(options?.signal)).logs(id, lines, options);
  }

  override async exec(id: string, command: readonly string[], options?: CallOptions): Promise<Execution> {
    return (await this.engine(options?.signal)).exec(id, command, options);
  }

  async start(id: string, options?: CallOptions): Promise<'started' | 'already-running'> {
    return (await this.engine(options?.signal)).start(id, options);
  }

  async stop(id: string, options: StopOptions): Promise<'stopped' | 'already-stopped'> {
    return (await this.engine(options.signal)).stop(id, options);
  }

  async restart(id: string, options: StopOptions): Promise<void> {
    return (await this.engine(options.signal)).restart(id, options);
  }

  async *events(options: EventOptions): AsyncGenerator<EngineEvent, void, void> {
    let engine: ContainerRuntime;
    try {
      engine = await this.engine(options.signal);
    } catch (error) {
      if (options.signal.aborted) return;
      throw error;
    }
    yield* engine.events(options);
  }

  /** One search serves all who wait for it: a caller who gives up does not end it for the others. */
  private async engine(signal: AbortSignal | undefined): Promise<ContainerRuntime> {
    if (this.chosen) return this.chosen;
    this.choosing ??= this.choose().finally(() => {
      this.choosing = null;
    });
    if (!signal) return this.choosing;
    let giveUp = () => {};
    const givenUp = new Promise<never>((_, reject) => {
      giveUp = () => reject(new RuntimeError('aborted', 'Looking for Podman: no longer wanted.'));
    });
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    try {
      return await Promise.race([givenUp, this.choosing]);
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  private async choose(): Promise<ContainerRuntime> {
    const failures: string[] = [];
    for (const candidate of this.candidates()) {
      try {
        const { version, address, rootless } = await candidate.info();
        const { length } = await candidate.list();
        const who = rootless ? 'rootless' : 'rootful';
        this.logger.log(`Watching Podman ${version} (${who}) at ${address}. Containers: ${length}.`);
        this.chosen = candidate;
        return candidate;
      } catch (error) {
        if (!(error instanceof RuntimeError && error.kind === 'outage')) throw error;
        failures.push(error.message);
      }
    }
    const reasons = failures.map((failure) => failure.replace(CANNOT_BE_REACHED, ''));
    throw new RuntimeError('outage', CANNOT_BE_REACHED + reasons.join(' Nor elsewhere: '));
  }
}
