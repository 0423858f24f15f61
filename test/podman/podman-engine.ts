import { execFile, spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, it } from 'vitest';

const execute = promisify(execFile);

const GUARD = fileURLToPath(new URL('../../scripts/engine-guard.sh', import.meta.url));
export const IMAGE = 'localhost/busybox:test';

/**
 * What runs in a container that a test controls: it writes a line to each stream, lives until told, exits with the
 * number in /exit-code on SIGUSR1, and with 0 on SIGTERM.
 */
export const SERVICE = `
  trap 'exit $(cat /exit-code)' USR1; trap 'exit 0' TERM
  echo ready; echo warning >&2
  while :; do sleep 1000 & wait; done`;

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

export interface RunOptions {
  /** More arguments of `podman run`. */
  readonly args?: readonly string[];
  /** In place of a service that lives until told. */
  readonly command?: readonly string[];
}

/**
 * Where the programs of an engine are run, by the words before them; files in `directory` are the same there, and
 * process ids, too.
 */
export type Place = (directory: string) => Promise<readonly string[]>;

const onThisHost: Place = () => Promise.resolve([]);

/** A real Podman with a storage, state and socket of its own, below a temporary folder. Needs root. */
export class PodmanEngine {
  private service: ChildProcess | null = null;

  /** Removes every trace of it when this process ends, too. */
  private readonly guard: ChildProcessByStdio<Writable, null, null>;

  private constructor(readonly directory: string) {
    this.guard = spawn('sh', [GUARD, directory], { stdio: ['pipe', 'ignore', 'inherit'] });
  }

  get socketPath(): string {
    return join(this.directory, 'podman.sock');
  }

  /** Where it keeps images and containers. */
  get storageRoot(): string {
    return join(this.directory, 'root');
  }

  /** Program and first arguments that reach this engine on the command line. */
  get command(): readonly string[] {
    return [join(this.directory, 'podman')];
  }

  /** Sets it up, with an image and its API service running. `place`: the host's own Podman, or another one. */
  static async start(place: Place = onThisHost): Promise<PodmanEngine> {
    const engine = new PodmanEngine(await mkdtemp(join(tmpdir(), 'health-monitor-podman-')));
    try {
      await engine.writeCommand(place);
      await engine.importImage();
      await engine.startService();
    } catch (error) {
      await engine.dispose();
      throw error;
    }
    return engine;
  }

  /** Runs a podman command; gives its standard output, trimmed. */
  async podman(...args: string[]): Promise<string> {
    const [program = 'podman', ...first] = this.command;
    const { stdout } = await execute(program, [...first, ...args]);
    return stdout.trim();
  }

  /** Runs a container; gives its full id. */
  async run(name: string, { args = [], command = ['sh', '-c', SERVICE] }: RunOptions = {}): Promise<string> {
    const network = args.some((arg) => arg === '--network' || arg === '--pod') ? [] : ['--network', 'none'];
    return this.podman('run', '--detach', '--name', name, ...network, ...args, IMAGE, ...command);
  }

  /** Creates a pod without members. `infra`: the name of the container that holds its namespaces. */
  async createPod(name: string, infra: string): Promise<void> {
    const holder = ['--infra-image', IMAGE, '--infra-name', infra, '--infra-command', '/bin/sleep 1000'];
    await this.podman('pod', 'create', '--name', name, '--network', 'none', ...holder);
  }

  /** Creates a container without starting it; gives its full id. */
  async create(name: string): Promise<string> {
    return this.podman('create', '--name', name, '--network', 'none', IMAGE, 'sh', '-c', SERVICE);
  }

  /** Makes the main process of a `run` container exit with `code`, of its own will. */
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

  async pids(names: readonly string[]): Promise<number[]> {
    const pids = await this.podman('inspect', '--format', '{{.State.Pid}}', ...names);
    return pids.split('\n').map(Number);
  }

  async removeAll(): Promise<void> {
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
    const [program = 'podman', ...first] = this.command;
    const service = spawn(
      program,
      [...first, 'system', 'service', '--time', '0', `unix://${this.socketPath}`],
      {
        stdio: 'ignore',
      },
    );
    this.service = service;
    await until(() => canConnect(this.socketPath), 'the API service listens');
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

  /** Removes every trace: containers, processes, mounts, files. */
  async dispose(): Promise<void> {
    this.guard.stdin.end();
    await once(this.guard, 'exit');
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
    await writeFile(join(this.directory, 'podman'), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, {
      mode: 0o700,
    });
  }

  private async importImage(): Promise<void> {
    await this.podman('import', '--quiet', await archiveBusybox(this.directory), IMAGE);
  }
}

/** Writes the files of an image with a shell into `directory`; gives the archive that holds them. */
export async function archiveBusybox(directory: string): Promise<string> {
  const rootfs = join(directory, 'rootfs');
  await mkdir(join(rootfs, 'bin'), { recursive: true });
  await cp('/bin/busybox', join(rootfs, 'bin/busybox'), { dereference: true });
  for (const applet of ['sh', 'sleep', 'cat', 'dd', 'true', 'false']) {
    await symlink('busybox', join(rootfs, 'bin', applet));
  }
  const archive = join(directory, 'rootfs.tar');
  await execute('tar', ['-C', rootfs, '-cf', archive, '.']);
  return archive;
}

/** Why real Podman cannot be tested here; `null`: it can. */
export const whyNoPodman = (): Promise<string | null> => whyNoEngine('podman.sh', ['podman', 'runc']);

/** @param script of ours, which installs what is missing */
export async function whyNoEngine(script: string, programs: readonly string[]): Promise<string | null> {
  if (process.platform !== 'linux') return 'it needs Linux';
  if (process.getuid?.() !== 0) return 'it needs root';
  const calls = [
    ...programs.map((program) => [program, '--version'] as const),
    ['/bin/busybox', 'true'] as const,
  ];
  for (const [program, arg] of calls) {
    const isThere = await execute(program, [arg]).then(
      () => true,
      () => false,
    );
    if (!isThere) return `${program} is not installed (scripts/${script} installs it)`;
  }
  return null;
}

/** Tests that need a real Podman. Where there is none they are skipped, with the reason; in CI they fail. */
export function describeWithPodman(name: string, tests: () => void, reason: string | null): void {
  describeWithEngine('Podman', name, tests, reason);
}

/** The same for any engine. */
export function describeWithEngine(
  engine: string,
  name: string,
  tests: () => void,
  reason: string | null,
): void {
  if (reason === null) {
    describe(name, tests);
  } else if (process.env['CI']) {
    it(`${name}: there is a real ${engine} to test with`, () => {
      throw new Error(`There is none: ${reason}.`);
    });
  } else {
    console.warn(`Skipped: ${name}: there is no real ${engine} to test with: ${reason}.`);
    describe.skip(name, tests);
  }
}

/** Waits until `holds`, looking every 10 ms; fails after 10 s, or another time. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  milliseconds = 10_000,
): Promise<void> {
  for (const deadline = Date.now() + milliseconds; !(await holds()); await delay(10)) {
    if (Date.now() > deadline) throw new Error(`Waited ${milliseconds / 1000} s in vain until ${what}.`);
  }
}

function canConnect(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

async function processState(pid: number): Promise<'alive' | 'zombie' | 'gone'> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return 'gone';
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z') ? 'zombie' : 'alive';
}
