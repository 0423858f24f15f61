import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Servers } from '../support/servers.js';

/** A PostgreSQL of the test's own, with a data folder of its own, on 127.0.0.1. */
export class PostgresServer {
  private constructor(
    private readonly servers: Servers,
    readonly port: number,
  ) {}

  static async start(): Promise<PostgresServer> {
    const servers = new Servers();
    const made = await servers.run([
      'initdb',
      '-D',
      servers.in('data'),
      '-A',
      'trust',
      '-U',
      'postgres',
      '-N',
    ]);
    if (made.exitCode !== 0) throw new Error(made.output);
    const server = new PostgresServer(servers, await freePort());
    await server.begin();
    return server;
  }

  /** @param port another one than its own leads there, through something else */
  url(port = this.port): string {
    return `postgresql://postgres@127.0.0.1:${port}/postgres`;
  }

  /** Ends it as a restart does (`fast`), or as a crash does, and has it come up again. */
  async restart(how: 'fast' | 'immediate'): Promise<void> {
    await this.servers.stop('postgres', how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await this.begin();
  }

  async remove(): Promise<void> {
    await this.servers.stop('postgres', 'SIGQUIT');
    await this.servers.remove();
  }

  private async begin(): Promise<void> {
    const [folder, port] = [this.servers.folder, String(this.port)];
    this.servers.start(
      'postgres',
      ...['-D', this.servers.in('data'), '-p', port, '-k', folder, '-c', 'listen_addresses=127.0.0.1'],
    );
    for (;;) {
      const asked = await this.servers.run(['pg_isready', '-q', '-h', '127.0.0.1', '-p', port]);
      if (asked.exitCode === 0) return;
    }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
