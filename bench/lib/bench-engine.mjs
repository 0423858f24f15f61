import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { IMAGE, SERVICE } from './bench-image.mjs';

const execute = promisify(execFile);
const GUARD = fileURLToPath(new URL('../../scripts/engine-guard.sh', import.meta.url));

/** A real engine with a storage, state and socket of its own, below a temporary folder. Needs root. */
export class BenchEngine {
  static async start() {
    const engine = new this(await mkdtemp(join(tmpdir(), 'health-monitor-bench-')));
    try {
      await engine.setUp();
    } catch (error) {
      await engine.dispose();
      throw error;
    }
    return engine;
  }

  /** @param program the name of its command, @param api where its calls begin */
  constructor(directory, program, api) {
    this.directory = directory;
    this.socketPath = join(directory, `${program}.sock`);
    this.command = join(directory, program);
    this.api = api;
    this.agent = new Agent({ connect: { socketPath: this.socketPath } });
    // It removes everything when this process ends, too.
    this.guard = spawn('sh', [GUARD, directory], { stdio: ['pipe', 'ignore', 'inherit'] });
  }

  /** Runs its command; gives what that prints. */
  async cli(...args) {
    const { stdout } = await execute(this.command, args);
    return stdout.trim();
  }

  /** Runs a container that lives until `crash`; gives its id. */
  run(name, ...args) {
    const how = ['--detach', '--name', name, '--network', 'none', ...args];
    return this.cli('run', ...how, IMAGE, 'sh', '-c', SERVICE);
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

  async get(path) {
    const { statusCode, body } = await request(`${this.api}/${path}`, { dispatcher: this.agent });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${this.api}: the engine answered ${statusCode}: ${text}`);
    return text;
  }
}
