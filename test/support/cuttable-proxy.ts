import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Passes TCP connections on to a port of this machine, and can be cut, frozen and mended. */
export class CuttableProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private state: 'whole' | 'frozen' | 'cut' = 'whole';
  private readonly server = createServer((client) => this.accept(client));

  private constructor(private readonly target: number) {}

  static async to(target: number): Promise<CuttableProxy> {
    const proxy = new CuttableProxy(target);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Every connection breaks, and new ones do at once. */
  cut(): void {
    this.state = 'cut';
    for (const pair of this.pairs) pair.forEach((socket) => socket.destroy());
  }

  /** Nothing goes either way any more, and nobody is told. */
  freeze(): void {
    this.state = 'frozen';
    for (const pair of this.pairs) pair.forEach((socket) => socket.pause());
  }

  mend(): void {
    const wasFrozen = this.state === 'frozen';
    this.state = 'whole';
    if (wasFrozen) for (const pair of this.pairs) pair.forEach((socket) => socket.resume());
  }

  stop(): void {
    this.cut();
    this.server.close();
  }

  private accept(client: Socket): void {
    if (this.state === 'cut') return void client.destroy();
    const server = connect(this.target, '127.0.0.1');
    const pair = [client, server] as const;
    this.pairs.add(pair);
    this.passOn(client, server, pair);
    this.passOn(server, client, pair);
  }

  private passOn(from: Socket, to: Socket, pair: readonly [Socket, Socket]): void {
    from.setNoDelay(true);
    from.on('data', (chunk) => to.write(chunk));
    from.on('error', () => undefined);
    from.on('close', () => {
      this.pairs.delete(pair);
      to.destroy();
    });
    if (this.state === 'frozen') from.pause();
  }
}
