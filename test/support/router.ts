import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Something on loopback that takes connections, can go away, and comes back at the same place. */
export class Router {
  private server: Server | null = null;
  port = 0;

  /** @param answer what is done with who connects; by default the connection is ended */
  constructor(public answer: (socket: Socket) => void = (socket) => socket.end()) {}

  async back(): Promise<this> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      this.answer(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  async away(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  get at(): string {
    return `127.0.0.1:${this.port}`;
  }
}
