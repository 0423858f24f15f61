import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type ExtendedError } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectHealthMonitor, type ConnectionStatus, type HealthMonitorClient } from './index.js';

/** How a connection is answered, in their order; the last answer stays. `null` lets it in. */
type Answers = readonly (ExtendedError | null)[];

const TROUBLE = Object.assign(new Error('Who you are could not be checked just now.'), {
  data: { retry: true },
});
const UNKNOWN = new Error('This token is not known.');

const STATE = { containers: [], incidents: [], notifications: [], status: {} };
const SNAPSHOT = { mode: 'snapshot', state: STATE, epoch: 'e', head: 0 };
const event = (seq: number) => ({ seq, type: 'store.recovered', at: '', data: { reason: '' } });
const delta = (...seqs: number[]) => ({ mode: 'delta', events: seqs.map(event), head: seqs.at(-1) });

/** An answer to a sync, and an event that is sent before it. */
interface Reply {
  readonly before?: number;
  readonly answer: unknown;
}

describe('a connection that the server', () => {
  let http: HttpServer;
  let io: Server;
  let client: HealthMonitorClient | undefined;

  beforeEach(async () => {
    http = createServer();
    io = new Server(http);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    client?.close();
    await io.close();
  });

  function connect(answers: Answers, replies: readonly Reply[] = [{ answer: SNAPSHOT }]) {
    const tokens: unknown[] = [];
    const statuses: ConnectionStatus[] = [];
    io.of('/health-monitor').use((socket, next) => {
      tokens.push(socket.handshake.auth['token']);
      next(answers[Math.min(tokens.length, answers.length) - 1] ?? undefined);
    });
    let synced = 0;
    io.of('/health-monitor').on('connection', (socket) => {
      socket.on('sync', (_, answer: (reply: unknown) => void) => {
        const reply = replies[Math.min(synced++, replies.length - 1)]!;
        if (reply.before !== undefined) socket.emit('event', event(reply.before));
        answer(reply.answer);
      });
      socket.emit('hello', { epoch: 'e', head: 0, role: 'viewer', now: new Date().toISOString(), build: '' });
    });
    client = connectHealthMonitor(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { token: 't' });
    client.subscribe(({ connection }) => statuses.push(connection.status));
    const status = () => client?.state.connection;
    return { tokens, statuses, status };
  }

  it('turns away because it cannot tell whose token it is tries again with it, and is never refused', async () => {
    const { tokens, statuses, status } = connect([TROUBLE, TROUBLE, null]);
    await expect.poll(status, { timeout: 3_000 }).toMatchObject({ reason: TROUBLE.message });
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'live', reason: null });
    expect(tokens).toEqual(['t', 't', 't']);
    expect(statuses).not.toContain('refused');
  });

  it('turns away because it does not know the token is refused', async () => {
    const { tokens, status } = connect([TROUBLE, UNKNOWN]);
    await expect
      .poll(status, { timeout: 10_000 })
      .toMatchObject({ status: 'refused', reason: UNKNOWN.message });
    expect(tokens).toHaveLength(2);
  });

  it('answers with a hole tells everything that the answers brought, once there is no hole', async () => {
    const { status } = connect(
      [null],
      [
        { answer: SNAPSHOT },
        { before: 4, answer: delta(1, 2) },
        { before: 6, answer: delta(3, 4) },
        { answer: delta(5, 6) },
      ],
    );
    const told: string[] = [];
    client?.subscribe((_, change) => {
      if (change.kind === 'connection') return;
      told.push(change.kind === 'events' ? change.events.map(({ seq }) => seq).join(' ') : change.kind);
    });
    await expect.poll(status).toMatchObject({ status: 'live' });
    client?.reconnect();
    await expect.poll(() => client?.state.head).toBe(6);
    await expect.poll(status).toMatchObject({ status: 'live' });
    expect(told).toEqual(['snapshot', '1 2 3 4 5 6']);
    expect(client?.state.missed?.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('answers with a state that has a hole tells that all is new', async () => {
    const { status } = connect([null], [{ before: 2, answer: SNAPSHOT }, { answer: delta(1, 2) }]);
    const told: string[] = [];
    client?.subscribe((_, { kind }) => told.push(kind));
    await expect.poll(status).toMatchObject({ status: 'live' });
    expect(client?.state.head).toBe(2);
    expect(told).toEqual(['snapshot']);
  });
});
