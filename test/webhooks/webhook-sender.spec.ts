import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { LookupAddress } from 'node:dns';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServerTimes, SystemClock } from '../../src/common/clock/index.js';
import { EgressRules } from '../../src/common/options/index.js';
import { guardedAgent, type Resolve } from '../../src/webhooks/guarded-agent.js';
import { WebhookSender, type Answer } from '../../src/webhooks/webhook-sender.js';
import { Receiver } from './receiver.js';
import { webhookOptions } from './webhooks-rig.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that speaks as `talk` says, which need not be HTTP. */
async function rawServer(talk: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('WebhookSender', () => {
  let sender: WebhookSender;
  beforeEach(() => {
    sender = new WebhookSender(new SystemClock(), webhookOptions());
    closing.push(() => sender.onApplicationShutdown());
  });

  const send = (url: string): Promise<Answer> => sender.send({ url, headers: {}, body: Buffer.from('{}') });
  async function receiver(): Promise<Receiver> {
    const started = await Receiver.start();
    closing.push(() => started.stop());
    return started;
  }

  it.each([200, 201, 202, 204, 299])('takes %i for delivered', async (status) => {
    const there = await receiver();
    there.answers(status);
    expect(await send(there.url)).toMatchObject({ status, error: null });
  });

  it('hears the time from whoever answers, well or not, but not from what stood in a cache', async () => {
    const clock = new SystemClock();
    const times = new ServerTimes(clock);
    const hearing = new WebhookSender(clock, webhookOptions(), times);
    closing.push(() => hearing.onApplicationShutdown());
    const answer = (lines: string[]) =>
      rawServer((socket) =>
        socket.on('data', () =>
          socket.end(['HTTP/1.1 500 No', ...lines, 'content-length: 0', '', ''].join('\r\n')),
        ),
      );
    const past = `date: ${new Date(Date.now() - 3_600_000).toUTCString()}`;
    const ask = async (lines: string[]) =>
      hearing.send({ url: `http://${await answer(lines)}/`, headers: {}, body: Buffer.from('{}') });
    await ask([past]);
    await ask([past, 'age: 3600']);
    await ask(['date: yesterday']);
    expect(times.offMs()).toBeNull();
    await ask([past]);
    expect(Math.round(times.offMs()! / 60_000)).toBe(60);
  });

  it.each([400, 404, 410, 429, 500, 503])(
    'takes %i for a failure, and tells the beginning of the answer',
    async (status) => {
      const there = await receiver();
      there.answers(status, {}, `  no_service\n\u0000${'x'.repeat(1_000)}`);
      const { error } = await send(there.url);
      expect(error).toMatch(new RegExp(`^It answered ${status}: no_service x+…$`));
      expect(error!.length).toBeLessThan(260);
    },
  );

  it.each([301, 302, 303, 307, 308])('follows no %i, and tells what to write instead', async (status) => {
    const there = await receiver();
    const elsewhere = await receiver();
    there.answers(status, { location: elsewhere.url }, 'Moved');
    const [from, to] = [there.url, elsewhere.url].map((url) => new URL(url).origin);
    expect(await send(there.url)).toMatchObject({
      status,
      error: `It answered ${status}: it has moved. Write ${to} in place of ${from} in its address.`,
    });
    expect(elsewhere.received).toEqual([]);
  });

  it('cuts what it quotes of an answer at a whole character', async () => {
    const there = await receiver();
    there.answers(500, {}, `${'x'.repeat(199)}💾💾`);
    expect((await send(there.url)).error).toBe(`It answered 500: ${'x'.repeat(199)}…`);
  });

  it('hears what Retry-After asks for', async () => {
    const there = await receiver();
    there.answers(429, { 'retry-after': '7' });
    expect(await send(there.url)).toMatchObject({ retryAfterMs: 7_000 });
  });

  it('quotes an answer without the secrets in it', async () => {
    const there = await receiver();
    there.answers(500, {}, 'cannot reach postgres://u:hunter2@db');
    expect((await send(there.url)).error).toBe('It answered 500: cannot reach postgres://•••@db');
  });

  it('reads little of an answer of 10 MB', async () => {
    const there = await receiver();
    let written = 0;
    there.reply = (_request, response) => {
      response.writeHead(500);
      const chunk = Buffer.alloc(65_536, 'x');
      const more = (): void => {
        while (written < 10_485_760 && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    expect(await send(there.url)).toMatchObject({ status: 500 });
    expect(written).toBeLessThan(10_485_760);
  });

  it('is done with a 200 whose body never ends', async () => {
    const there = await receiver();
    there.reply = (_request, response) => void response.writeHead(200).write('still ');
    expect(await send(there.url)).toMatchObject({ status: 200, error: null });
  });

  it('keeps no connection to a receiver that answers 200 and drips', async () => {
    const dripping = new Set<Socket>();
    const address = await rawServer((socket) => {
      socket.once('data', () => {
        dripping.add(socket);
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        const timer = setInterval(() => socket.writable && socket.write('1\r\nx\r\n'), 50);
        socket.on('close', () => {
          clearInterval(timer);
          dripping.delete(socket);
        });
      });
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(`http://${address}/`)));
    expect(answers.map(({ error }) => error)).toEqual([null, null, null, null, null]);
    await expect.poll(() => dripping.size).toBe(0);
  });

  it.each([
    ['closes at once', (socket: Socket) => socket.destroy(), 'It closed the connection before it answered.'],
    [
      'closes after the request',
      (socket: Socket) => socket.once('data', () => socket.end()),
      'It closed the connection before it answered.',
    ],
    [
      'speaks no HTTP',
      (socket: Socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
      'Its answer was not HTTP.',
    ],
  ])('tells of a server that %s', async (_, talk, told) => {
    const address = await rawServer(talk);
    expect(await send(`http://${address}/`)).toMatchObject({ status: null, error: told });
  });

  it('tells of a server that speaks no TLS', async () => {
    const address = await rawServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    expect((await send(`https://${address}/`)).error).toContain('TLS could not be agreed on');
  });

  it('trusts no certificate that nobody vouches for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'webhook-tls-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '1',
        '-keyout',
        key,
        '-out',
        cert,
        ...subject,
      ],
      {
        stdio: 'ignore',
      },
    );
    let asked = false;
    const server = createTlsServer(
      { key: readFileSync(key), cert: readFileSync(cert) },
      (_request, response) => {
        asked = true;
        response.end();
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { error } = await send(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(error).toContain('self-signed');
    expect(asked).toBe(false);
  });

  it('tells that nothing listens', async () => {
    const there = await receiver();
    await there.stop();
    expect((await send(there.url)).error).toBe('Nothing listens there (connection refused).');
  });

  it('repeats no secret of the URL', async () => {
    const there = await receiver();
    there.reply = (message, response) => void response.writeHead(404).end(`No such hook: ${message.url}`);
    const { error } = await send(`${there.url}/T0SECRET1/B0SECRET2?auth=QmVhcmVyIHRrXw`);
    expect(error).toContain('No such hook');
    expect(error).not.toMatch(/SECRET|QmVhcmVy/);
  });

  it('repeats no secret of the URL that the receiver decoded', async () => {
    const there = await receiver();
    there.reply = (message, response) =>
      void response.writeHead(404).end(`No such hook: ${decodeURIComponent(message.url ?? '')}`);
    const { error } = await send(`${there.url}/T0%2BSE%20CRET/?auth=Qm%2BVhc%3D`);
    expect(error).toContain('No such hook');
    expect(error).not.toMatch(/CRET|Vhc/);
  });

  // The deadline of 15 s itself is waited for, once, by all of these at the same time.
  it(
    'gives a server 15 s in all, whether it hangs, or drips its head or its body',
    { timeout: 25_000 },
    async () => {
      const dripping = (first: string) => (socket: Socket) => {
        socket.write(first);
        const timer = setInterval(() => socket.write('X'), 200);
        socket.on('close', () => clearInterval(timer));
      };
      const urls = await Promise.all([
        rawServer(() => undefined),
        rawServer(dripping('HTTP/1.1 200 OK\r\nX-Slow: ')),
        rawServer(dripping('HTTP/1.1 500 Oh\r\ncontent-length: 190\r\n\r\n')),
      ]);
      const started = performance.now();
      const answers = await Promise.all(urls.map((url) => send(`http://${url}/`)));
      expect(answers.map(({ error }) => error)).toEqual([
        'It took longer than 15 s.',
        'It took longer than 15 s.',
        expect.stringMatching(/^It answered 500: X+$/),
      ]);
      expect(performance.now() - started).toBeLessThan(20_000);
    },
  );
});

describe('guardedAgent', () => {
  const LOOPBACK: LookupAddress = { address: '127.0.0.1', family: 4 };
  const rulesOf = (allowCidrs: string[] = []): EgressRules =>
    new EgressRules({ egress: 'lan', allowCidrs, denyCidrs: [] });

  /** A name server that answers each question with the next of these. */
  function answering(...answers: LookupAddress[][]): Resolve {
    let asked = 0;
    return (_hostname, _options, callback) =>
      callback(null, answers[Math.min(asked++, answers.length - 1)] ?? []);
  }

  async function get(url: string, rules: EgressRules, resolve?: Resolve): Promise<number> {
    const agent = guardedAgent(rules, resolve);
    try {
      const { statusCode, body } = await request(url, { dispatcher: agent, method: 'POST', body: '{}' });
      await body.dump();
      return statusCode;
    } finally {
      await agent.destroy();
    }
  }

  let there: Receiver;
  let port: string;
  beforeEach(async () => {
    there = await Receiver.start();
    port = new URL(there.url).port;
    closing.push(() => there.stop());
  });
  const refused = (why: string): object => ({
    code: 'EGRESS_REFUSED',
    message: expect.stringContaining(why) as string,
  });

  it('refuses a literal, in whatever spelling', async () => {
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]']) {
      await expect(get(`http://${host}:${port}/`, rulesOf())).rejects.toMatchObject(refused(''));
    }
    expect(there.received).toEqual([]);
  });

  it('refuses a name that resolves to what may not be reached', async () => {
    await expect(get(`http://evil.example:${port}/`, rulesOf(), answering([LOOPBACK]))).rejects.toMatchObject(
      refused('loopback'),
    );
    await expect(get(`http://localhost:${port}/`, rulesOf())).rejects.toMatchObject(refused('loopback'));
    expect(there.received).toEqual([]);
  });

  it('opens no connection to what a name may not resolve to', async () => {
    let connections = 0;
    const address = await rawServer((socket) => {
      connections++;
      socket.destroy();
    });
    const name = `http://evil.example:${address.split(':')[1]}/`;
    await expect(get(name, rulesOf(), answering([LOOPBACK]))).rejects.toMatchObject(refused('loopback'));
    const alsoPublic = answering([LOOPBACK, { address: '::1', family: 6 }]);
    await expect(get(name, rulesOf(['::1/128']), alsoPublic)).rejects.toThrow();
    expect(connections).toBe(0);
  });

  it('connects to the address it was told of, and asks for none a second time', async () => {
    const rebinding = answering([LOOPBACK], [{ address: '169.254.169.254', family: 4 }]);
    expect(await get(`http://home.example:${port}/`, rulesOf(['127.0.0.0/8']), rebinding)).toBe(200);
  });

  it('asks again for each connection, so that a name cannot change behind its back', async () => {
    const agent = guardedAgent(
      rulesOf(['127.0.0.2/32']),
      answering([{ address: '127.0.0.2', family: 4 }], [LOOPBACK]),
    );
    const post = (): Promise<unknown> =>
      request(`http://home.example:${port}/`, { dispatcher: agent, method: 'POST', body: '{}' });
    await expect(post()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(post()).rejects.toMatchObject(refused('loopback'));
    await agent.destroy();
    expect(there.received).toEqual([]);
  });

  it('takes of several addresses those that may be reached', async () => {
    const both = answering([{ address: 'fe80::1', family: 6 }, LOOPBACK]);
    expect(await get(`http://home.example:${port}/`, rulesOf(['127.0.0.0/8']), both)).toBe(200);
  });

  it('looks at the other end of the socket, too', async () => {
    const rules = rulesOf(['127.0.0.0/8']);
    const asked: string[] = [];
    const original = rules.refusalOf.bind(rules);
    rules.refusalOf = (address) => {
      asked.push(address);
      return asked.length > 1 ? 'It is another address now.' : original(address);
    };
    await expect(get(`http://home.example:${port}/`, rules, answering([LOOPBACK]))).rejects.toMatchObject(
      refused('another'),
    );
    expect(there.received).toEqual([]);
  });
});
