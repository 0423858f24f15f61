import { describe, expect, it } from 'vitest';
import { acknowledgeWithJson } from './acknowledge-with-json.js';
import type { SyncSnapshot } from './socket-protocol.js';

const ACK = 3;
const snapshot = { mode: 'snapshot', epoch: 'e', head: 1, state: {} } as SyncSnapshot;
interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly id: number;
  readonly data: unknown;
}

/** Socket.IO's own, https://socket.io/docs/v4/socket-io-protocol#packet-encoding. */
const usualParser = {
  encode: ({ type, nsp, id, data }: Packet) => [`${type}${nsp},${id}${JSON.stringify(data)}`],
};
const json = JSON.stringify(snapshot);

/** Socket.IO's own way, as far as it is used; `written` is what goes out. */
class FakeSocket {
  readonly nsp = { name: '/health-monitor' };
  readonly written: unknown[] = [];
  readonly client: object;
  usual = 0;

  constructor(
    encoder: object = usualParser,
    writeToEngine: unknown = (packets: unknown[]) => this.written.push(...packets),
  ) {
    this.client = { encoder, writeToEngine };
  }

  packet(_packet: object): void {
    this.usual++;
  }

  readonly acknowledge = (answer: unknown): void => this.packet({ type: ACK, id: 12, data: [answer] });
}

describe('an acknowledgement with JSON that is there already', () => {
  it('is what Socket.IO would send', () => {
    const socket = new FakeSocket();
    acknowledgeWithJson(socket, socket.acknowledge, { snapshot, json });
    const usual = usualParser.encode({ type: ACK, nsp: '/health-monitor', id: 12, data: [snapshot] });
    expect([socket.written, socket.usual]).toEqual([usual, 0]);
  });

  it('leaves the socket as it was, also when it fails', () => {
    const socket = new FakeSocket();
    const fail = (): never => {
      throw new Error('closed');
    };
    expect(() => acknowledgeWithJson(socket, fail, { snapshot, json })).toThrow('closed');
    expect(Object.hasOwn(socket, 'packet')).toBe(false);
    socket.packet({});
    expect(socket.usual).toBe(1);
  });

  it.each([
    ['another parser makes bytes', new FakeSocket({ encode: () => [Buffer.from('x')] })],
    ['another parser makes other text', new FakeSocket({ encode: () => ['ack 12'] })],
    ['another version has no way in', new FakeSocket(usualParser, null)],
  ])('is left to Socket.IO where %s', (_, socket) => {
    acknowledgeWithJson(socket, socket.acknowledge, { snapshot, json });
    expect([socket.written, socket.usual]).toEqual([[], 1]);
  });
});
