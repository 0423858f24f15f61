import { writeFileSync } from 'node:fs';
import pg from 'pg';
import { freePort } from './free-port.js';
import type { PostgresServer } from './postgres.js';
import { Servers } from './servers.js';

/** A PgBouncer that gives each transaction whichever connection is free. */
export class PgBouncer {
  private readonly servers = new Servers();
  port = 0;

  async start(target: PostgresServer): Promise<void> {
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
        'default_pool_size = 3',
      ].join('\n'),
    );
    this.servers.start('pgbouncer', file);
    for (const deadline = Date.now() + 30_000; ;) {
      const client = new pg.Client(target.url('postgres', this.port));
      client.on('error', () => undefined);
      const error = await client.connect().then(
        () => null,
        (failure: unknown) => failure,
      );
      if (error === null) return client.end();
      if (Date.now() > deadline) throw new Error('PgBouncer does not answer.', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async remove(): Promise<void> {
    await this.servers.remove();
  }
}
