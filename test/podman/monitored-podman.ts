import { MonitoredEngine, type MonitoredOptions } from '../support/monitored-engine.js';
import { type Place } from '../support/real-engine.js';
import { PodmanEngine } from './podman-engine.js';

export { endsWith, eventually, type Launch } from '../support/monitored-engine.js';

/** A monitor on a real Podman. */
export class MonitoredPodman extends MonitoredEngine<PodmanEngine> {
  private constructor(options: MonitoredOptions = {}, place?: Place) {
    super('podman', () => PodmanEngine.start(place), options);
  }

  static prepare(options?: MonitoredOptions, place?: Place): Promise<MonitoredPodman> {
    return new MonitoredPodman(options, place).prepared();
  }

  static forTheseTests(options?: MonitoredOptions): MonitoredPodman {
    return new MonitoredPodman(options).forTheseTests();
  }
}
