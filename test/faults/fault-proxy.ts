import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { callOf, faultOf, floodOfEvents, garble, type Call, type Fault } from './faults.js';

const LONGEST_DELAY_MS = 1_200;
/** Longest life of a stream of events that is cut. */
const LONGEST_STREAM_MS = 1_500;
/** More than any client should take for an answer. */
const FLOOD_BYTES = 40 * 1024 * 1024;
const FLOOD_EVENTS = 5_000;

/** Stands between an engine's socket and who asks it: passes everything on, and while it disturbs, not quite. */
export class FaultProxy {
  /** What befell which calls so far. */
  readonly befell: { readonly call: Call; readonly fault: Fault }[] = [];
  private random: (() => number) | null = null;
  private readonly server = createServer((asked, answer) => {
    this.serve(asked, answer).catch(() => answer.destroy());
  });

  private constructor(
    private readonly enginePath: string,
    readonly socketPath: string,
  ) {}

  static async start(enginePath: string, socketPath: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(enginePath, socketPath);
    proxy.server.listen(socketPath);
    await once(proxy.server, 'listening');
    return proxy;
  }

  /** From now on calls go wrong, in ways that `random` chooses. */
  disturb(random: () => number): void {
    this.random = random;
  }

  /** From now on all goes well. Whoever still waits for an answer is cut off. */
  calm(): void {
    this.random = null;
    this.server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.server.close();
    this.calm();
    await once(this.server, 'close');
  }

  private async serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { random } = this;
    const call = callOf(asked.method ?? '', asked.url ?? '');
    const fault = random && faultOf(call, random);
    if (random === null || fault === null) return pass(await this.ask(asked, answer), answer);
    this.befell.push({ call, fault });
    switch (fault) {
      case 'silent':
        return;
      case 'cut-before':
        return void answer.destroy();
      case 'refused':
        return refuse(answer);
      case 'late':
        await delay(random() * LONGEST_DELAY_MS);
        return pass(await this.ask(asked, answer), answer);
      default:
    }
    const given = await this.ask(asked, answer);
    if (call === 'events') return disturbStream(given, answer, fault, random);
    const body = await buffer(given);
    if (fault === 'cut-after') return void answer.destroy();
    answer.writeHead(given.statusCode ?? 0, { 'content-type': 'application/json' });
    if (fault === 'half') answer.end(body.subarray(0, body.length / 2));
    else if (fault === 'flood') answer.end(Buffer.concat([Buffer.alloc(FLOOD_BYTES, ' '), body]));
    else answer.end(given.statusCode === 200 ? garble(body.toString(), random) : body);
  }

  /** Asks the engine the same; hangs up on it when the one who asked does. */
  private async ask({ method, url }: IncomingMessage, answer: ServerResponse): Promise<IncomingMessage> {
    const call = request({ socketPath: this.enginePath, agent: false, method, path: url }).end();
    call.on('error', () => answer.destroy());
    answer.on('close', () => call.destroy());
    const [given] = (await once(call, 'response')) as [IncomingMessage];
    return given;
  }
}

function pass(given: IncomingMessage, answer: ServerResponse): void {
  answer.writeHead(given.statusCode ?? 0, given.headers).flushHeaders();
  given.on('error', () => answer.destroy()).pipe(answer);
}

function refuse(answer: ServerResponse): void {
  answer
    .writeHead(500, { 'content-type': 'application/json' })
    .end(JSON.stringify({ cause: 'disk', message: 'input/output error', response: 500 }));
}

function disturbStream(
  given: IncomingMessage,
  answer: ServerResponse,
  fault: Fault,
  random: () => number,
): void {
  answer.writeHead(given.statusCode ?? 0, given.headers).flushHeaders();
  given.on('error', () => answer.destroy());
  if (fault === 'garbled') answer.write('{"Type":"container","Acti\n');
  if (fault === 'flood') answer.write(floodOfEvents(FLOOD_EVENTS));
  if (fault === 'half')
    given.once('data', (chunk: Buffer) => answer.end(chunk.subarray(0, chunk.length / 2)));
  else if (fault === 'repeated')
    given.on('data', (chunk: Buffer) => answer.write(chunk) && answer.write(chunk));
  else given.pipe(answer);
  const cut = setTimeout(() => answer.destroy(), random() * LONGEST_STREAM_MS);
  answer.on('close', () => clearTimeout(cut));
}
