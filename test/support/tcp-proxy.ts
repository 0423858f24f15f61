import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server on this machine that can be cut, or frozen as a network that loses everything. */
export class TcpProxy {
  private readonly waiting: (() => void)[] = [];
  private onRequest: ((request: Buffer, near: Socket) => 'pass' | 'wait') | null = null;
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

  /** Freezes before the next request in which that is asked. */
  freezeBefore(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.onRequest = (request) => {
        if (!request.includes(text)) return 'pass';
        this.freeze();
        resolve();
        return 'wait';
      };
    });
  }

  /** Lets the next request through in which that is asked, and ends the connection before the answer. */
  resetAfter(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.onRequest = (request, near) => {
        if (!request.includes(text)) return 'pass';
        this.onRequest = null;
        near.destroy();
        resolve();
        return 'pass';
      };
    });
  }

  /** What waited passes now. */
  restore(): void {
    this.state = 'open';
    this.onRequest = null;
    for (const send of this.waiting.splice(0)) send();
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
    near.on('data', (data) => {
      const send = (): void => void far.write(data);
      if (this.onRequest?.(data, near) === 'wait') this.waiting.push(send);
      else send();
    });
    far.on('data', (data) => near.write(data));
    near.on('close', () => this.end(pair));
    far.on('close', () => this.end(pair));
    if (this.state === 'frozen') for (const socket of pair) socket.pause();
  }

  /** What was sent before one end closed still arrives at the other. */
  private end(pair: readonly [Socket, Socket]): void {
    const end = (): void => {
      this.pairs.delete(pair);
      for (const socket of pair) socket.end();
    };
    if (this.state === 'frozen') this.waiting.push(end);
    else end();
  }

  private endAll(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    this.pairs.clear();
  }
}
