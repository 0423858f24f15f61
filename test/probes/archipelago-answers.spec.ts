import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProbeCredentials, ResolvedProbe } from '../../src/common/options/index.js';
import { resolvedProbes } from '../../src/health-monitor/policy/probe-rules.js';
import { PRESETS } from '../../src/health-monitor/presets/index.js';
import { askProbe } from '../../src/health-monitor/probes/ask-probe.js';
import type { ProbeAnswer } from '../../src/health-monitor/probes/probe-answer.js';
import { readExecution } from '../../src/health-monitor/runtime/engine-api/execution.js';
import { InMemoryRuntime } from '../../src/testing/index.js';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function portOf(server: Server): Promise<number> {
  servers.push(server.on('connection', (socket) => sockets.push(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function probeOf(app: string, credentials: ProbeCredentials | null = null): ResolvedProbe {
  const [probe] = resolvedProbes(PRESETS.archipelago.probesOf(app, credentials));
  if (probe === undefined) throw new Error(`The preset knows no probe of ${app}.`);
  return probe;
}

/** Asks an app of which `port` is published at `hostPort`, and commands in which end as `run` has it. */
async function ask(
  probe: ResolvedProbe,
  { port = 0, hostPort = 1 }: { port?: number; hostPort?: number },
  run: () => { exitCode: number; output: string } = () => ({ exitCode: 0, output: '' }),
): Promise<ProbeAnswer> {
  const runtime = new InMemoryRuntime();
  runtime.onExec('app', run);
  const published = [{ port, host: '127.0.0.1', hostPort }];
  const reach = { published, addresses: [], hostNetwork: false };
  const container = await runtime.inspect(runtime.add({ name: 'app', state: 'running', reach }));
  const answer = await askProbe(probe, container, { runtime, signal: new AbortController().signal });
  if (answer.kind === 'not-asked') throw new Error(`Not asked: ${answer.why}`);
  return answer;
}

/** As Bitcoin Core 28 writes it. */
const CHAIN = (initialblockdownload: boolean, verificationprogress: number) => ({
  chain: 'main',
  blocks: 871_000,
  headers: 871_003,
  bestblockhash: '00000000000000000001d9a5a3c5b4b7b0a1f2e3d4c5b6a79887766554433221',
  difficulty: 101_646_843_652_785,
  time: 1_732_000_000,
  mediantime: 1_731_997_000,
  verificationprogress,
  initialblockdownload,
  chainwork: '00000000000000000000000000000000000000009a1b2c3d4e5f60718293a4b5',
  size_on_disk: 694_000_000_000,
  pruned: false,
  warnings: ['This is a pre-release test build - use at your own risk'],
});

describe('an app that is asked by a command says', () => {
  type Answer = Partial<ProbeAnswer>;
  it.each<[string, number, string, Answer]>([
    ['bitcoin-knots', 0, JSON.stringify(CHAIN(false, 0.99999), null, 2), { kind: 'ok', share: 0.99999 }],
    [
      'bitcoin-core',
      0,
      JSON.stringify(CHAIN(true, 0.873), null, 2),
      { kind: 'ok', share: 0.873, words: 'It synchronises.' },
    ],
    [
      'bitcoin',
      28,
      'error code: -28\nerror message:\nLoading block index…\n',
      { kind: 'not-yet', words: 'Loading block index…' },
    ],
    [
      'bitcoin',
      1,
      'error: timeout on transient error: Could not connect to the server 127.0.0.1:8332\n\nMake sure the bitcoind server is running.',
      { kind: 'failed' },
    ],
    ['bitcoin', 1, 'error: Authorization failed: Incorrect rpcuser or rpcpassword', { kind: 'failed' }],
    ['lnd', 0, '{\n    "state": "SERVER_ACTIVE"\n}\n', { kind: 'ok' }],
    ['lnd', 0, '{\n    "state": "RPC_ACTIVE"\n}\n', { kind: 'not-yet' }],
    ['lnd', 0, '{\n    "state": "UNLOCKED"\n}\n', { kind: 'not-yet' }],
    ['lnd', 0, '{\n    "state": "WAITING_TO_START"\n}\n', { kind: 'not-yet' }],
    ['lnd', 0, '{\n    "state": "LOCKED"\n}\n', { kind: 'not-yet', needsPerson: true }],
    ['lnd', 0, '{\n    "state": "NON_EXISTING"\n}\n', { kind: 'not-yet', needsPerson: true }],
    ['lnd', 1, '[lncli] could not load TLS cert file: open /root/.lnd/tls.cert', { kind: 'failed' }],
    ['btcpay-db', 0, '/var/run/postgresql:5432 - accepting connections', { kind: 'ok' }],
    ['immich_postgres', 1, '/var/run/postgresql:5432 - rejecting connections', { kind: 'not-yet' }],
    ['nextcloud-db', 2, '/var/run/postgresql:5432 - no response', { kind: 'failed' }],
    ['mempool-db', 0, 'mysqld is alive', { kind: 'ok', words: 'It answers.' }],
    [
      'mempool-db',
      0,
      "mysqladmin: connect to server at 'localhost' failed\nerror: 'Access denied for user 'root'@'localhost' (using password: NO)'",
      { kind: 'ok', words: 'It answers, and wants a password.' },
    ],
    [
      'mempool-db',
      1,
      "mysqladmin: connect to server at 'localhost' failed\nerror: 'Can't connect to local MySQL server through socket '/run/mysqld/mysqld.sock' (2)'",
      { kind: 'failed' },
    ],
    ['immich_redis', 0, 'PONG', { kind: 'ok' }],
    ['penpot-valkey', 0, 'LOADING Valkey is loading the dataset in memory', { kind: 'not-yet' }],
    ['immich_redis', 0, 'NOAUTH Authentication required.', { kind: 'ok' }],
    ['immich_redis', 1, 'Could not connect to Redis at 127.0.0.1:6379', { kind: 'failed' }],
  ])('%s: exit %d and %j', async (app, exitCode, written, expected) => {
    // As a runtime hands it on: masked, and cut.
    const execution = () => readExecution(exitCode, Buffer.from(written));
    expect(await ask(probeOf(app), {}, execution)).toMatchObject(expected);
  });
});

describe('an app that is asked over HTTP says', () => {
  const serve = async (status: number, body: string) =>
    portOf(createHttpServer((_, response) => response.writeHead(status).end(body)));

  const status = (maintenance: boolean, needsDbUpgrade: boolean, installed = true) =>
    JSON.stringify({ installed, maintenance, needsDbUpgrade, version: '30.0.2.2', edition: '' });
  const node = (state: string) =>
    JSON.stringify({ status: state, results: { NodesHealthCheck: { data: {} } } });

  it.each<[string, number, number, string, ProbeAnswer['kind'], string?]>([
    ['nextcloud', 80, 200, status(false, false), 'ok'],
    ['nextcloud', 80, 200, status(true, false), 'not-yet', 'It is in maintenance mode.'],
    ['nextcloud', 80, 200, status(false, true), 'not-yet', 'Its database is to be upgraded.'],
    ['nextcloud', 80, 200, status(false, false, false), 'ok', 'It waits to be set up.'],
    ['nextcloud', 80, 400, '{"error": "Trusted domain error.", "code": 15}', 'ok'],
    ['nextcloud', 80, 500, '', 'failed'],
    ['nbxplorer', 32838, 200, node('Healthy'), 'ok'],
    ['nbxplorer', 32838, 200, node('Degraded'), 'not-yet', 'It waits for its node.'],
    ['nbxplorer', 32838, 503, node('Unhealthy'), 'failed'],
    ['btcpay-server', 49392, 200, '{"synchronized":true}', 'ok'],
    ['btcpay-server', 49392, 200, '{"synchronized":false}', 'ok', 'It answers; its node synchronises.'],
    ['btcpay-server', 49392, 502, '', 'failed'],
    ['mempool-api', 8999, 200, '{"hostname":"api","version":"3.0.0","gitCommit":"abc"}', 'ok'],
    ['mempool-api', 8999, 503, 'Service Unavailable', 'failed'],
    ['mempool-web', 8080, 200, '<html>', 'ok'],
    ['immich', 2283, 200, '{"res":"pong"}', 'ok'],
    ['immich_server', 2283, 500, '{"message":"Internal server error"}', 'failed'],
    ['immich_machine_learning', 3003, 200, 'pong', 'ok'],
  ])('%s: at port %d, %d and %j', async (app, port, code, body, kind, words) => {
    const hostPort = await serve(code, body);
    expect(await ask(probeOf(app), { port, hostPort })).toMatchObject({ kind, ...(words && { words }) });
  });

  it.each<[number, string, Partial<ProbeAnswer>]>([
    [200, JSON.stringify({ result: CHAIN(false, 0.99999), error: null }), { kind: 'ok', share: 0.99999 }],
    [200, JSON.stringify({ result: CHAIN(true, 0.5), error: null }), { kind: 'ok', share: 0.5 }],
    [500, '{"result":null,"error":{"code":-28,"message":"Verifying blocks…"}}', { kind: 'not-yet' }],
    [503, 'Work queue depth exceeded', { kind: 'ok', words: 'It answers, and has too much to do.' }],
    [401, '', { kind: 'not-yet', isDeclined: true }],
  ])('bitcoind with credentials: %d and %j', async (code, body, expected) => {
    process.env['ANSWERS_BITCOIN_LOGIN'] = 'user:password';
    const hostPort = await serve(code, body);
    const probe = probeOf('bitcoin-knots', { env: 'ANSWERS_BITCOIN_LOGIN' });
    expect(await ask(probe, { port: 8332, hostPort })).toMatchObject(expected);
  });
});

describe('an Electrum server says', () => {
  const PORT = 50_001;
  /** Answers each call, a line each, as electrs does. */
  const serve = (answer: (method: string) => object) =>
    portOf(
      createTcpServer((socket) => {
        let rest = '';
        socket.on('error', () => undefined);
        socket.on('data', (chunk) => {
          const lines = (rest + chunk.toString()).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) {
            const { id, method } = JSON.parse(line) as { id: number; method: string };
            socket.write(`${JSON.stringify({ id, jsonrpc: '2.0', ...answer(method) })}\n`);
          }
        });
      }),
    );
  const VERSION = { result: ['electrs/0.10.6', '1.4'] };

  it.each(['electrs', 'mempool-electrs'])('%s: that it answers', async (app) => {
    const hostPort = await serve((method) => (method === 'server.version' ? VERSION : { result: null }));
    expect(await ask(probeOf(app), { port: PORT, hostPort })).toMatchObject({
      kind: 'ok',
      words: 'It answers.',
    });
  });

  it('that it builds its index, in so many words or by a closed port', async () => {
    const unavailable = { error: { code: -32_603, message: 'unavailable index' } };
    const hostPort = await serve((method) => (method === 'server.version' ? VERSION : unavailable));
    expect(await ask(probeOf('electrs'), { port: PORT, hostPort })).toMatchObject({
      kind: 'not-yet',
      words: 'It builds its index.',
    });
    // Within its time to start, a failure means not yet.
    expect(await ask(probeOf('electrs'), { port: PORT, hostPort: 1 })).toMatchObject({ kind: 'failed' });
    expect(probeOf('electrs').startMs).toBeGreaterThan(24 * 3_600_000);
  });
});

const NETCAT = `#!${process.execPath}
const socket = require('node:net').connect(Number(process.argv[3]), process.argv[2]);
process.stdin.on('data', (chunk) => socket.write(chunk));
socket.pipe(process.stdout);
socket.on('end', () => process.exit());
`;

describe('Tor says by its control port', () => {
  /** Runs the preset's command here, at this port and with this cookie. */
  async function asked(phase: string, cookie = 'cookie'.padEnd(32, '\u0001')): Promise<ProbeAnswer> {
    const folder = await mkdtemp(join(tmpdir(), 'tor-'));
    const file = join(folder, 'control_auth_cookie');
    await writeFile(file, cookie);
    const port = await portOf(
      createTcpServer((socket) => {
        let heard = '';
        socket.on('error', () => undefined);
        socket.on('data', (chunk) => {
          heard += chunk.toString();
          if (!heard.endsWith('QUIT\r\n')) return;
          const login = `AUTHENTICATE ${Buffer.from('cookie'.padEnd(32, '\u0001')).toString('hex')}\r\n`;
          socket.end(
            heard.startsWith(login)
              ? `250 OK\r\n250-status/bootstrap-phase=${phase}\r\n250 OK\r\n250 closing connection\r\n`
              : '515 Authentication failed: Authentication cookie did not match expected value.\r\n',
          );
        });
      }),
    );
    // The image has it; this machine need not.
    await writeFile(join(folder, 'nc'), NETCAT, { mode: 0o755 });
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
    const probe = probeOf('tor');
    const [shell, ...words] = 'exec' in probe ? probe.exec : [];
    const run = await new Promise<{ exitCode: number; output: string }>((resolve) =>
      execFile(shell!, [...words.slice(0, -2), String(port), file], { env }, (error, output) =>
        resolve({ exitCode: Number(error?.code ?? 0), output }),
      ),
    );
    await rm(folder, { recursive: true });
    return ask(probe, {}, () => run);
  }

  it('how far it has bootstrapped, and that it has', async () => {
    expect(
      await asked('NOTICE BOOTSTRAP PROGRESS=50 TAG=loading_descriptors SUMMARY="Loading relay descriptors"'),
    ).toMatchObject({
      kind: 'not-yet',
      words: 'Bootstrapped 50 TAG=loading_descriptors SUMMARY="Loading relay descriptors".',
    });
    expect(await asked('NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY="Done"')).toMatchObject({
      kind: 'ok',
    });
  });

  it('nothing with another cookie', async () => {
    expect(await asked('', 'x'.repeat(32))).toMatchObject({ kind: 'failed' });
  });
});
