import { writeFileSync } from 'node:fs';
import { freePort } from './free-port.js';
import { untilAnswers, type PostgresServer } from './postgres.js';
import { Servers } from './servers.js';

/** A PgBouncer that gives each transaction whichever connection is free. */
export class PgBouncer {
  private readonly servers = new Servers();
  port = 0;

  async start(target: PostgresServer, poolSize = 3): Promise<void> {
    this.port = await freePort();
    const file = this.servers.in('pgbouncer.ini');
    const users = this.servers.in('users.txt');
    writeFileSync(users, '"postgres" ""\n');
    writeFileSync(
      file,
      [
        '[databases]',
        `* = host=127.0.0.1 port=${target.port}`,
        '[pgbouncer]',
        'listen_addr = 127.0.0.1',
        `listen_port = ${this.port}`,
        'unix_socket_dir =',
        'auth_type = trust',
        `auth_file = ${users}`,
        'pool_mode = transaction',
        `default_pool_size = ${poolSize}`,
      ].join('\n'),
    );
    this.servers.start('pgbouncer', file);
    await untilAnswers(target.url('postgres', this.port));
  }

  async remove(): Promise<void> {
    await this.servers.remove();
  }
}
