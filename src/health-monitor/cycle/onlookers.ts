import type { ContainerRuntime } from '../runtime/index.js';
import type { MonitorParts } from './monitor-parts.js';

/** An engine as a monitor asks it, and what hears of the monitor's steps and surrounds its acts. */
export type WatchedEngine = Pick<MonitorParts, 'runtime' | 'onStep' | 'aroundAct'>;

/** Whatever looks on at monitors and changes nothing: figures, traces. Also its injection token. */
export abstract class Onlookers {
  /**
   * Puts itself between a monitor and its engine; asked once a monitor.
   *
   * @param host its name in `hosts` of the options; `null`: the local one
   */
  abstract around(engine: ContainerRuntime, host: string | null): WatchedEngine;
}
