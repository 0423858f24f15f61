import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineEvent } from '../container.js';
import { PodmanApiRuntime } from './podman-api.runtime.js';

const ID = 'a'.repeat(64);
const OTHER_ID = 'b'.repeat(64);

const LISTED = {
  Id: ID,
  Names: ['name'],
  Image: 'image',
  State: 'running',
  Status: '',
  ExitCode: 0,
  StartedAt: 1_000,
  ExitedAt: -62135596800,
  Labels: null,
};
const INSPECTED = {
  Id: ID,
  Name: 'name',
  Created: '2026-11-22T11:23:15.20861552Z',
  State: {
    Status: 'exited',
    ExitCode: 0,
    StartedAt: '2026-11-22T11:23:15.29777027Z',
    FinishedAt: '0001-01-01T00:00:00Z',
  },
  Config: {},
  HostConfig: {},
};
const DIED = {
  Type: 'container',
  Action: 'died',
  Actor: { ID, Attributes: { name: 'name', containerExitCode: '3' } },
  timeNano: 1_795_346_592_509_500_000,
};
const usage = (ContainerID: string, MemUsage: number, MemLimit: number) => ({
  ContainerID,
  MemUsage,
  MemLimit,
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe('PodmanApiRuntime, whatever answers', () => {
  let directory: string;
  let socketPath: string;
  let server: Server;
  let handler: Handler;
  let requests: string[];
  let runtime: PodmanApiRuntime;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'api-'));
    socketPath = join(directory, 'podman.sock');
    requests = [];
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      handler(request, response);
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    runtime = new PodmanApiRuntime({ socketPath, timeoutMs: 5_000 });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true });
  });

  const answer =
    (body: unknown, status = 200): Handler =>
    (_, response) =>
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

  it.each([
    ['no JSON', '<html>hello</html>'],
    ['no list', { containers: [] }],
  ])('refuses a list that is %s', async (_, body) => {
    handler = answer(body);
    await expect(runtime.list()).rejects.toMatchObject({ name: 'RuntimeError', kind: 'nonsense' });
  });

  it.each([
    ['an id that is missing', { Id: undefined }, { id: '', name: 'name' }],
    ['a short id', { Id: 'abc' }, { id: 'abc', name: 'name' }],
    ['no name', { Names: [] }, { id: ID, name: ID.slice(0, 12) }],
    ['names that are nothing', { Names: null }, { id: ID, name: ID.slice(0, 12) }],
    ['a name that is no text', { Names: [7] }, { id: ID, name: ID.slice(0, 12) }],
    ['a state that is no text', { State: 3 }, { id: ID, name: 'name' }],
    ['an exit code that is no number', { State: 'exited', ExitCode: null }, { id: ID, name: 'name' }],
    ['a time that is none', { StartedAt: 'yesterday' }, { id: ID, name: 'name' }],
    ['labels that are none', { Labels: { a: 1 } }, { id: ID, name: 'name' }],
  ])('keeps the others, and who it is, of a list with an item with %s', async (_, changes, expected) => {
    const other = { ...LISTED, Id: 'f'.repeat(64), Names: ['other'] };
    handler = answer([other, { ...LISTED, ...changes }]);
    expect(await runtime.list()).toMatchObject([{ name: 'other' }, { ...expected, state: 'unknown' }]);
  });

  it('leaves out an item of a list that says nothing of who it is', async () => {
    handler = answer([null, 7, {}, LISTED]);
    expect(await runtime.list()).toMatchObject([{ name: 'name' }]);
  });

  it('never tells in an error what the answer held, which may be a secret', async () => {
    handler = answer({ ...INSPECTED, Config: { Labels: { password: ['hunter2'] } } });
    await expect(runtime.inspect(ID)).rejects.toThrow(/Labels\.password: expected a string, found a list\.$/);
  });

  it('refuses an answer without end', async () => {
    const chunk = Buffer.alloc(1024 * 1024, ' ');
    handler = (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    };
    await expect(runtime.list()).rejects.toMatchObject({ kind: 'nonsense' });
  });

  it('takes a state that it does not know for unknown', async () => {
    handler = answer([{ ...LISTED, State: 'pondering' }]);
    expect((await runtime.list())[0]?.state).toBe('unknown');
  });

  it('gives up after its deadline, whether the head or the body is late', async () => {
    runtime = new PodmanApiRuntime({ socketPath, timeoutMs: 50 });
    handler = () => {};
    await expect(runtime.list()).rejects.toMatchObject({ kind: 'timeout' });
    handler = (_, response) => response.writeHead(200).write('[');
    await expect(runtime.list()).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('0.05 s') as string,
    });
  });

  it('has deadlines of their own for a start and a stop', async () => {
    runtime = new PodmanApiRuntime({ socketPath, timeoutMs: 5_000, startTimeoutMs: 50, stopGraceMs: 50 });
    handler = () => {};
    await expect(runtime.start(ID)).rejects.toMatchObject({ kind: 'timeout' });
    await expect(runtime.stop(ID, { timeoutMs: 10 })).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('is aborted amid a call', async () => {
    const controller = new AbortController();
    handler = () => controller.abort();
    await expect(runtime.list({ signal: controller.signal })).rejects.toMatchObject({ kind: 'aborted' });
  });

  it('takes a connection that breaks for an outage', async () => {
    handler = (request) => request.socket.destroy();
    await expect(runtime.list()).rejects.toMatchObject({ kind: 'outage' });
    handler = (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('[');
      setImmediate(() => request.socket.destroy());
    };
    await expect(runtime.list()).rejects.toMatchObject({ kind: 'outage' });
  });

  it('passes on why Podman refuses', async () => {
    handler = answer({ cause: 'that is why', message: 'starting it: that is why', response: 500 }, 500);
    await expect(runtime.start(ID)).rejects.toMatchObject({
      kind: 'refused',
      message: 'starting it: that is why',
    });
  });

  it('passes on the status of an answer that is not Podman’s', async () => {
    handler = answer('404 page not found', 404);
    await expect(runtime.list()).rejects.toMatchObject({
      kind: 'refused',
      message: '404 was the answer to /containers/json.',
    });
  });

  it('takes the answer about another container for none', async () => {
    handler = answer({ ...INSPECTED, Id: OTHER_ID });
    await expect(runtime.inspect(ID)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(runtime.restart(ID, { timeoutMs: 1_000 })).rejects.toMatchObject({ kind: 'not-found' });
    expect(requests.filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  it('always says how long a container may take to end, in whole seconds, rounded up', async () => {
    handler = (request, response) =>
      request.method === 'GET' ? answer(INSPECTED)(request, response) : answer('', 204)(request, response);
    await runtime.stop(ID, { timeoutMs: 1_500 });
    await runtime.restart(ID, { timeoutMs: 600_000 });
    expect(requests.filter((request) => request.startsWith('POST'))).toEqual([
      `POST /v4.0.0/libpod/containers/${ID}/stop?timeout=2`,
      `POST /v4.0.0/libpod/containers/${ID}/restart?timeout=600`,
    ]);
  });

  it('asks for all containers, and the statistics only once for all', async () => {
    handler = (request, response) => {
      const url = String(request.url);
      if (url.includes('/stats')) {
        return answer({
          Error: null,
          Stats: [usage(ID, 1_234, 10_000), usage(OTHER_ID, 5_678, Number.MAX_SAFE_INTEGER)],
        })(request, response);
      }
      if (url.includes(OTHER_ID)) return answer({ ...INSPECTED, Id: OTHER_ID })(request, response);
      if (url.includes(ID)) return answer(INSPECTED)(request, response);
      return answer([LISTED, { ...LISTED, Id: OTHER_ID, Names: ['other'] }])(request, response);
    };
    expect(await runtime.memory()).toEqual([
      { id: ID, name: 'name', startedAt: 1_000_000, usedBytes: 1_234, limitBytes: 10_000, figure: 'engine' },
      {
        id: OTHER_ID,
        name: 'other',
        startedAt: 1_000_000,
        usedBytes: 5_678,
        limitBytes: null,
        figure: 'engine',
      },
    ]);
    await runtime.memory();
    expect(requests.filter((request) => request.includes('json?all=true'))).toHaveLength(2);
    expect(requests.filter((request) => request.includes('stats?stream=false'))).toHaveLength(2);
    expect(requests.filter((request) => request.includes(`${ID}/json`))).toHaveLength(1);
  });

  it('says so when Podman could not read the memory', async () => {
    handler = (request, response) =>
      answer(
        request.url?.includes('/stats')
          ? { Error: {}, Stats: null }
          : request.url?.includes(ID)
            ? INSPECTED
            : [LISTED],
      )(request, response);
    await expect(runtime.memory()).rejects.toMatchObject({ kind: 'refused' });
  });

  describe('sending events', () => {
    async function listen(since?: number): Promise<EngineEvent[]> {
      const events: EngineEvent[] = [];
      for await (const event of runtime.events({ since, signal: AbortSignal.timeout(5_000) }))
        events.push(event);
      return events;
    }

    it('ends with an outage when the stream does', async () => {
      handler = answer('');
      await expect(listen()).rejects.toMatchObject({ kind: 'outage' });
    });

    it('reads lines however they are cut, and passes by what it has no word for', async () => {
      const line = JSON.stringify(DIED);
      const events: EngineEvent[] = [];
      handler = (_, response) => {
        response.write(`${JSON.stringify({ ...DIED, Action: 'exec_died' })}\n${line.slice(0, 10)}`);
        setImmediate(() =>
          response.end(`${line.slice(10)}\n\n${JSON.stringify({ ...DIED, Action: 'cleanup' })}`),
        );
      };
      await expect(
        (async () => {
          for await (const event of runtime.events({ signal: AbortSignal.timeout(5_000) }))
            events.push(event);
        })(),
      ).rejects.toMatchObject({ kind: 'outage' });
      expect(events).toEqual([
        { action: 'died', id: ID, name: 'name', at: 1_795_346_592_509.5, exitCode: 3, health: null },
        { action: 'cleaned-up', id: ID, name: 'name', at: 1_795_346_592_509.5, exitCode: null, health: null },
      ]);
    });

    it('asks for seconds with a fraction, no later than the moment it was given', async () => {
      handler = answer('');
      await expect(listen(1_795_346_592_509.5)).rejects.toThrow();
      const since = new URL(String(requests[0]?.slice(4)), 'http://podman').searchParams.get('since');
      expect(since).toMatch(/^1795346592\.5094\d\d$/);
      expect(Number(since)).toBeLessThan(1_795_346_592.5095);
    });

    it.each([
      ['no JSON', 'what?\n'],
      ['an event without an id', `${JSON.stringify({ ...DIED, Actor: { Attributes: { name: 'name' } } })}\n`],
      ['a line without end', 'x'.repeat(2 * 1024 * 1024)],
    ])('refuses %s', async (_, body) => {
      handler = answer(body);
      await expect(listen()).rejects.toMatchObject({ kind: 'nonsense' });
    });

    it('takes an error amid the stream for a refusal', async () => {
      handler = answer({ cause: 'parsing time', message: 'failed to parse', response: 500 });
      await expect(listen()).rejects.toMatchObject({ kind: 'refused', message: 'failed to parse' });
    });
  });
});

describe('PodmanApiRuntime without a socket', () => {
  it('says which command helps', async () => {
    const runtime = new PodmanApiRuntime({ socketPath: '/run/nowhere/podman.sock', timeoutMs: 1_000 });
    await expect(runtime.list()).rejects.toMatchObject({
      kind: 'outage',
      message:
        'Podman cannot be reached: there is no socket /run/nowhere/podman.sock. ' +
        'Enable it: `systemctl enable --now podman.socket`.',
    });
    const ofUser = new PodmanApiRuntime({
      socketPath: '/run/user/4242/podman/podman.sock',
      timeoutMs: 1_000,
    });
    await expect(ofUser.list()).rejects.toThrow('systemctl --user enable --now podman.socket');
  });
});
