import type { Logger } from '@nestjs/common';
import { hostLogger } from '../../common/logging/index.js';
import {
  type Container,
  type EngineEvent,
  type EngineInfo,
  type Execution,
  type ListedContainer,
  type MemoryReading,
} from './container.js';
import {
  ContainerRuntime,
  type ActOptions,
  type CallOptions,
  type EventOptions,
  type StopOptions,
} from './container-runtime.js';
import { RuntimeError } from './runtime-error.js';
import { unlessAborted } from './connection/unless-aborted.js';
import { engineName } from './engine-name.js';
import { notWatched } from './not-watched.js';
import { cannotBeReached } from './engine-api/unreachable.js';

/**
 * One place where an engine may be.
 *
 * @throws RuntimeError when it cannot even be told which engine is there
 */
export type Candidate = () => Promise<ContainerRuntime>;

/** Where each engine may be, in the order of looking. */
export interface Candidates {
  readonly podman: () => Looking;
  readonly docker: () => Looking;
}

type Looking = readonly Candidate[] | Promise<readonly Candidate[]>;

export interface AutoRuntimeOptions {
  /** Ids of containers that were watched before: the engine that has them is the one. */
  readonly knownIds: () => Promise<ReadonlySet<string>>;
  /** What is looked for, to begin a sentence with. */
  readonly engine: string;
  /** Whose engine it is, for the log. Default: the local host's. */
  readonly host?: string | null | undefined;
  /** Hears where the engine is that was chosen, before that is used. Default: nobody needs to. */
  readonly onChosen?: (info: EngineInfo) => Promise<void>;
  /** Takes down the ways to all candidates. Default: there is nothing to take down. */
  readonly disconnect?: () => Promise<void>;
}

/** An engine that can be reached. */
interface Found {
  readonly runtime: ContainerRuntime;
  readonly info: EngineInfo;
  readonly containers: readonly ListedContainer[];
}

/** What a look at one engine's places brought. */
type Looked =
  { readonly found: Found } | { readonly failures: readonly string[] } | { readonly error: unknown };

/**
 * Uses an engine that can be reached, found when first needed, and keeps to it: an engine that goes away later is an
 * outage, never a reason to watch another one. While none can be reached, each call looks again, and fails with what was
 * found in each place.
 *
 * Of one engine, the first place counts where it can be reached; one that hangs, or says no, may well be the right one.
 * Where both Podman and Docker can be reached it is the one whose containers are known from before, else the only one
 * with running containers, else Podman; people are told of the other one.
 */
export class AutoRuntime extends ContainerRuntime {
  private readonly logger: Logger;
  private chosen: ContainerRuntime | null = null;
  private choosing: Promise<ContainerRuntime> | null = null;
  /** What people should know of the choice. */
  private warning: string | null = null;

  constructor(
    private readonly candidates: Candidates,
    private readonly options: AutoRuntimeOptions,
  ) {
    super();
    this.logger = hostLogger(AutoRuntime.name, options.host);
  }

  async info(options?: CallOptions): Promise<EngineInfo> {
    const info = await (await this.engine(options?.signal)).info(options);
    return this.warning === null ? info : { ...info, warning: joined(info.warning, this.warning) };
  }

  override async ping(options?: CallOptions): Promise<void> {
    return (await this.engine(options?.signal)).ping(options);
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

  async start(id: string, options?: ActOptions): Promise<'started' | 'already-running'> {
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

  override async disconnect(): Promise<void> {
    await this.options.disconnect?.();
  }

  /** One search serves all who wait for it: a caller who gives up does not end it for the others. */
  private async engine(signal: AbortSignal | undefined): Promise<ContainerRuntime> {
    if (this.chosen) return this.chosen;
    this.choosing ??= this.choose().finally(() => {
      this.choosing = null;
    });
    return unlessAborted(this.choosing, 'Looking for an engine', signal);
  }

  private async choose(): Promise<ContainerRuntime> {
    const [podman, docker] = await Promise.all([
      this.look(this.candidates.podman),
      this.look(this.candidates.docker),
    ]);
    const { found, other } = await this.pick(podman, docker);
    const { version, address, rootless } = found.info;
    const who = rootless ? 'rootless' : 'rootful';
    const name = engineName(found.info.kind);
    this.logger.log(
      `Watching ${name} ${version} (${who}) at ${address}. Containers: ${found.containers.length}.`,
    );
    if (other !== null && isInUse(other))
      this.warning = notWatched(found.info, other.info, runningIn(other), this.options.host ?? null);
    await this.options.onChosen?.(found.info);
    this.chosen = found.runtime;
    return found.runtime;
  }

  /** The first place of an engine where it can be reached. */
  private async look(places: () => Looking): Promise<Looked> {
    const failures: string[] = [];
    try {
      for (const place of await places()) {
        const found = await reach(place).catch((error: unknown) => {
          if (!isOutage(error)) throw error;
          failures.push(error.message);
        });
        if (found) return { found };
      }
      return { failures };
    } catch (error) {
      return isOutage(error) ? { failures: [...failures, error.message] } : { error };
    }
  }

  private async pick(podman: Looked, docker: Looked): Promise<{ found: Found; other: Found | null }> {
    const one = 'found' in podman ? podman.found : null;
    // Where Podman answers to Docker's name, it is the same one.
    const two = 'found' in docker && !(one && isPodman(docker.found)) ? docker.found : null;
    const broken = [podman, docker].find((looked) => 'error' in looked);
    const known = one || two ? await this.options.knownIds() : new Set<string>();
    const ofKnown = [one, two].find((found) => found !== null && hasAny(found, known));
    if (ofKnown) return { found: ofKnown, other: ofKnown === one ? two : one };
    // It may be the one to watch, though nothing is known of it now.
    if (broken) throw broken.error;
    if (one && two)
      return isInUse(two) && !isInUse(one) ? { found: two, other: one } : { found: one, other: two };
    const found = one ?? two;
    if (found) return { found, other: null };
    throw this.nothing([podman, docker].flatMap((looked) => ('failures' in looked ? looked.failures : [])));
  }

  private nothing(failures: readonly string[]): RuntimeError {
    const beginnings = [...ENGINES, this.options.engine].map(cannotBeReached);
    const reasons = failures.map((failure) =>
      beginnings.reduce((text, beginning) => text.replace(beginning, ''), failure),
    );
    return new RuntimeError(
      'outage',
      cannotBeReached(this.options.engine) + [...new Set(reasons)].join(' Nor elsewhere: '),
    );
  }
}

const ENGINES = ['Podman', 'Docker', 'The engine'];

async function reach(place: Candidate): Promise<Found> {
  const runtime = await place();
  return { runtime, info: await runtime.info(), containers: await runtime.list() };
}

const isOutage = (error: unknown): error is RuntimeError =>
  error instanceof RuntimeError && error.kind === 'outage';

const isPodman = ({ info }: Found): boolean => info.kind !== 'docker';

const runningIn = ({ containers }: Found): number =>
  containers.filter(({ state }) => state === 'running').length;

const isInUse = (found: Found): boolean => runningIn(found) > 0;

const hasAny = ({ containers }: Found, ids: ReadonlySet<string>): boolean =>
  containers.some(({ id }) => ids.has(id));

const joined = (...sentences: readonly (string | null)[]): string =>
  sentences.filter((sentence) => sentence !== null).join(' ');
