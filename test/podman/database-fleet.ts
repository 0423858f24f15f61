import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MonitoredPodman } from './monitored-podman.js';

export const DEPENDENTS = Array.from(
  { length: 20 },
  (_, index) => `app-${String(index + 1).padStart(2, '0')}`,
);

/** It exits with 3 at each start while its data is corrupt. */
const DATABASE = `
  test -e /data/corrupt && { echo corrupt page 7 >&2; exit 3; }
  trap 'exit $(cat /exit-code)' USR1; trap 'exit 0' TERM
  while :; do sleep 1000 & wait; done`;

/** A database, and twenty containers that need it: the last ten are frontends of the first ten. */
export class DatabaseFleet {
  private constructor(private readonly folder: string) {}

  static async run(podman: MonitoredPodman): Promise<DatabaseFleet> {
    const folder = join(podman.engine.directory, 'database');
    await mkdir(folder, { recursive: true });
    const fleet = new DatabaseFleet(folder);
    await fleet.repair();
    await podman.engine.run('database', {
      args: ['--volume', `${folder}:/data`, '--label', 'health-monitor.tier=database'],
      command: ['sh', '-c', DATABASE],
    });
    await podman.run(DEPENDENTS, (name) => {
      const number = DEPENDENTS.indexOf(name);
      return number < 10
        ? ['--label', 'health-monitor.depends-on=database']
        : [
            ...['--label', `health-monitor.depends-on=${DEPENDENTS[number - 10]}`],
            ...['--label', 'health-monitor.tier=frontend'],
          ];
    });
    return fleet;
  }

  async corrupt(): Promise<void> {
    await writeFile(this.corruption, '');
  }

  async repair(): Promise<void> {
    await rm(this.corruption, { force: true });
  }

  private get corruption(): string {
    return join(this.folder, 'corrupt');
  }
}
