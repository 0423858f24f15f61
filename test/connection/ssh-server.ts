import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../support/free-port.js';
import { installed } from '../support/installed.js';
import { listens } from '../support/listens.js';

const SSHD = '/usr/sbin/sshd';

export const hasOpenSsh = installed('sshd.sh', 'tests with a real SSH server') !== null;

/** A real SSH server on 127.0.0.1, with keys and files of its own, and configs by which `ssh` knows it as `attic`. */
export class SshServer {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'sshd-'));
  private port = 0;
  private process: ChildProcess | null = null;

  /** `more`: lines of its config. */
  static async start(more: readonly string[] = []): Promise<SshServer> {
    const server = new SshServer();
    server.port = await freePort();
    for (const key of ['host', 'user', 'other'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', server.file(key)]);
    writeFileSync(server.file('authorized'), readFileSync(server.file('user.pub')));
    server.know('host', 'known');
    server.know('other', 'changed');
    writeFileSync(server.file('unknown'), '');
    await server.listen(more);
    return server;
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  /** A config file of `ssh`: its path. */
  config(changes: Readonly<Record<string, string>> = {}): string {
    const lines = Object.entries({
      HostName: '127.0.0.1',
      Port: String(this.port),
      User: userInfo().username,
      IdentityFile: this.file('user'),
      IdentitiesOnly: 'yes',
      IdentityAgent: 'none',
      UserKnownHostsFile: this.file('known'),
      GlobalKnownHostsFile: '/dev/null',
      ...changes,
    }).map(([name, value]) => `  ${name} ${value}\n`);
    const file = this.file(`config-${readdirSync(this.folder).length}`);
    writeFileSync(file, `Host attic\n${lines.join('')}`);
    return file;
  }

  /** Ids of the processes that serve those who are connected. */
  get sessions(): number[] {
    return this.process?.pid === undefined ? [] : descendantsOf(this.process.pid);
  }

  signalSessions(signal: NodeJS.Signals): void {
    for (const pid of this.sessions) process.kill(pid, signal);
  }

  /** Names of the programs that were given this config file, such as `ssh`, and the `sh` that waits beside it. */
  clients(configFile: string): string[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => read(`/proc/${pid}/cmdline`).split('\0'))
      .flatMap(([program = '', ...args]) => (args.includes(configFile) ? [program] : []))
      .sort();
  }

  async stop(): Promise<void> {
    this.signalSessions('SIGKILL');
    if (this.process?.exitCode === null) {
      this.process.kill('SIGKILL');
      await once(this.process, 'exit');
    }
    rmSync(this.folder, { recursive: true });
  }

  private know(key: string, file: string): void {
    const publicKey = readFileSync(this.file(`${key}.pub`), 'utf8');
    writeFileSync(this.file(file), `[127.0.0.1]:${this.port} ${publicKey}`);
  }

  private async listen(more: readonly string[]): Promise<void> {
    const config = [
      `Port ${this.port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${this.file('host')}`,
      `AuthorizedKeysFile ${this.file('authorized')}`,
      // What the test's folder is in may belong to anybody.
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PidFile none',
      `SetEnv XDG_RUNTIME_DIR=${this.folder}`,
      ...more,
    ];
    writeFileSync(this.file('sshd_config'), config.map((line) => `${line}\n`).join(''));
    // Where the package made no service, nobody else makes it.
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const args = ['-D', '-f', this.file('sshd_config'), '-E', this.file('log')];
    this.process = spawn(SSHD, args, { stdio: 'ignore' });
    for (
      const deadline = Date.now() + 30_000;
      !(await listens({ port: this.port, host: '127.0.0.1' }));
      await delay(20)
    ) {
      if (Date.now() > deadline || this.process.exitCode !== null)
        throw new Error(`The SSH server does not listen. ${read(this.file('log'))}`);
    }
  }
}

function descendantsOf(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
