import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';

const ID = 'a'.repeat(64);
const PODMAN = {
  version: { Version: '5.4.2' },
  host: { security: { rootless: true } },
};
const RUNNING = {
  Id: ID,
  Names: ['photos'],
  Image: 'image',
  State: 'running',
  Pid: 1,
  StartedAt: 1_000,
  ExitedAt: -62135596800,
  Labels: null,
};
const INSPECTED = {
  Id: ID,
  Name: 'photos',
  Created: '2026-11-22T11:23:15.2Z',
  State: { Status: 'running', Pid: 1, StartedAt: '2026-11-22T11:23:15.3Z', CgroupPath: '/' },
  Config: {},
  HostConfig: { NetworkMode: 'bridge' },
  NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] }, IPAddress: '10.88.0.2' },
};
const DIED = {
  Type: 'container',
  Action: 'died',
  Actor: { ID, Attributes: { name: 'photos', containerExitCode: '3' } },
  timeNano: 1_795_346_592_509_500_000,
};

/** As much of Podman's API as a connection to it needs: one container, one event, and a stream that then is silent. */
export class FakePodman {
  readonly id = ID;
  /** Streams of events that are open. */
  readonly streams = new Set<ServerResponse>();
  /** `Host` of the calls. */
  readonly hosts = new Set<string | undefined>();

  readonly handle: RequestListener = ({ url = '', headers }, response) => {
    this.hosts.add(headers.host);
    const answer = (body: unknown) => void response.end(JSON.stringify(body));
    if (url.includes('/events')) {
      this.streams.add(response);
      response.once('close', () => this.streams.delete(response));
      response.write(`${JSON.stringify(DIED)}\n`);
    } else if (url.includes('/_ping')) response.setHeader('Libpod-API-Version', '5.4.2').end('OK');
    else if (url.includes('/info')) answer(PODMAN);
    else if (url.includes('/stats'))
      answer({ Stats: [{ ContainerID: ID, MemUsage: 50_000_000, MemLimit: 1e15 }] });
    else if (url.includes(`/${ID}/json`)) answer(INSPECTED);
    else answer([RUNNING]);
  };

  private server: Server | null = null;

  /** Listens on a unix socket. */
  async listen(socketPath: string): Promise<void> {
    this.server = createServer(this.handle).listen(socketPath);
    await once(this.server, 'listening');
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    server?.closeAllConnections();
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}
