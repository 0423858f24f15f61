import { MonitoredEngine, type MonitoredOptions } from '../support/monitored-engine.js';
import { Receiver } from '../webhooks/receiver.js';
import { type Place } from '../support/real-engine.js';
import { PodmanEngine } from './podman-engine.js';

export { endsWith, eventually, type Launch } from '../support/monitored-engine.js';

/** A monitor on a real Podman. */
export class MonitoredPodman extends MonitoredEngine<PodmanEngine> {
  /** An engine, and nothing that watches it yet. */
  static async prepare(options: MonitoredOptions = {}, place?: Place): Promise<MonitoredPodman> {
    return new MonitoredPodman(await PodmanEngine.start(place), 'podman', await Receiver.start(), options);
  }
}
