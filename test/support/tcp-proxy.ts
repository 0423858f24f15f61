import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server on this machine that can be cut, or frozen as a network that loses everything. */
export class TcpProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private server: Server | null = null;
  private state: 'open' | 'cut' | 'frozen' = 'open';
  port = 0;

  constructor(private readonly target: () => number) {}

  async start(): Promise<void> {
    const server = createServer((socket) => this.onConnection(socket));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  /** Ends every connection, and each new one. */
  cut(): void {
    this.state = 'cut';
    this.endAll();
  }

  /** Ends every connection; new ones are let through. */
  reset(): void {
    this.endAll();
  }

  /** Nothing passes any more, and nothing ends. */
  freeze(): void {
    this.state = 'frozen';
    for (const pair of this.pairs) for (const socket of pair) socket.pause();
  }

  /** What waited passes now. */
  restore(): void {
    this.state = 'open';
    for (const pair of this.pairs) for (const socket of pair) socket.resume();
  }

  async stop(): Promise<void> {
    this.endAll();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
  }

  private onConnection(near: Socket): void {
    near.on('error', () => undefined);
    if (this.state === 'cut') return void near.destroy();
    const far = connect(this.target(), '127.0.0.1');
    far.on('error', () => undefined);
    const pair = [near, far] as const;
    this.pairs.add(pair);
    this.relay(near, far, pair);
    this.relay(far, near, pair);
    if (this.state === 'frozen') for (const socket of pair) socket.pause();
  }

  private relay(from: Socket, to: Socket, pair: readonly [Socket, Socket]): void {
    from.on('data', (data) => to.write(data));
    from.on('close', () => {
      this.pairs.delete(pair);
      to.destroy();
    });
  }

  private endAll(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    this.pairs.clear();
  }
}
