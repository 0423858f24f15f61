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

describe('a connection that the server turns away', () => {
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

  function connect(answers: Answers) {
    const tokens: unknown[] = [];
    const statuses: ConnectionStatus[] = [];
    io.of('/health-monitor').use((socket, next) => {
      tokens.push(socket.handshake.auth['token']);
      next(answers[Math.min(tokens.length, answers.length) - 1] ?? undefined);
    });
    io.of('/health-monitor').on('connection', (socket) => {
      socket.on('sync', (_, answer: (reply: unknown) => void) => {
        const state = { containers: [], incidents: [], notifications: [], status: {} };
        answer({ mode: 'snapshot', state, epoch: 'e', head: 0 });
      });
      socket.emit('hello', { epoch: 'e', head: 0, role: 'viewer', now: new Date().toISOString(), build: '' });
    });
    client = connectHealthMonitor(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { token: 't' });
    client.subscribe(({ connection }) => statuses.push(connection.status));
    const status = () => client?.state.connection;
    return { tokens, statuses, status };
  }

  it('because it cannot tell whose token it is tries again with it, and is never refused', async () => {
    const { tokens, statuses, status } = connect([TROUBLE, TROUBLE, null]);
    await expect.poll(status, { timeout: 3_000 }).toMatchObject({ reason: TROUBLE.message });
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'live', reason: null });
    expect(tokens).toEqual(['t', 't', 't']);
    expect(statuses).not.toContain('refused');
  });

  it('because it does not know the token is refused', async () => {
    const { tokens, status } = connect([TROUBLE, UNKNOWN]);
    await expect
      .poll(status, { timeout: 10_000 })
      .toMatchObject({ status: 'refused', reason: UNKNOWN.message });
    expect(tokens).toHaveLength(2);
  });
});
