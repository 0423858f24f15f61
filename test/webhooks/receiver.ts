import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export type Reply = (request: IncomingMessage, response: ServerResponse, received: Received) => void;

/** A real HTTP server on 127.0.0.1 that keeps what it is sent, and answers 200 unless told otherwise. */
export class Receiver {
  readonly received: Received[] = [];
  reply: Reply = (_request, response) => void response.writeHead(200).end('ok');
  private server: Server | null = null;
  private port = 0;

  static async start(port = 0): Promise<Receiver> {
    const receiver = new Receiver();
    await receiver.listen(port);
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  get events(): unknown[] {
    return this.received.map(({ body }) => body.event);
  }

  answers(status: number, headers: Record<string, string> = {}, body = ''): void {
    this.reply = (_request, response) => void response.writeHead(status, headers).end(body);
  }

  async listen(port = this.port): Promise<void> {
    const server = createServer((request, response) => this.take(request, response));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const received: Received = {
        path: request.url ?? '',
        headers: request.headers as Record<string, string>,
        text,
        body: JSON.parse(text) as Record<string, unknown>,
      };
      this.received.push(received);
      this.reply(request, response, received);
    });
  }
}
