import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { archiveImage, IMAGE, SERVICE } from './bench-image.mjs';

const execute = promisify(execFile);
const GUARD = fileURLToPath(new URL('../../scripts/engine-guard.sh', import.meta.url));
const CONTAINERS_CONF = `
[containers]
default_ulimits = ["nofile=1024:20000", "nproc=1024:2048"]
[engine]
runtime = "runc"
events_logger = "file"
lock_type = "file"
`;

/** A real Podman with a storage, state and socket of its own, below a temporary folder. Needs root. */
export class PodmanEngine {
  static async start() {
    const engine = new PodmanEngine(await mkdtemp(join(tmpdir(), 'health-monitor-bench-')));
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
    this.socketPath = join(directory, 'podman.sock');
    this.command = join(directory, 'podman');
    this.agent = new Agent({ connect: { socketPath: this.socketPath } });
    // It removes everything when this process ends, too.
    this.guard = spawn('sh', [GUARD, directory], { stdio: ['pipe', 'ignore', 'inherit'] });
  }

  async setUp() {
    const configuration = join(this.directory, 'containers.conf');
    await writeFile(configuration, CONTAINERS_CONF);
    const folders = ['root', 'runroot', 'tmpdir'].map((name) => `--${name} ${join(this.directory, name)}`);
    const command = `CONTAINERS_CONF=${configuration} exec podman ${folders.join(' ')} "$@"`;
    await writeFile(this.command, `#!/bin/sh\n${command}\n`, { mode: 0o700 });
    await this.podman('import', '--quiet', await archiveImage(this.directory), IMAGE);
    this.service = spawn(this.command, ['system', 'service', '--time', '0', `unix://${this.socketPath}`], {
      stdio: 'ignore',
    });
    for (let tries = 0; tries < 500; tries++, await wait(20)) {
      if (await this.get('libpod/_ping').catch(() => null)) return;
    }
    throw new Error('The API service does not answer.');
  }

  async podman(...args) {
    const { stdout } = await execute(this.command, args);
    return stdout.trim();
  }

  /** Runs a container that lives until `crash`; gives its id. */
  run(name, ...args) {
    return this.podman(
      'run',
      '--detach',
      '--name',
      name,
      '--network',
      'none',
      ...args,
      IMAGE,
      'sh',
      '-c',
      SERVICE,
    );
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

  /** Makes it exit with `code`, of its own will. */
  async crash(name, code) {
    const { State } = await this.inspect(name);
    await writeFile(`/proc/${State.Pid}/root/end`, `${code}\n`);
  }

  /** Processor time that its API service used so far, milliseconds. */
  async serviceCpuMs() {
    const stat = await readFile(`/proc/${this.service.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** Removes every trace: containers, processes, mounts, files. */
  async dispose() {
    await this.agent.destroy();
    this.guard.stdin.end();
    await once(this.guard, 'exit');
  }

  async get(path) {
    const { statusCode, body } = await request(`http://podman/v4.0.0/${path}`, { dispatcher: this.agent });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`Podman answered ${statusCode}: ${text}`);
    return text;
  }
}
