import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const HOST = '127.0.0.1';

/** Where the demo's webhook leads, as a program of the owner's would be. */
export interface Receiver {
  readonly url: string;
  /** Called with the title of each message from then on. */
  onMessage: (title: string) => void;
  readonly close: () => void;
}

/** Takes messages on any free port of this machine. */
export async function openReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      receiver.onMessage((JSON.parse(body) as { title: string }).title);
      response.writeHead(204).end();
    });
  });
  await once(server.listen(0, HOST), 'listening');
  const receiver: Receiver = {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/messages`,
    onMessage: () => undefined,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return receiver;
}
