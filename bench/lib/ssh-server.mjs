import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A real SSH server on 127.0.0.1, with its files in `folder`. `config`: by which `ssh -F` knows it as `attic`. */
export class SshServer {
  static async start(folder) {
    const port = await freePort();
    const file = (name) => join(folder, name);
    for (const key of ['host', 'user'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)]);
    writeFileSync(file('known'), `[127.0.0.1]:${port} ${readFileSync(file('host.pub'), 'utf8')}`);
    writeFileSync(
      file('sshd_config'),
      `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${file('host')}\nAuthorizedKeysFile ${file('user.pub')}\n` +
        'StrictModes no\nUsePAM no\nPidFile none\n',
    );
    writeFileSync(
      file('config'),
      `Host attic\n  HostName 127.0.0.1\n  Port ${port}\n  User ${userInfo().username}\n` +
        `  IdentityFile ${file('user')}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${file('known')}\n`,
    );
    execFileSync('mkdir', ['-p', '/run/sshd']);
    const server = new SshServer(file('config'), spawn('/usr/sbin/sshd', ['-D', '-f', file('sshd_config')]));
    for (let tries = 0; tries < 500; tries++, await wait(20)) if (await answers(port)) return server;
    throw new Error('The SSH server does not listen.');
  }

  constructor(config, process) {
    this.config = config;
    this.process = process;
  }

  async stop() {
    this.process.kill();
    await once(this.process, 'exit');
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
