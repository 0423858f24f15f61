import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { load } from './load.mjs';

/** Lives until it is given an exit code. No signal: after a restart by Podman's own policy, some are ignored. */
const SERVICE = 'test -p /end || mkfifo /end; read code < /end; exit $code';

/** A real Podman, with the service of its API. Needs root. */
export async function startPodman() {
  const { PodmanEngine } = await load('test/podman/podman-engine.ts');
  return new BenchEngine(await PodmanEngine.start(), 'http://podman/v4.0.0/libpod');
}

/** A real Docker, with a containerd of its own. Needs root. */
export async function startDocker() {
  const { DockerEngine } = await load('test/docker/docker-engine.ts');
  return new BenchEngine(await DockerEngine.start(), 'http://docker');
}

/** A real engine, the containers of which live until `crash`. */
class BenchEngine {
  /** @param engine one of the tests, @param api where the calls begin that tell of containers */
  constructor(engine, api) {
    this.engine = engine;
    this.api = api;
    this.directory = engine.directory;
    this.socketPath = engine.socketPath;
    this.agent = new Agent({ connect: { socketPath: engine.socketPath } });
  }

  /** Runs a container that lives until `crash`; gives its id. */
  run(name, ...args) {
    return this.engine.run(name, { args, command: ['sh', '-c', SERVICE] });
  }

  /** Makes it exit with `code`, of its own will. */
  async crash(name, code) {
    const { State } = await this.inspect(name);
    await writeFile(`/proc/${State.Pid}/root/end`, `${code}\n`);
  }

  /** What the engine says of one container. Podman fails for a moment while the container's process comes or goes. */
  async inspect(name, tries = 10) {
    const { statusCode, body } = await request(`${this.api}/containers/${name}/json`, {
      dispatcher: this.agent,
    });
    const text = await body.text();
    if (statusCode === 200) return JSON.parse(text);
    if (tries <= 1) throw new Error(`The engine answered ${statusCode}: ${text}`);
    await wait(20);
    return this.inspect(name, tries - 1);
  }

  /** Processor time that Podman's API service used so far, milliseconds. */
  async serviceCpuMs() {
    const stat = await readFile(`/proc/${this.engine.servicePid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** Removes every trace: containers, processes, mounts, files. */
  async dispose() {
    await this.agent.destroy();
    await this.engine.dispose();
  }
}
