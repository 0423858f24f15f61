import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { type TlsOptions } from 'node:tls';
import { Logger } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_OPTIONS } from '../../src/common/options/index.js';
import { HealthMonitorModule } from '../../src/health-monitor/health-monitor.module.js';
import { HealthMonitorService } from '../../src/health-monitor/health-monitor.service.js';
import {
  BuiltInRuntimes,
  ContainerRuntime,
  createEngineRuntime,
} from '../../src/health-monitor/runtime/index.js';
import { Certificates } from './certificates.js';
import { FakePodman } from './fake-podman.js';

const eventually = { timeout: 30_000, interval: 20 };

describe('an engine on another host, over TCP', () => {
  let certificates: Certificates;
  const file = (name: string) => certificates.file(name);
  const pem = (name: string) => ({
    cert: readFileSync(file(`${name}.pem`)),
    key: readFileSync(file(`${name}.key`)),
  });
  let ours: Readonly<Record<'ca' | 'cert' | 'key', string>>;
  let engine: FakePodman;
  let closing: (() => unknown)[];

  beforeAll(() => {
    Logger.overrideLogger(false);
    certificates = new Certificates();
    ours = { ca: file('authority.pem'), cert: file('client.pem'), key: file('client.key') };
    for (const name of ['authority', 'other']) certificates.authority(name);
    certificates.signed('server', 'authority');
    certificates.signed('client', 'authority');
    certificates.signed('expired', 'authority', { days: -1 });
    certificates.signed('elsewhere', 'authority', { host: 'elsewhere' });
    certificates.signed('stranger', 'other');
  });
  beforeEach(() => {
    engine = new FakePodman();
    closing = [];
  });
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
  });
  afterAll(() => {
    Logger.overrideLogger(undefined as never);
    certificates.remove();
  });

  async function listen(server: Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** What says why it refuses, as engines do; Node's own server does not. It answers no calls. */
  async function openssl(...args: readonly string[]): Promise<string> {
    const server = spawn(
      'openssl',
      [
        ...['s_server', '-accept', '127.0.0.1:0', '-cert', file('server.pem'), '-key', file('server.key')],
        ...args,
      ],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    closing.push(() => server.kill());
    for await (const line of createInterface({ input: server.stdout })) {
      const [, port] = /^ACCEPT .*:(\d+)$/.exec(line) ?? [];
      if (port !== undefined) return `127.0.0.1:${port}`;
    }
    throw new Error('openssl does not listen.');
  }

  const withTls = (options: TlsOptions = {}) =>
    listen(
      createTlsServer(
        { ...pem('server'), ca: readFileSync(file('authority.pem')), requestCert: true, ...options },
        engine.handle,
      ),
    );

  function reached(
    tcp: string,
    tls: Partial<typeof ours> | null = ours,
    kind = DEFAULT_OPTIONS.runtime.kind,
  ): ContainerRuntime {
    const files = tls && { ca: null, cert: null, key: null, ...tls };
    const runtime = createEngineRuntime({ ...DEFAULT_OPTIONS.runtime, kind, tcp, tls: files });
    closing.push(() => runtime.disconnect());
    return runtime;
  }

  it('is asked with a certificate of ours, by its name', async () => {
    const place = await withTls();
    const runtime = reached(`https://${place}`);
    expect(await runtime.info()).toMatchObject({
      address: `https://${place}`,
      version: '5.4.2',
      warning: null,
    });
    expect(await runtime.list()).toMatchObject([{ name: 'photos' }]);
    expect([...engine.hosts]).toEqual([place]);
  });

  it('is named in the log by its host', async () => {
    const lines: string[] = [];
    const log = (line: string, context: string): unknown => lines.push(`[${context}] ${line}`);
    Logger.overrideLogger({ log, warn: log, error: log });
    const tcp = `http://${await listen(createHttpServer(engine.handle))}`;
    const runtime = new BuiltInRuntimes().create({ ...DEFAULT_OPTIONS.runtime, tcp }, 'attic', () =>
      Promise.resolve(new Set()),
    );
    closing.push(() => runtime.disconnect());
    await runtime.info();
    Logger.overrideLogger(false);
    expect(lines).toEqual([expect.stringMatching(/^\[AutoRuntime attic\] Watching Podman /)]);
  });

  it('tells its events, until it is lost or given up', async () => {
    const runtime = reached(`https://${await withTls()}`);
    const events = runtime.events({ signal: new AbortController().signal })[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { action: 'died' } });
    for (const stream of engine.streams) stream.destroy();
    await expect(events.next()).rejects.toMatchObject({ kind: 'outage' });

    const others = runtime.events({ signal: new AbortController().signal })[Symbol.asyncIterator]();
    await others.next();
    await runtime.disconnect();
    await vi.waitFor(() => expect(engine.streams.size).toBe(0), eventually);
  });

  it('shows nothing of that host as if it were this one', async () => {
    const runtime = reached(`https://${await withTls()}`);
    expect(await runtime.memory()).toMatchObject([{ figure: 'engine', usedBytes: 50_000_000 }]);
    expect(await runtime.inspect(engine.id)).not.toHaveProperty('reach');
  });

  it('is asked with a certificate that was renewed meanwhile', async () => {
    const [cert, key] = [file('renewed.pem'), file('renewed.key')];
    const renew = (name: string) => {
      copyFileSync(file(`${name}.pem`), cert);
      copyFileSync(file(`${name}.key`), key);
    };
    renew('expired');
    const runtime = reached(`https://${await withTls()}`, { ...ours, cert, key });
    await expect(runtime.info()).rejects.toThrow(/our certificate has expired/);
    renew('client');
    await vi.waitFor(
      async () => expect(await runtime.info()).toMatchObject({ version: '5.4.2' }),
      eventually,
    );
    renew('expired');
    await vi.waitFor(
      async () => expect(runtime.list()).rejects.toThrow(/our certificate has expired/),
      eventually,
    );
  });

  it.each<[string, RegExp, () => Promise<ContainerRuntime>]>([
    [
      'no certificate of ours, which it demands',
      /it wants to see a certificate of ours .+ Set runtime\.tls\.cert and runtime\.tls\.key/,
      async () => reached(`https://${await withTls()}`, { ca: ours.ca }),
    ],
    [
      'no certificate of ours, with TLS 1.2',
      /it wants to see a certificate of ours/,
      async () => reached(`https://${await withTls({ maxVersion: 'TLSv1.2' })}`, { ca: ours.ca }),
    ],
    [
      'a certificate of ours that has expired',
      /our certificate has expired \(.+\)\. Make a new one in runtime\.tls\.cert/,
      async () =>
        reached(`https://${await withTls()}`, {
          ...ours,
          cert: file('expired.pem'),
          key: file('expired.key'),
        }),
    ],
    [
      'a certificate of ours that it does not know',
      /it wants to see a certificate of ours that it knows/,
      async () =>
        reached(`https://${await openssl('-Verify', '1', '-verify_return_error', '-CAfile', ours.ca)}`, {
          ...ours,
          cert: file('stranger.pem'),
          key: file('stranger.key'),
        }),
    ],
    [
      'a certificate of ours that it does not know, without a word',
      /it may not know the authority of runtime\.tls\.cert/,
      async () =>
        reached(`https://${await withTls()}`, {
          ...ours,
          cert: file('stranger.pem'),
          key: file('stranger.key'),
        }),
    ],
    [
      'an authority that is not the one of its certificate',
      /its certificate is from an authority that is not known here\. Set runtime\.tls\.ca/,
      async () => reached(`https://${await withTls()}`, { ...ours, ca: file('other.pem') }),
    ],
    [
      'no authority said',
      /Set runtime\.tls\.ca/,
      async () => reached(`https://${await withTls()}`, { cert: ours.cert, key: ours.key }),
    ],
    [
      'its certificate expired',
      /its certificate has expired\. Make a new one for the engine/,
      async () => reached(`https://${await withTls(pem('expired'))}`),
    ],
    [
      'its certificate for another name',
      /its certificate is for another name\. .+subjectAltName/,
      async () => reached(`https://${await withTls(pem('elsewhere'))}`),
    ],
    [
      'no TLS there',
      /what listens there does not speak TLS/,
      async () => reached(`https://${await listen(createHttpServer(engine.handle))}`),
    ],
    [
      'nobody there',
      /nothing listens there\. .+runtime\.tcp/,
      () => Promise.resolve(reached('https://127.0.0.1:1')),
    ],
    [
      'a file that is missing',
      /the file of runtime\.tls\.ca cannot be read \(ENOENT: .+nothing\.pem\)/,
      async () => reached(`https://${await withTls()}`, { ...ours, ca: file('nothing.pem') }),
    ],
    [
      'the key of another certificate',
      /runtime\.tls\.key is not the key of runtime\.tls\.cert/,
      async () => reached(`https://${await withTls()}`, { ...ours, key: file('server.key') }),
    ],
    [
      'a file that is no certificate',
      /one of the files of runtime\.tls holds nothing in PEM/,
      async () => {
        writeFileSync(file('nonsense.pem'), 'hunter2');
        return reached(`https://${await withTls()}`, { ...ours, cert: file('nonsense.pem') });
      },
    ],
  ])('that cannot be reached says so, and what to do, with %s', async (_, sentence, runtime) => {
    const failure = (await runtime()).info();
    await expect(failure).rejects.toMatchObject({ kind: 'outage', message: expect.stringMatching(sentence) });
    await expect(failure).rejects.not.toThrow(/hunter2/);
  });

  it.each<[string, (answer: ServerResponse) => unknown, RegExp]>([
    [
      'an answer that it does not know the page',
      (answer) => answer.writeHead(404).end('Not found'),
      /^What listens at http:\/\/127\.0\.0\.1:\d+ is no container engine: 404 was its answer to \/_ping\. Check .+runtime\.tcp/,
    ],
    [
      'a page for every address',
      (answer) => answer.end('<!doctype html>'),
      /What listens at http:\/\/127\.0\.0\.1:\d+ is no container engine: .+ Check .+runtime\.tcp/,
    ],
    [
      'the wish for TLS',
      (answer) => answer.writeHead(400).end('Client sent an HTTP request to an HTTPS server.'),
      /is no container engine, or wants TLS \(https\): 400 was its answer/,
    ],
    [
      'a refusal, as a proxy has',
      (answer) => answer.writeHead(403).end('Forbidden'),
      /^What listens at http:\/\/127\.0\.0\.1:\d+ does not let the engine be asked: 403 .+ proxy in between has to let it pass/,
    ],
    [
      'something else than HTTP',
      ({ socket }) => socket?.end('SSH-2.0-OpenSSH_9.2\r\n'),
      /http:\/\/127\.0\.0\.1:\d+: what listens there does not speak HTTP, so it is no container engine\. Check .+runtime\.tcp/,
    ],
  ])('that is none says so, and what to check, with %s', async (_, respond, sentence) => {
    const place = await listen(createHttpServer((_request, answer) => respond(answer)));
    for (const kind of ['auto', 'podman', 'docker'] as const)
      await expect(reached(`http://${place}`, null, kind).info()).rejects.toThrow(sentence);
  });

  it('is asked without TLS on this machine, and beyond it with a warning', async () => {
    const place = await listen(createHttpServer(engine.handle));
    expect(await reached(`http://${place}`, null).info()).toMatchObject({ warning: null });
    const [, port] = place.split(':');
    // All of this machine's addresses, which nobody can tell from those of others by its name.
    const elsewhere = reached(`http://0.0.0.0:${port}`, null);
    expect(await elsewhere.info()).toMatchObject({
      warning: expect.stringMatching(/^http:\/\/0\.0\.0\.0:\d+ is asked without TLS \(runtime\.insecure\)/),
    });
  });

  it('without TLS is named so by the status of a monitor, and in its log, which lets go of it at its end', async () => {
    const warned = vi.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const [, port] = (await listen(createHttpServer(engine.handle))).split(':');
    const module = await Test.createTestingModule({
      imports: [
        ScheduleModule.forRoot(),
        HealthMonitorModule.forRoot({
          http: false,
          socket: false,
          runtime: { tcp: `http://0.0.0.0:${port}`, insecure: true },
          storage: { kind: 'memory' },
        }),
      ],
    }).compile();
    const app = await module.createNestApplication({ logger: false }).init();
    await vi.waitFor(
      () =>
        expect(app.get(HealthMonitorService).status().engine).toMatchObject({
          reachable: true,
          problem: expect.stringContaining('is asked without TLS'),
        }),
      eventually,
    );
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('is asked without TLS'));
    await vi.waitFor(() => expect(engine.streams.size).toBe(1), eventually);
    await app.close();
    warned.mockRestore();
    await vi.waitFor(() => expect(engine.streams.size).toBe(0), eventually);
    await expect(app.get(ContainerRuntime).list()).rejects.toMatchObject({ kind: 'aborted' });
  });

  it('does not keep who asks waiting for a connection that never comes about', async () => {
    // It accepts, and says nothing.
    const server = createHttpServer();
    server.removeAllListeners('connection');
    const runtime = createEngineRuntime({
      ...DEFAULT_OPTIONS.runtime,
      tcp: `https://${await listen(server)}`,
      timeoutMs: 50,
    });
    await expect(runtime.info()).rejects.toMatchObject({ kind: 'timeout' });
    await runtime.disconnect();
  });
});
