import { MonitoredEngine, type MonitoredOptions } from '../support/monitored-engine.js';
import { type Place } from '../support/real-engine.js';
import { DockerEngine } from './docker-engine.js';

/** A monitor on a real Docker. */
export class MonitoredDocker extends MonitoredEngine<DockerEngine> {
  private constructor(options: MonitoredOptions = {}, place?: Place, more?: readonly string[]) {
    super('docker', () => DockerEngine.start(place, more), options);
  }

  static prepare(
    options?: MonitoredOptions,
    place?: Place,
    more?: readonly string[],
  ): Promise<MonitoredDocker> {
    return new MonitoredDocker(options, place, more).prepared();
  }

  static forTheseTests(options?: MonitoredOptions, place?: Place, more?: readonly string[]): MonitoredDocker {
    return new MonitoredDocker(options, place, more).forTheseTests();
  }
}
