import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BenchEngine } from './bench-engine.mjs';
import { archiveImage, IMAGE } from './bench-image.mjs';

const CONTAINERS_CONF = `
[containers]
default_ulimits = ["nofile=1024:20000", "nproc=1024:2048"]
[engine]
runtime = "runc"
events_logger = "file"
lock_type = "file"
`;

/** A real Podman with the service of its API. */
export class PodmanEngine extends BenchEngine {
  constructor(directory) {
    super(directory, 'podman', 'http://podman/v4.0.0');
  }

  async setUp() {
    const configuration = join(this.directory, 'containers.conf');
    await writeFile(configuration, CONTAINERS_CONF);
    const folders = ['root', 'runroot', 'tmpdir'].map((name) => `--${name} ${join(this.directory, name)}`);
    const command = `CONTAINERS_CONF=${configuration} exec podman ${folders.join(' ')} "$@"`;
    await writeFile(this.command, `#!/bin/sh\n${command}\n`, { mode: 0o700 });
    await this.cli('import', '--quiet', await archiveImage(this.directory), IMAGE);
    this.service = spawn(this.command, ['system', 'service', '--time', '0', `unix://${this.socketPath}`], {
      stdio: 'ignore',
    });
    for (let tries = 0; tries < 500; tries++, await wait(20)) {
      if (await this.get('libpod/_ping').catch(() => null)) return;
    }
    throw new Error('The API service does not answer.');
  }

  /** What Podman says of one container. It fails for a moment while the container's process comes or goes. */
  async inspect(name, tries = 10) {
    try {
      return JSON.parse(await this.get(`libpod/containers/${name}/json`));
    } catch (error) {
      if (tries <= 1) throw error;
      await wait(20);
      return this.inspect(name, tries - 1);
    }
  }

  /** Processor time that its API service used so far, milliseconds. */
  async serviceCpuMs() {
    const stat = await readFile(`/proc/${this.service.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }
}
