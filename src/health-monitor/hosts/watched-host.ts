import type { ContainerView, MachineView, MemoryView } from '../../common/events/index.js';
import type { Monitor } from '../cycle/index.js';
import type { MemoryLeakService } from '../memory/index.js';
import type { MonitorState } from '../step/index.js';
import type { HostName } from './at-host.js';
import type { KnownHost } from './known-host.js';

/** A host that is watched, by a monitor of its own. */
export class WatchedHost implements KnownHost {
  constructor(
    readonly name: HostName | null,
    readonly monitor: Monitor,
    readonly memory: MemoryLeakService,
  ) {}

  get state(): MonitorState {
    return this.monitor.state;
  }

  get healingFrom(): number {
    return this.monitor.healingFrom;
  }

  get machine(): MachineView | null {
    return this.monitor.machine;
  }

  /** Those that were taken up and not seen yet come last. */
  views(): readonly ContainerView[] {
    const { containers, views } = this.state;
    const names = new Set([...containers.keys(), ...views.keys()]);
    return [...names].flatMap((name) => views.get(name) ?? []);
  }

  memoryOf(name: string): MemoryView | null {
    return this.memory.view(name);
  }
}
