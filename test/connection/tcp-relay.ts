import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Passes on, on 127.0.0.1, what is said to a port there; its connections can be killed. */
export class TcpRelay {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((caller) => this.pass(caller));

  private constructor(private readonly to: number) {}

  static async start(to: number): Promise<TcpRelay> {
    const relay = new TcpRelay(to);
    relay.server.listen(0, '127.0.0.1');
    await once(relay.server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Gives how many there were. */
  killConnections(): number {
    const count = this.sockets.size / 2;
    for (const socket of this.sockets) socket.resetAndDestroy();
    return count;
  }

  async stop(): Promise<void> {
    this.killConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(caller: Socket): void {
    const engine = connect(this.to, '127.0.0.1');
    for (const [socket, other] of [
      [caller, engine],
      [engine, caller],
    ] as const) {
      this.sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          this.sockets.delete(socket);
          other.destroy();
        });
      socket.pipe(other);
    }
  }
}
