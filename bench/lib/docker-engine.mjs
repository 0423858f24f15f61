import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { archiveImage, IMAGE, SERVICE } from './bench-image.mjs';

const execute = promisify(execFile);
const GUARD = fileURLToPath(new URL('../../scripts/engine-guard.sh', import.meta.url));

/** A real Docker with a storage, state, containerd and socket of its own, below a temporary folder. Needs root. */
export class DockerEngine {
  static async start() {
    const engine = new DockerEngine(await mkdtemp(join(tmpdir(), 'health-monitor-bench-')));
    try {
      await engine.setUp();
    } catch (error) {
      await engine.dispose();
      throw error;
    }
    return engine;
  }

  constructor(directory) {
    this.directory = directory;
    this.socketPath = join(directory, 'docker.sock');
    this.command = join(directory, 'docker');
    this.agent = new Agent({ connect: { socketPath: this.socketPath } });
    // It removes everything when this process ends, too.
    this.guard = spawn('sh', [GUARD, directory], { stdio: ['pipe', 'ignore', 'inherit'] });
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
    await this.docker('import', await archiveImage(this.directory), IMAGE);
  }

  async docker(...args) {
    const { stdout } = await execute(this.command, args);
    return stdout.trim();
  }

  /** Runs a container that lives until `crash`; gives its id. */
  run(name, ...args) {
    const how = ['--detach', '--name', name, '--network', 'none', ...args];
    return this.docker('run', ...how, IMAGE, 'sh', '-c', SERVICE);
  }

  /** What Docker says of one container. */
  async inspect(name) {
    return JSON.parse(await this.get(`containers/${name}/json`));
  }

  /** Makes it exit with `code`, of its own will. */
  async crash(name, code) {
    const { State } = await this.inspect(name);
    await writeFile(`/proc/${State.Pid}/root/end`, `${code}\n`);
  }

  /** Removes every trace: containers, processes, mounts, files. */
  async dispose() {
    await this.agent.destroy();
    this.guard.stdin.end();
    await once(this.guard, 'exit');
  }

  async answers() {
    for (let tries = 0; tries < 1_500; tries++, await wait(20)) {
      if (this.service.exitCode !== null) throw new Error('dockerd ended.');
      if (await this.get('_ping').catch(() => null)) return;
    }
    throw new Error('dockerd does not answer.');
  }

  async get(path) {
    const { statusCode, body } = await request(`http://docker/${path}`, { dispatcher: this.agent });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`Docker answered ${statusCode}: ${text}`);
    return text;
  }
}
