import { Logger } from '@nestjs/common';
import type { Namespace, Socket } from 'socket.io';

const LOOK_EVERY_MS = 250;
const MAX_PACKETS = 1_000;
const MAX_BYTES = 1_000_000;

type Connection = Socket['conn'];

/** What Socket.IO and ws do not declare: the packets that wait for the transport, and its WebSocket. */
interface ConnectionInternals {
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: { readonly socket?: { terminate?(): void } };
}

/**
 * Drops clients that stop reading before they cost memory: those for whom more than 1,000 packets or 1 MB of this
 * namespace wait, and have been waiting for a whole look (250 ms) without any being taken. A client that is only slow
 * takes some, and stays. A dropped one finds a broken connection, reconnects, and syncs.
 *
 * Looks only while something is waiting.
 */
export class StalledClients {
  private readonly logger = new Logger('HealthMonitorSocket');
  private readonly suspects = new WeakSet<Connection>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly namespace: Namespace) {}

  /** To be called after something was sent. */
  sent(): void {
    this.timer ??= setTimeout(() => this.look(), LOOK_EVERY_MS).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private look(): void {
    this.timer = undefined;
    let waiting = false;
    for (const socket of this.namespace.sockets.values()) {
      if (internalsOf(socket.conn).writeBuffer.length === 0) continue;
      waiting = true;
      if (!this.isTooFarBehind(socket.conn)) continue;
      if (this.suspects.has(socket.conn)) this.drop(socket);
      else this.suspect(socket.conn);
    }
    if (waiting) this.sent();
  }

  private suspect(connection: Connection): void {
    this.suspects.add(connection);
    connection.once('drain', () => this.suspects.delete(connection));
  }

  /** Counts what is ours only: the same connection carries the host's namespaces. */
  private isTooFarBehind(connection: Connection): boolean {
    let packets = 0;
    let bytes = 0;
    for (const { data } of internalsOf(connection).writeBuffer) {
      if (typeof data === 'string' && !data.startsWith(`${this.namespace.name},`, 1)) continue;
      packets += 1;
      bytes += typeof data === 'string' || Buffer.isBuffer(data) ? data.length : 0;
    }
    return packets > MAX_PACKETS || bytes > MAX_BYTES;
  }

  private drop(socket: Socket): void {
    this.logger.warn(`The client at ${socket.handshake.address} stopped reading, and was dropped.`);
    const { transport } = internalsOf(socket.conn);
    socket.conn.close(true);
    // Closing alone waits for the client to read what is in flight.
    transport.socket?.terminate?.();
  }
}

function internalsOf(connection: Connection): ConnectionInternals {
  return connection as unknown as ConnectionInternals;
}
