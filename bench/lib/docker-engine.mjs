import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BenchEngine } from './bench-engine.mjs';
import { archiveImage, IMAGE } from './bench-image.mjs';

/** A real Docker with a containerd of its own. */
export class DockerEngine extends BenchEngine {
  constructor(directory) {
    super(directory, 'docker', 'http://docker');
  }

  async setUp() {
    const at = (name) => join(this.directory, name);
    const host = `--host unix://${this.socketPath}`;
    await writeFile(this.command, `#!/bin/sh\nexec docker ${host} "$@"\n`, { mode: 0o700 });
    const folders = `--data-root ${at('data')} --exec-root ${at('run')} --pidfile ${at('pid')}`;
    const network = '--bridge=none --iptables=false --ip6tables=false';
    this.service = spawn('dockerd', `${host} ${folders} ${network} --storage-driver=vfs`.split(' '), {
      stdio: 'ignore',
    });
    await this.answers();
    await this.cli('import', await archiveImage(this.directory), IMAGE);
  }

  /** What Docker says of one container. */
  async inspect(name) {
    return JSON.parse(await this.get(`containers/${name}/json`));
  }

  async answers() {
    for (let tries = 0; tries < 1_500; tries++, await wait(20)) {
      if (this.service.exitCode !== null) throw new Error('dockerd ended.');
      if (await this.get('_ping').catch(() => null)) return;
    }
    throw new Error('dockerd does not answer.');
  }
}
