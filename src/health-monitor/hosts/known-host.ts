import type { ContainerView, MachineView, MemoryView } from '../../common/events/index.js';
import type { MonitorState } from '../step/index.js';
import type { HostName } from './at-host.js';

/** What is known of a host, be it by a monitor of ours or by what the leader tells. */
export interface KnownHost {
  /** `null`: the local one, whose containers are called by their names alone. */
  readonly name: HostName | null;
  readonly state: KnownState;
  /** Nothing is healed before this. Milliseconds since 1970. */
  readonly healingFrom: number;
  /** `null`: it is not watched, or was not read yet. */
  readonly machine: MachineView | null;
  /** In the engine's order, where that is known. */
  views(): readonly ContainerView[];
  /** `null` while it was not measured yet. */
  memoryOf(name: string): MemoryView | null;
}

/** Of the state of a monitor what people see. */
export type KnownState = Pick<
  MonitorState,
  'views' | 'incidents' | 'externals' | 'engine' | 'lastFullCheckAt' | 'watchingSince'
>;
