import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { freePort } from './free-port.js';
import { Servers } from './servers.js';
import { until } from './until.js';

/** A PostgreSQL of our own, on 127.0.0.1 and with a data folder of its own. */
export class PostgresServer {
  private readonly servers = new Servers();
  port = 0;

  constructor(private readonly settings: readonly string[] = ['fsync=off', 'max_connections=300']) {}

  async start(): Promise<void> {
    await this.startWith('initdb', '-A', 'trust');
  }

  /** Starts it as a standby, which gets at that port what its primary writes. */
  async startAsStandbyOf(port: number): Promise<void> {
    const from = ['-h', '127.0.0.1', '-p', String(port)];
    await this.startWith('pg_basebackup', '-R', '-c', 'fast', ...from);
  }

  /** Makes a standby a primary with what it has. */
  async promote(): Promise<void> {
    await this.query('postgres', 'select pg_promote()');
  }

  /** Starts it, and waits until it answers. */
  async up(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', ...this.settings];
    this.servers.start(
      'postgres',
      ...['-D', this.data, '-k', this.servers.folder, '-p', String(this.port)],
      ...settings.flatMap((setting) => ['-c', setting]),
    );
    await untilAnswers(this.url('postgres'));
  }

  /** At once, as a crash of the machine does; with SIGINT in good order, as for an upgrade. */
  async down(signal: 'SIGQUIT' | 'SIGINT' = 'SIGQUIT'): Promise<void> {
    await this.servers.stop('postgres', signal);
  }

  url(database: string, port = this.port): string {
    return `postgresql://postgres@127.0.0.1:${port}/${database}`;
  }

  /** A new, empty database; gives its name. */
  async database(): Promise<string> {
    const name = `t${randomUUID().replaceAll('-', '')}`;
    await this.query('postgres', `create database ${name}`);
    return name;
  }

  /** Gives the rows of one statement. */
  async query(database: string, sql: string, values: unknown[] = []): Promise<any[]> {
    const client = new pg.Client(this.url(database));
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query(sql, values);
      return rows;
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    await this.servers.remove();
  }

  /** Starts it with the data folder that a command makes. */
  private async startWith(command: string, ...words: readonly string[]): Promise<void> {
    this.port = await freePort();
    const made = await this.servers.run([command, '-D', this.data, '-U', 'postgres', '--no-sync', ...words]);
    if (made.exitCode !== 0) throw new Error(made.output);
    await this.up();
  }

  private get data(): string {
    return this.servers.in('data');
  }
}

/** Waits until a server answers at that URL. */
export async function untilAnswers(url: string): Promise<void> {
  const answers = async (): Promise<boolean> => {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  };
  await until(answers, 'PostgreSQL answers', 30_000);
}
