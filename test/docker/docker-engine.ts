import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveBusybox, IMAGE, onThisHost, RealEngine, type Place } from '../support/real-engine.js';
import { until } from '../support/until.js';
import { describeWithEngine, whyNoEngine } from '../support/with-engine.js';

/** A real Docker, with a containerd of its own. */
export class DockerEngine extends RealEngine {
  private daemon: ChildProcess | null = null;

  private constructor() {
    super('docker', 'data');
  }

  /** Sets it up, with an image. `place`: the host's own Docker, or another one. `more`: words for its daemon. */
  static start(place: Place = onThisHost, more: readonly string[] = []): Promise<DockerEngine> {
    const engine = new DockerEngine();
    return engine.setUp(async () => {
      await engine.writeCommands(place, more);
      await engine.startDaemon();
      await engine.docker('import', await archiveBusybox(engine.directory), IMAGE);
    });
  }

  docker(...args: string[]): Promise<string> {
    return this.cli(...args);
  }

  /** Makes this main process of a `run` container exit with `code`, also while nobody can be asked about it. */
  async exit(pid: number, code: number): Promise<void> {
    await writeFile(`/proc/${pid}/root/exit-code`, String(code));
    process.kill(pid, 'SIGUSR1');
    await until(() => !existsSync(`/proc/${pid}/root/exit-code`), 'its process ends');
  }

  async crash(id: string, code: number): Promise<void> {
    const [pid] = await this.pids([id]);
    await writeFile(`/proc/${pid}/root/exit-code`, String(code));
    // One that has only just begun does not understand it yet.
    await until(async () => {
      if ((await this.pids([id]))[0] !== pid) return true;
      try {
        process.kill(pid!, 'SIGUSR1');
      } catch {
        // It has ended, and Docker does not know yet.
      }
      return false;
    }, 'it exits');
  }

  /** The command lines of the processes in it. */
  async commandsIn(id: string): Promise<string> {
    const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const read = (pid: string, file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const commands = await Promise.all(
      processes.map(async (pid) =>
        (await read(pid, 'cgroup')).includes(id) ? (await read(pid, 'cmdline')).replaceAll('\0', ' ') : '',
      ),
    );
    return commands.filter((command) => command !== '').join('\n');
  }

  async startDaemon(): Promise<void> {
    const daemon = spawn(join(this.directory, 'dockerd'), { stdio: 'ignore' });
    this.daemon = daemon;
    const hasEnded = () => daemon.exitCode !== null || daemon.signalCode !== null;
    // It listens before it answers.
    const answers = () =>
      this.docker('version').then(
        () => true,
        () => false,
      );
    await until(async () => hasEnded() || (await answers()), 'Docker answers', 60_000);
    if (hasEnded()) throw new Error((await readFile(join(this.directory, 'log'), 'utf8')).slice(-500));
  }

  /** Ends the daemon: by SIGTERM it ends its containers, as an upgrade or a shutdown does; by SIGKILL they go on. */
  async stopDaemon(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { daemon } = this;
    this.daemon = null;
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
    daemon.kill(signal);
    await once(daemon, 'exit');
    // Where nobody buries what it leaves behind, the next one would wait for that.
    for (const left of ['docker.sock', 'pid', 'run/containerd/containerd.pid'])
      await rm(join(this.directory, left), { force: true });
  }

  async removeAll(): Promise<void> {
    const ids = await this.docker('ps', '--all', '--quiet');
    if (ids !== '') await this.docker('rm', '--force', ...ids.split('\n'));
  }

  private async writeCommands(place: Place, more: readonly string[]): Promise<void> {
    const words = await place(this.directory);
    const at = (name: string) => join(this.directory, name);
    const daemon = [
      ...[...words, 'dockerd', '--host', `unix://${this.socketPath}`],
      ...['--data-root', this.storageRoot, '--exec-root', at('run'), '--pidfile', at('pid')],
      ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--storage-driver=vfs'],
      ...more,
    ];
    const client = [...words, 'docker', '--host', `unix://${this.socketPath}`];
    await writeScript(at('dockerd'), `exec ${daemon.join(' ')} >${at('log')} 2>&1`);
    await writeScript(at('docker'), `exec ${client.join(' ')} "$@"`);
  }
}

const writeScript = (path: string, line: string) => writeFile(path, `#!/bin/sh\n${line}\n`, { mode: 0o700 });

export const whyNoDocker = (): Promise<string | null> =>
  whyNoEngine('docker.sh', ['dockerd', 'docker', 'containerd', 'runc']);

export const describeWithDocker = (name: string, tests: () => void, reason: string | null): void =>
  describeWithEngine('Docker', name, tests, reason);
