import type { SnapshotAsJson } from './shared-snapshot.js';

interface Packet {
  readonly id: number;
}

/** What Socket.IO does not declare: what an acknowledgement goes through on its way out. */
interface SocketInternals {
  readonly nsp: { readonly name: string };
  readonly client: {
    readonly encoder?: { encode(packet: object): readonly unknown[] };
    writeToEngine?(packets: readonly string[], options: { compress: boolean }): void;
  };
  packet?: (packet: Packet, options?: object) => void;
}

/**
 * Acknowledges with JSON that was made once for many, where Socket.IO would make it anew for each. The id stands before
 * it, so that is encoded alone, with an empty list, and the JSON put into the list. Where the host has another parser,
 * or Socket.IO has become another inside, the snapshot is acknowledged as usual.
 */
export function acknowledgeWithJson(
  socket: object,
  acknowledge: (answer: SnapshotAsJson['snapshot']) => void,
  { snapshot, json }: SnapshotAsJson,
): void {
  const { nsp, client, packet: send } = socket as SocketInternals;
  const internals = socket as SocketInternals;
  internals.packet = (packet, options) => {
    const [empty, ...attachments] = client.encoder?.encode({ ...packet, nsp: nsp.name, data: [] }) ?? [];
    const isText = typeof empty === 'string' && empty.endsWith('[]') && attachments.length === 0;
    if (isText && client.writeToEngine) {
      client.writeToEngine([`${empty.slice(0, -1)}${json}]`], { compress: true });
    } else {
      send?.call(socket, packet, options);
    }
  };
  try {
    acknowledge(snapshot);
  } finally {
    // What is left is the method of the class.
    delete internals.packet;
  }
}
