import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  ExecProbe,
  HttpProbe,
  Probe,
  ResolvedProbe,
  RpcProbe,
  TcpProbe,
} from '../../src/common/options/index.js';
import { askProbe } from '../../src/health-monitor/probes/ask-probe.js';
import type { ProbeAnswer } from '../../src/health-monitor/probes/probe-answer.js';
import { RuntimeError } from '../../src/health-monitor/runtime/index.js';
import { InMemoryRuntime } from '../../src/testing/index.js';

const TIMING = {
  everyMs: 1_000,
  timeoutMs: 5_000,
  failureThreshold: 1,
  successThreshold: 1,
  startMs: 0,
  notYetForMs: 1_000,
};

describe('asking a container', () => {
  let runtime: InMemoryRuntime;
  let servers: Server[];
  /** Ends what a server still holds open. */
  let endings: (() => void)[];

  beforeEach(() => {
    runtime = new InMemoryRuntime();
    servers = [];
    endings = [];
  });
  afterEach(async () => {
    for (const end of endings) end();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });

  async function portOf(server: Server): Promise<number> {
    servers.push(server);
    server.on('connection', (socket) => endings.push(() => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
  const serve = (listener: RequestListener): Promise<number> => portOf(createServer(listener));
  const answering =
    (status: number, body = '', headers: Record<string, string> = {}): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end(body);

  /** Asks a container whose port 80 is published at `port`. */
  async function ask(
    probe: Probe,
    port = 1,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ProbeAnswer> {
    const published = [{ port: 80, host: '127.0.0.1', hostPort: port }];
    const id = runtime.add({ name: 'app', reach: { published, addresses: [], hostNetwork: false } });
    const container = await runtime.inspect(id);
    const answer = await askProbe({ ...TIMING, ...probe }, container, { runtime, signal });
    runtime.remove('app');
    if (answer.kind === 'not-asked')
      return { kind: 'failed', words: `Not asked: ${answer.why}`, share: null };
    expect(answer.words.length).toBeLessThanOrEqual(300);
    return answer;
  }

  describe('over http', () => {
    const http = async (listener: RequestListener, rules: Partial<HttpProbe & ResolvedProbe> = {}) =>
      ask({ http: ':80/health', ...rules }, await serve(listener));

    it.each([200, 204, 302, 399])('takes %d for well', async (status) => {
      const answer = await http(answering(status, '', { location: 'http://127.0.0.1:1/' }));
      expect(answer).toEqual({ kind: 'ok', words: `It answered ${status}.`, share: null });
    });

    it('asks for the page, and follows no redirect', async () => {
      const asked: unknown[] = [];
      await http((request, response) => {
        asked.push(request.url, request.headers.authorization);
        response.writeHead(307, { location: '/elsewhere' }).end();
      });
      expect(asked).toEqual(['/health', undefined]);
    });

    it.each([404, 503])('takes %d for failed', async (status) => {
      expect(await http(answering(status))).toEqual({
        kind: 'failed',
        words: `It answered ${status}.`,
        share: null,
      });
    });

    it('takes what was expected for well, whatever its status', async () => {
      const rules = { expect: { status: [503], json: { ok: true } } };
      expect(await http(answering(503, '{"ok":true}'), rules)).toMatchObject({ kind: 'ok' });
      expect(await http(answering(503, '{"ok":'), rules)).toMatchObject({
        kind: 'failed',
        words: 'It answered 503, and not in JSON.',
      });
    });

    it('hears that it is not ready yet and how far it has come, and that it needs a person', async () => {
      const rules = {
        notYet: { text: 'loading' },
        needsYou: { json: { locked: true } },
        progress: 'progress',
      };
      expect(await http(answering(503, '{"loading":true,"progress":0.4}'), rules)).toMatchObject({
        kind: 'not-yet',
        share: 0.4,
      });
      expect(await http(answering(503, 'Still loading\npassword=hunter2222'), rules)).toEqual({
        kind: 'not-yet',
        words: 'Still loading.',
        share: null,
      });
      expect(await http(answering(200, '{"locked":true,"loading":true}'), rules)).toMatchObject({
        kind: 'not-yet',
        words: 'Its locked is true.',
        needsPerson: true,
      });
    });

    it('masks what looks like a secret in words of the answer', async () => {
      const rules = { notYet: { text: 'loading' } };
      const { words } = await http(answering(503, 'loading with password=hunter2222'), rules);
      expect(words).toContain('loading');
      expect(words).not.toContain('hunter2222');
    });

    it.each<[string, RequestListener]>([
      ['never answers', () => undefined],
      ['begins and never goes on', (_, response) => void response.writeHead(200).write('begun')],
    ])('gives up one that %s, and closes the connection', async (_, listener) => {
      const closed: Promise<unknown>[] = [];
      const answer = await http(
        (request, response) => {
          closed.push(new Promise((resolve) => request.socket.on('close', resolve)));
          listener(request, response);
        },
        { timeoutMs: 100 },
      );
      expect(answer).toEqual({
        kind: 'failed',
        words: 'No answer within 0.1 s.',
        share: null,
        isSilence: true,
      });
      await Promise.all(closed);
    });

    it('gives up one that drips', async () => {
      const answer = await http(
        (_, response) => {
          const drip = setInterval(() => response.write('.'), 10);
          endings.push(() => clearInterval(drip));
        },
        { timeoutMs: 100 },
      );
      expect(answer).toMatchObject({ kind: 'failed', words: 'No answer within 0.1 s.' });
    });

    it('reads 64 kB of a huge answer and no further', async () => {
      let sent = 0;
      const listener: RequestListener = (_, response) => {
        const chunk = Buffer.alloc(16_384, 'x');
        const more = (): void => {
          while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        };
        response.on('drain', more);
        more();
      };
      expect(await http(listener)).toMatchObject({ kind: 'ok' });
      expect(sent).toBeLessThan(32 * 1024 * 1024);
      const far = `${'x'.repeat(70_000)}well`;
      expect(await http(answering(200, far), { expect: { text: 'well' } })).toMatchObject({ kind: 'failed' });
    });

    it('says that the connection was refused, broken off, or is not HTTP', async () => {
      const port = await serve(answering(200));
      await new Promise((resolve) => servers.pop()?.close(resolve));
      expect(await ask({ http: ':80/' }, port)).toEqual({
        kind: 'failed',
        words: `Connection refused at 127.0.0.1:${port}.`,
        share: null,
      });
      expect(await http((request) => request.socket.destroy())).toMatchObject({
        kind: 'failed',
        words: 'It closed the connection before it answered.',
      });
      const garbage = await portOf(createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')));
      expect(await ask({ http: ':80/' }, garbage)).toMatchObject({ words: 'Its answer was not HTTP.' });
    });

    it('names what it cannot log in with', async () => {
      const rules = { credentials: { env: 'PROBE_LOGIN_MISSING' } };
      const answer = await http(answering(200), rules);
      expect(answer.kind).toBe('not-yet');
      expect(answer.words).toContain('PROBE_LOGIN_MISSING');
    });

    it('says that a port which is not published cannot be reached', async () => {
      expect((await ask({ http: ':81/' })).words).toContain('exec');
    });

    it('is no longer asked once that is not wanted', async () => {
      const controller = new AbortController();
      const port = await serve(() => controller.abort());
      expect(await ask({ http: ':80/' }, port, controller.signal)).toMatchObject({ kind: 'failed' });
      const before = await ask({ http: ':80/' }, port, AbortSignal.abort());
      expect(before.words).toBe('Not asked: null');
    });
  });

  describe('over JSON-RPC, as bitcoind answers', () => {
    let folder: string;
    let file: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rpc-'));
      file = join(folder, '.cookie');
      await writeFile(file, '__cookie__:0123456789abcdef');
    });
    afterEach(() => rm(folder, { recursive: true }));

    const loading = { result: null, error: { code: -28, message: 'Verifying blocks…' }, id: 1 };
    const syncing = (initialblockdownload: boolean, verificationprogress: number) => ({
      result: { initialblockdownload, verificationprogress },
      error: null,
      id: 1,
    });
    const RULES = {
      expect: { json: { 'result.initialblockdownload': false } },
      notYet: { json: { 'error.code': -28 } },
      progress: 'result.verificationprogress',
    };
    const rpc = async (status: number, body: unknown, rules: Partial<RpcProbe> = RULES) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const port = await serve(answering(status, text));
      return ask({ rpc: ':80', method: 'getblockchaininfo', credentials: { file }, ...rules }, port);
    };

    it('calls the method with what is in the file', async () => {
      const asked: unknown[] = [];
      const port = await serve((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          asked.push(
            request.method,
            request.headers.authorization,
            JSON.parse(Buffer.concat(chunks).toString()),
          );
          response.end(JSON.stringify(syncing(false, 1)));
        });
      });
      const probe = { rpc: ':80', method: 'getblock', params: ['abc', 1], credentials: { file } };
      expect(await ask(probe, port)).toMatchObject({ kind: 'ok' });
      expect(asked).toEqual([
        'POST',
        `Basic ${Buffer.from('__cookie__:0123456789abcdef').toString('base64')}`,
        { jsonrpc: '2.0', id: 1, method: 'getblock', params: ['abc', 1] },
      ]);
    });

    it('is not ready while it loads, in its own words, and well once it has all', async () => {
      expect(await rpc(500, loading)).toEqual({ kind: 'not-yet', words: 'Verifying blocks…', share: null });
      expect(
        await rpc(200, syncing(true, 0.25), {
          ...RULES,
          notYet: { json: { 'result.initialblockdownload': true } },
        }),
      ).toEqual({ kind: 'not-yet', words: 'Its result.initialblockdownload is true.', share: 0.25 });
      expect(await rpc(200, syncing(false, 0.9999))).toMatchObject({ kind: 'ok', share: 0.9999 });
    });

    it('has failed with an error that is not expected, without a result, and where it is not JSON-RPC', async () => {
      const error = { code: -32601, message: 'Method not found' };
      expect(await rpc(404, { error, id: 1 }, {})).toMatchObject({
        kind: 'failed',
        words: 'Method not found.',
      });
      expect(await rpc(500, { error: { code: 7 } }, {})).toMatchObject({
        words: 'It answered with the error 7.',
      });
      expect(await rpc(200, {}, {})).toMatchObject({ words: 'It answered 200, and not in JSON-RPC.' });
      expect(await rpc(503, 'Work queue depth exceeded', {})).toMatchObject({
        kind: 'failed',
        words: 'It answered 503, and not in JSON-RPC.',
      });
      expect(await rpc(200, '{"result":', {})).toMatchObject({ kind: 'failed' });
    });

    it.each([401, 403])(
      'takes %d for not yet, and names the file whose content is refused',
      async (status) => {
        const answer = await rpc(status, '');
        expect(answer.kind).toBe('not-yet');
        expect(answer.words).toContain(file);
        expect(answer.words).not.toContain('0123456789abcdef');
      },
    );
  });

  describe('over tcp', () => {
    it('is well when it takes a connection, which is closed again', async () => {
      let closed: Promise<unknown> = Promise.resolve();
      const port = await portOf(
        createTcpServer((socket) => {
          socket.on('error', () => undefined);
          closed = new Promise((resolve) => socket.resume().on('close', resolve));
        }),
      );
      expect(await ask({ tcp: ':80' }, port)).toMatchObject({ kind: 'ok' });
      expect(await ask({ tcp: `localhost:${port}` })).toMatchObject({ kind: 'ok' });
      await closed;
    });

    it('has failed when nobody listens', async () => {
      const port = await portOf(createTcpServer());
      await new Promise((resolve) => servers.pop()?.close(resolve));
      expect(await ask({ tcp: ':80' }, port)).toEqual({
        kind: 'failed',
        words: `Connection refused at 127.0.0.1:${port}.`,
        share: null,
      });
    });
  });

  describe('over tcp, with what is said there', () => {
    const PING = {
      send: 'PING\r\n',
      expect: [{ text: 'PONG' }, { text: 'NOAUTH', words: 'It wants a password.' }],
      notYet: { text: 'LOADING' },
    };
    /** Answers what it was sent in two pieces, and leaves the connection open. */
    const talk = async (answer: string, rules: Partial<TcpProbe> = PING, timeoutMs = 5_000) => {
      const heard: string[] = [];
      const port = await portOf(
        createTcpServer((socket) => {
          socket.on('error', () => undefined);
          const tell = () => {
            socket.write(answer.slice(0, 3));
            setImmediate(() => socket.write(answer.slice(3)));
          };
          if (rules.send === undefined) return tell();
          socket.on('data', (chunk) => {
            heard.push(chunk.toString());
            tell();
          });
        }),
      );
      return { answer: await ask({ tcp: ':80', ...rules, timeoutMs }, port), heard };
    };

    it.each([
      ['+PONG\r\n', 'ok', '+PONG.'],
      ['-NOAUTH Authentication required.\r\n', 'ok', 'It wants a password.'],
      [
        '-LOADING Redis is loading the dataset in memory\r\n',
        'not-yet',
        '-LOADING Redis is loading the dataset in memory.',
      ],
    ])('hears %j', async (text, kind, words) => {
      expect(await talk(text)).toEqual({ answer: { kind, words, share: null }, heard: ['PING\r\n'] });
    });

    it('waits in vain for what never comes, and knows what was said at the end instead', async () => {
      expect((await talk('-ERR what?\r\n', PING, 100)).answer).toMatchObject({
        kind: 'failed',
        words: 'No answer within 0.1 s.',
      });
      const port = await portOf(createTcpServer((socket) => socket.end('-ERR what?\r\n')));
      expect(await ask({ tcp: ':80', ...PING }, port)).toMatchObject({ kind: 'failed', words: '-ERR what?' });
      const mute = await portOf(createTcpServer((socket) => socket.end()));
      expect(await ask({ tcp: ':80', send: 'x' }, mute)).toMatchObject({
        kind: 'failed',
        words: 'It closed the connection and said nothing.',
      });
    });

    it('hears a greeting without having said anything, and JSON with how far that has come', async () => {
      const greeted = await talk('SSH-2.0-OpenSSH\r\n', { expect: { text: 'SSH-' } });
      expect(greeted.answer).toMatchObject({ kind: 'ok' });
      const rules = { send: '?', notYet: { json: { state: 'busy' } }, progress: { at: 'done', of: 'all' } };
      expect((await talk('{"state":"busy","done":30,"all":40}', rules)).answer).toMatchObject({
        kind: 'not-yet',
        share: 0.75,
      });
    });
  });

  describe('by a command with rules', () => {
    const exec = (exitCode: number, output: string, rules: Partial<ExecProbe> = {}) => {
      runtime.onExec('app', () => ({ exitCode, output }));
      return ask({ exec: ['check'], ...rules });
    };

    it.each([
      [0, 'accepting', 'ok', 'accepting.'],
      [1, 'rejecting', 'not-yet', 'rejecting.'],
      [2, 'no response', 'failed', 'no response.'],
      [75, 'later', 'not-yet', 'later.'],
    ])('exit %d that wrote %j is %s', async (exitCode, output, kind, words) => {
      expect(await exec(exitCode, output, { notYet: { exit: [1] } })).toEqual({ kind, words, share: null });
    });

    it('goes by what it wrote, with how far it has come', async () => {
      const rules: Partial<ExecProbe> = {
        needsYou: { json: { state: 'LOCKED' }, words: 'Unlock it.' },
        expect: [{ json: { state: 'READY' } }, { json: { state: 'SYNCING' }, words: 'It synchronises.' }],
        progress: { at: 'percent', of: 100 },
      };
      expect(await exec(0, '{\n"state": "LOCKED"\n}', rules)).toEqual({
        kind: 'not-yet',
        words: 'Unlock it.',
        share: null,
        needsPerson: true,
      });
      expect(await exec(0, '{\n"state": "SYNCING",\n"percent": 87.3\n}', rules)).toEqual({
        kind: 'ok',
        words: 'It synchronises.',
        share: 0.873,
      });
      expect(await exec(0, '{"state":"ODD"}', rules)).toMatchObject({
        kind: 'failed',
        words: 'Its state is "ODD", not "READY".',
      });
      expect(await exec(0, '', rules)).toMatchObject({
        kind: 'failed',
        words: 'It ended with exit 0, and not in JSON.',
      });
    });
  });

  describe('by a command', () => {
    const exec = (exitCode: number, output: string, rules: Partial<ResolvedProbe> = {}) => {
      runtime.onExec('app', () => ({ exitCode, output }));
      return ask({ exec: ['check'], ...rules });
    };

    it.each([
      [0, 'one\nall is well\n', 'ok', 'all is well.'],
      [75, 'Block 7 of 9', 'not-yet', 'Block 7 of 9.'],
      [3, '', 'failed', 'It ended with exit 3.'],
      [1, 'first\nno space left', 'failed', 'no space left.'],
    ])('exit %d that wrote %j is %s', async (exitCode, output, kind, words) => {
      expect(await exec(exitCode, output)).toEqual({ kind, words, share: null });
    });

    it.each([
      ['refuses it', 'refused', 'There is no program check.'],
      ['is away', 'outage', null],
      ['does not answer', 'timeout', null],
    ] as const)('says nothing of the container when the engine %s', async (_, kind, why) => {
      runtime.onExec('app', () => {
        throw new RuntimeError(kind, 'There is no program check.');
      });
      expect((await ask({ exec: ['check'] })).words).toBe(`Not asked: ${why}`);
    });

    it('is given up when it hangs', async () => {
      runtime.hang('exec');
      const hung = await ask({ exec: ['check'], timeoutMs: 100 });
      expect(hung).toMatchObject({ kind: 'failed', words: 'No answer within 0.1 s.' });
    });
  });
});
