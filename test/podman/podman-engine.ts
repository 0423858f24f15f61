import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listens } from '../support/listens.js';
import { archiveBusybox, IMAGE, onThisHost, RealEngine, type Place } from '../support/real-engine.js';
import { until } from '../support/until.js';
import { describeWithEngine, whyNoEngine } from '../support/with-engine.js';

/**
 * What no machine is asked to share: locks in files of the engine's own rather than in one piece of memory, events in
 * a file where there may be no journal, and limits that also a machine without CAP_SYS_RESOURCE grants.
 */
const CONTAINERS_CONF = `
[containers]
default_ulimits = ["nofile=1024:20000", "nproc=1024:2048"]
[engine]
runtime = "runc"
events_logger = "file"
lock_type = "file"
`;

/** Arguments of `podman run` for a health check that fails, and for what the engine does about that. */
export const failingCheck = (onFailure: 'stop' | 'kill'): readonly string[] => [
  ...['--health-cmd', 'false', '--health-retries', '1'],
  ...['--health-on-failure', onFailure, '--stop-timeout', '1'],
];

/** A real Podman. */
export class PodmanEngine extends RealEngine {
  private service: ChildProcess | null = null;

  private constructor() {
    super('podman', 'root');
  }

  /** Sets it up, with an image and its API service running. `place`: the host's own Podman, or another one. */
  static start(place: Place = onThisHost): Promise<PodmanEngine> {
    const engine = new PodmanEngine();
    return engine.setUp(async () => {
      await engine.writeCommand(place);
      await engine.podman('import', '--quiet', await archiveBusybox(engine.directory), IMAGE);
      await engine.startService();
    });
  }

  podman(...args: string[]): Promise<string> {
    return this.cli(...args);
  }

  /** Creates a pod without members. `infra`: the name of the container that holds its namespaces. */
  async createPod(name: string, infra: string): Promise<void> {
    const holder = ['--infra-image', IMAGE, '--infra-name', infra, '--infra-command', '/bin/sleep 1000'];
    await this.podman('pod', 'create', '--name', name, '--network', 'none', ...holder);
  }

  async crash(id: string, code: number): Promise<void> {
    const pid = await this.pid(id);
    await writeFile(`/proc/${pid}/root/exit-code`, String(code));
    process.kill(pid, 'SIGUSR1');
    await this.waitForExit(id);
  }

  /** Kills its main process behind the engine's back; it shows as exited with 137. */
  async kill(id: string): Promise<void> {
    process.kill(await this.pid(id), 'SIGKILL');
    await this.waitForExit(id);
  }

  /** Kills its conmon and its main process, so that the engine never hears of its death. */
  async killWithMonitor(id: string): Promise<void> {
    const [conmon, pid] = (
      await this.podman('inspect', '--format', '{{.State.ConmonPid}} {{.State.Pid}}', id)
    )
      .split(' ')
      .map(Number);
    process.kill(Number(conmon), 'SIGKILL');
    process.kill(Number(pid), 'SIGKILL');
    await until(async () => (await processState(Number(pid))) !== 'alive', 'its process ends');
  }

  /** What the engine's own log tells of a container, a line each, oldest first. */
  async eventsOf(name: string): Promise<string> {
    const since = ['--stream=false', '--since', '1h'];
    return this.podman(
      'events',
      ...since,
      '--filter',
      `container=${name}`,
      '--format',
      '{{.Time}} {{.Status}}',
    );
  }

  async pid(id: string): Promise<number> {
    return (await this.pids([id]))[0]!;
  }

  async removeAll(): Promise<void> {
    await this.podman('pod', 'rm', '--all', '--force', '--time', '0');
    const removeAll = () => this.podman('rm', '--all', '--force', '--time', '0');
    // In no order: the first time it refuses to remove what another one depends on.
    await removeAll().catch(removeAll);
  }

  /** What the health check `cat /healthy` will find. */
  async setHealthy(id: string, healthy: boolean): Promise<void> {
    const file = `/proc/${await this.pid(id)}/root/healthy`;
    await (healthy ? writeFile(file, '') : rm(file, { force: true }));
  }

  async runHealthCheck(id: string): Promise<void> {
    await this.podman('healthcheck', 'run', id).catch(() => undefined);
  }

  async startService(): Promise<void> {
    const args = ['system', 'service', '--time', '0', `unix://${this.socketPath}`];
    const service = spawn(this.command[0], args, { stdio: 'ignore' });
    this.service = service;
    await until(() => listens({ path: this.socketPath }), 'the API service listens');
  }

  get servicePid(): number {
    return this.service!.pid!;
  }

  /** Kills the API service; containers go on. */
  async stopService(): Promise<void> {
    const { service } = this;
    this.service = null;
    if (!service || service.exitCode !== null || service.signalCode !== null) return;
    service.kill('SIGKILL');
    await once(service, 'exit');
    await rm(this.socketPath, { force: true });
  }

  /** Makes the API service hang, or go on. */
  signalService(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.service?.kill(signal);
  }

  private async waitForExit(id: string): Promise<void> {
    await this.podman('wait', '--interval', '20ms', id);
  }

  private async writeCommand(place: Place): Promise<void> {
    const configuration = join(this.directory, 'containers.conf');
    await writeFile(configuration, CONTAINERS_CONF);
    const words = [
      ...(await place(this.directory)),
      ...['env', `CONTAINERS_CONF=${configuration}`, 'podman'],
      ...['root', 'runroot', 'tmpdir'].flatMap((name) => [`--${name}`, join(this.directory, name)]),
    ];
    await writeFile(this.command[0], `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, {
      mode: 0o700,
    });
  }
}

/** Why real Podman cannot be tested here; `null`: it can. */
export const whyNoPodman = (): Promise<string | null> => whyNoEngine('podman.sh', ['podman', 'runc']);

/** Tests that need a real Podman. Where there is none they are skipped, with the reason; in CI they fail. */
export function describeWithPodman(name: string, tests: () => void, reason: string | null): void {
  describeWithEngine('Podman', name, tests, reason);
}

async function processState(pid: number): Promise<'alive' | 'zombie' | 'gone'> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return 'gone';
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z') ? 'zombie' : 'alive';
}
