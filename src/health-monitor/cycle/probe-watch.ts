import { Logger } from '@nestjs/common';
import { isUp } from '../policy/index.js';
import { ProbeLoop, type Probed } from '../probes/index.js';
import type { Container, ProbedHealth } from '../runtime/index.js';
import type { MonitorState } from '../step/index.js';
import type { MonitorParts } from './monitor-parts.js';

export interface ProbeWatchHooks {
  readonly state: () => MonitorState;
  /** What is made of a container's probes has changed: it is to be checked. */
  readonly onChange: (name: string) => void;
  /** These fail at once. */
  readonly onDoubt: (names: readonly string[]) => void;
}

/** Has those asked that have probes. */
export class ProbeWatch {
  private readonly logger = new Logger('HealthMonitor');
  private readonly loop: ProbeLoop;
  /** Who has probes, of the topology in which it was found out. */
  private having: { readonly topology: MonitorState['topology']; readonly names: readonly string[] } = {
    topology: undefined,
    names: [],
  };
  /** Who was said to be out of reach. */
  private readonly warned = new Set<string>();

  constructor(
    { runtime, clock }: Pick<MonitorParts, 'runtime' | 'clock'>,
    private readonly hooks: ProbeWatchHooks,
  ) {
    this.loop = new ProbeLoop(runtime, clock, {
      onChange: hooks.onChange,
      onDoubt: hooks.onDoubt,
      onUnreachable: (name, why) => this.warn(name, why),
    });
  }

  /** Asks whoever is due. Nearly free where nobody has probes. */
  beat(): void {
    // Without its engine nobody can be asked by commands, and nothing can be done upon an answer.
    if (this.hooks.state().engine.reachable === false) return this.loop.rest();
    this.loop.beat(this.probed());
  }

  /** The wall clock was set. */
  clockSet(by: number): void {
    this.loop.clockSet(by);
  }

  /** What the probes of a container's latest run came to; `undefined`: nothing is known. */
  of(container: Container): ProbedHealth | undefined {
    return isUp(container) ? this.loop.of(container) : undefined;
  }

  close(): Promise<void> {
    return this.loop.close();
  }

  private *probed(): Iterable<Probed> {
    const { topology, containers, engine } = this.hooks.state();
    if (topology !== this.having.topology) this.having = { topology, names: whoHasProbes(topology) };
    for (const name of this.having.names) {
      const container = containers.get(name);
      const probes = topology?.rules.get(name)?.probes;
      if (container === undefined || probes === undefined) continue;
      yield {
        container: engine.info?.rootless === true ? withoutOwnAddresses(container) : container,
        probes,
        isUp: isUp(container),
      };
    }
  }

  private warn(name: string, why: string): void {
    if (this.warned.has(name)) return;
    this.warned.add(name);
    this.logger.warn(`The probe of ${name} cannot be made: ${why}`);
  }
}

/** The network of a rootless engine is one that the host is not in. */
const withoutOwnAddresses = (container: Container): Container =>
  container.reach === undefined ? container : { ...container, reach: { ...container.reach, addresses: [] } };

const whoHasProbes = (topology: MonitorState['topology']): readonly string[] =>
  [...(topology?.rules ?? [])].flatMap(([name, { probes, ignore }]) =>
    probes.length > 0 && !ignore ? [name] : [],
  );
