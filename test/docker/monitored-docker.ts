import { MonitoredEngine, type MonitoredOptions } from '../support/monitored-engine.js';
import { Receiver } from '../webhooks/receiver.js';
import { type Place } from '../support/real-engine.js';
import { DockerEngine } from './docker-engine.js';

/** A monitor on a real Docker. */
export class MonitoredDocker extends MonitoredEngine<DockerEngine> {
  /** An engine, and nothing that watches it yet. */
  static async prepare(
    options: MonitoredOptions = {},
    place?: Place,
    more?: readonly string[],
  ): Promise<MonitoredDocker> {
    const engine = await DockerEngine.start(place, more);
    return new MonitoredDocker(engine, 'docker', await Receiver.start(), options);
  }
}
