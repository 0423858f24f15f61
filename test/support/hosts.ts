import type { ContainerRules } from '../../src/common/options/index.js';
import { type ContainerRuntime, RuntimeFactory } from '../../src/health-monitor/runtime/index.js';
import { InMemoryRuntime } from '../../src/testing/index.js';
import { World, type WorldOptions } from './world.js';

const HOSTS = {
  attic: { name: 'The attic', runtime: { ssh: 'admin@attic' } },
  nas: { runtime: { tcp: 'https://nas:2376' } },
};

/** Three hosts with an engine in memory each, and one clock. */
export class Hosts {
  readonly world: World;
  readonly attic: InMemoryRuntime;
  readonly nas: InMemoryRuntime;

  constructor(containers: Record<string, ContainerRules> = {}, options: WorldOptions = {}) {
    const engines: Record<string, ContainerRuntime> = {};
    this.world = new World({
      hosts: HOSTS,
      containers,
      ...options,
      overrides: [
        {
          provide: RuntimeFactory,
          useValue: { create: (_: unknown, host: string) => engines[host] } as RuntimeFactory,
        },
      ],
    });
    const { clock } = this.world;
    engines['attic'] = this.attic = new InMemoryRuntime({ clock, tellsWhoStopped: 'flag' });
    engines['nas'] = this.nas = new InMemoryRuntime({ clock, tellsWhoStopped: 'flag' });
    const startedAt = clock.now() - 24 * 3_600_000;
    this.world.running('lnd', 'db');
    for (const name of ['lnd', 'db']) this.attic.add({ name, state: 'running', startedAt });
    this.nas.add({ name: 'nextcloud', state: 'running', startedAt });
  }

  statusOf(name: string): string | undefined {
    return this.world.monitor.containers().find((view) => view.name === name && view.host === 'attic')
      ?.status;
  }
}
