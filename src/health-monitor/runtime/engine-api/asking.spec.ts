import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineConnection } from '../connection/engine-connection.js';
import { RuntimeError } from '../runtime-error.js';
import { EngineSocket } from './engine-socket.js';

const { signal } = new AbortController();

describe('an act over a way to the engine that takes its time to open', () => {
  let server: Server;
  let open: () => void;
  let socket: EngineSocket;
  const heard: string[] = [];

  beforeEach(async () => {
    heard.length = 0;
    server = createServer(({ url = '' }, answer) => {
      heard.push(`asked ${url}`);
      answer.writeHead(204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const connection: EngineConnection = {
      isLocal: false,
      address: 'elsewhere',
      authority: 'localhost',
      warning: null,
      connect: async () => {
        await opened;
        return connect(port, '127.0.0.1');
      },
      explain: (cause) => Promise.resolve(cause as RuntimeError),
      close: () => Promise.resolve(),
    };
    socket = new EngineSocket({
      engine: 'The engine',
      connection,
      prefix: '',
      refusal: (statusCode) => new RuntimeError('refused', `${statusCode}`),
    });
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('is asked for when who asks still may once the way is open', async () => {
    const act = socket.act('/start', {}, { signal, before: () => heard.push('may') });
    expect(heard).toEqual([]);
    open();
    await act;
    expect(heard).toEqual(['may', 'asked /start']);
  });

  it('is not asked for when who asks may no more by then', async () => {
    let may = true;
    const act = socket.act(
      '/start',
      {},
      {
        signal,
        before: () => {
          if (!may) throw new RuntimeError('aborted', 'Another one leads.');
        },
      },
    );
    may = false;
    open();
    await expect(act).rejects.toMatchObject({ kind: 'aborted', message: 'Another one leads.' });
    await socket.act('/next', {}, { signal });
    expect(heard).toEqual(['asked /next']);
  });
});
