import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_OPTIONS } from '../../src/common/options/index.js';
import { Backoff } from '../../src/health-monitor/runtime/connection/backoff.js';
import { SshTunnel } from '../../src/health-monitor/runtime/connection/ssh/ssh-tunnel.js';
import { createEngineRuntime, type ContainerRuntime } from '../../src/health-monitor/runtime/index.js';
import { PodmanApiRuntime } from '../../src/health-monitor/runtime/podman/podman-api.runtime.js';
import { FakePodman } from './fake-podman.js';
import { hasOpenSsh, SshServer } from './ssh-server.js';

const CHILD = fileURLToPath(new URL('tunnel-child.mjs', import.meta.url));
const eventually = { timeout: 30_000, interval: 20 };
/** A peer that is silent for a second is lost. */
const SOON = { intervalSeconds: 1, count: 1 };
const options = DEFAULT_OPTIONS.runtime;

describe.skipIf(!hasOpenSsh)('an engine on another host, over SSH', () => {
  let server: SshServer;
  let forbidding: SshServer;
  let engine: FakePodman;
  let enginePath: string;
  let config: string;
  let closing: (() => Promise<void>)[];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    [server, forbidding] = await Promise.all([
      SshServer.start(),
      SshServer.start(['AllowStreamLocalForwarding no']),
    ]);
    engine = new FakePodman();
    mkdirSync(server.file('podman'));
    enginePath = server.file('podman/podman.sock');
    config = server.config();
    // Tunnels have their folders here, and no other test's.
    mkdirSync(server.file('run'));
    vi.stubEnv('XDG_RUNTIME_DIR', server.file('run'));
    await engine.listen(enginePath);
    closing = [];
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    await vi.waitFor(() => expect(server.clients(config)).toEqual([]), eventually);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    Logger.overrideLogger(undefined as never);
    await engine.close();
    await Promise.all([server.stop(), forbidding.stop()]);
  });

  function reached(socketPath = enginePath, configFile = config): PodmanApiRuntime {
    const target = { destination: 'attic', configFile };
    const connection = new SshTunnel(target, socketPath, SOON, new Backoff(() => Infinity));
    return closed(new PodmanApiRuntime({ connection, timeoutMs: 20_000 }));
  }

  function closed<T extends ContainerRuntime>(runtime: T): T {
    closing.push(() => runtime.disconnect());
    return runtime;
  }

  const folders = () => readdirSync(server.file('run'));

  it('is asked, many times at once, over one connection', async () => {
    const runtime = reached();
    expect(await runtime.info()).toMatchObject({ version: '5.4.2', address: `ssh://attic${enginePath}` });
    const before = server.sessions;
    const lists = await Promise.all(Array.from({ length: 50 }, () => runtime.list()));
    expect(lists.map(([container]) => container?.name)).toEqual(Array(50).fill('photos'));
    expect(server.sessions).toEqual(before);
    expect(server.clients(config)).toEqual(['sh', 'ssh']);
  });

  it('is found without saying where its socket is, by the places that its user has there', async () => {
    const runtime = closed(createEngineRuntime({ ...options, ssh: 'attic', sshConfig: config }));
    expect(await runtime.info()).toMatchObject({
      address: expect.stringMatching(/^ssh:\/\/attic\/.+podman\.sock$/),
    });
  });

  it('shows nothing of that host as if it were this one', async () => {
    const runtime = reached();
    expect(await runtime.memory()).toEqual([
      expect.objectContaining({ figure: 'engine', usedBytes: 50_000_000, limitBytes: 1e15 }),
    ]);
    expect(await runtime.inspect(engine.id)).not.toHaveProperty('reach');
    expect(await runtime.info()).toMatchObject({ rootless: true, warning: null });
  });

  it('gives its tunnel up at the end, and leaves nothing', async () => {
    const runtime = reached();
    await runtime.list();
    expect(folders()).toHaveLength(1);
    await runtime.disconnect();
    await vi.waitFor(() => expect(server.clients(config)).toEqual([]), eventually);
    await vi.waitFor(() => expect(folders()).toEqual([]), eventually);
    await expect(runtime.list()).rejects.toMatchObject({ kind: 'aborted' });
  });

  it('is noticed to be frozen, also while nobody asks it anything', async () => {
    const runtime = reached();
    const events = runtime.events({ signal: new AbortController().signal })[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { action: 'died' } });
    server.signalSessions('SIGSTOP');
    try {
      await expect(events.next()).rejects.toMatchObject({
        kind: 'outage',
        message: expect.stringContaining('SSH to attic: it no longer answered'),
      });
    } finally {
      server.signalSessions('SIGKILL');
    }
  });

  it('is reached again after its connection was killed', async () => {
    const runtime = reached();
    const events = runtime.events({ signal: new AbortController().signal })[Symbol.asyncIterator]();
    await events.next();
    server.signalSessions('SIGKILL');
    await expect(events.next()).rejects.toMatchObject({
      kind: 'outage',
      message: expect.stringMatching(/it closed the connection/),
    });
    await vi.waitFor(async () => expect(await runtime.list()).toHaveLength(1), eventually);
  });

  it('is not tried again at once while that fails', async () => {
    const now = vi.fn(() => 0);
    const target = { destination: 'attic', configFile: server.config({ Port: '1' }) };
    const tunnel = new SshTunnel(target, enginePath, SOON, new Backoff(now));
    const connect = () => tunnel.connect(new AbortController().signal);
    const first: unknown = await connect().catch((error: unknown) => error);
    await expect(connect()).rejects.toBe(first);
    now.mockReturnValue(1_000);
    await expect(connect()).rejects.not.toBe(first);
  });

  describe('that cannot be reached', () => {
    it.each<[string, RegExp, () => ContainerRuntime]>([
      [
        'an unknown host key',
        /its host key is not known here .+ Connect once by hand.+`ssh -F \S+ attic`/,
        () => reached(enginePath, server.config({ UserKnownHostsFile: server.file('unknown') })),
      ],
      [
        'another host key than the known one',
        /its host key is not the one that is known .+`ssh-keygen -R`/,
        () => reached(enginePath, server.config({ UserKnownHostsFile: server.file('changed') })),
      ],
      [
        'a key that is not let in',
        /it lets nobody in with the keys of this user \(.*Permission denied \(publickey\)\)\. .*`ssh-copy-id attic`/,
        () => reached(enginePath, server.config({ IdentityFile: server.file('other') })),
      ],
      [
        'a name that is not found',
        /its name was not found/,
        () => reached(enginePath, server.config({ HostName: 'attic.invalid' })),
      ],
      [
        'no SSH server',
        /no SSH server listens there/,
        () => reached(enginePath, server.config({ Port: '1' })),
      ],
      [
        'a config that is wrong',
        /the ssh config cannot be used/,
        () => reached(enginePath, server.config({ Colour: 'red' })),
      ],
      [
        'a config that is missing',
        /the ssh config cannot be used/,
        () => reached(enginePath, server.file('nothing')),
      ],
      [
        'no socket',
        /\/nothing\.sock \(not there\)\. .*systemctl .*enable --now podman\.socket/,
        () => reached(server.file('nothing.sock')),
      ],
      [
        'a socket that its server does not forward to',
        /its server does not connect us to .*AllowStreamLocalForwarding/,
        () => reached(enginePath, forbidding.config()),
      ],
      [
        'a key that is not let in, while its sockets are looked for',
        /it lets nobody in with the keys of this user/,
        () => {
          const sshConfig = server.config({ IdentityFile: server.file('other') });
          return closed(createEngineRuntime({ ...options, ssh: 'attic', sshConfig }));
        },
      ],
    ])('says so, and what to do, with %s', async (_, sentence, runtime) => {
      await expect(runtime().info()).rejects.toMatchObject({
        kind: 'outage',
        message: expect.stringMatching(sentence),
      });
    });

    it('says so, and what to do, with no `ssh` on this machine', async () => {
      const bin = server.file('bin');
      mkdirSync(bin);
      for (const program of ['sh', 'rm', 'rmdir']) symlinkSync(`/bin/${program}`, path.join(bin, program));
      const PATH = process.env['PATH'];
      process.env['PATH'] = bin;
      try {
        await expect(reached().info()).rejects.toThrow(
          /there is no `ssh` on this machine .*Install OpenSSH's client/,
        );
      } finally {
        process.env['PATH'] = PATH;
      }
    });
  });

  describe('after a kill -9 of this process', () => {
    it('has no ssh and no folder left, and is reached by the next process', async () => {
      const start = async () => {
        const child = fork(CHILD, { env: { ...process.env, CONFIG: config, SOCKET: enginePath } });
        expect(await once(child, 'message')).toEqual(['open', undefined]);
        return child;
      };
      const first = await start();
      expect(server.clients(config)).toEqual(['sh', 'ssh']);
      first.kill('SIGKILL');
      await vi.waitFor(() => expect(server.clients(config)).toEqual([]), eventually);
      await vi.waitFor(() => expect(folders()).toEqual([]), eventually);
      const second = await start();
      second.kill('SIGKILL');
      await vi.waitFor(() => expect(server.clients(config)).toEqual([]), eventually);
    });

    it('has the folder cleared by the next one, where nobody could at once; others’ stay', async () => {
      const folder = (name: string) => server.file(`run/hm-ssh-${name}`);
      for (const name of ['dead', 'old', 'new', 'live']) mkdirSync(folder(name));
      utimesSync(folder('old'), 0, 0);
      // Killed, it leaves its socket behind.
      const listen = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
      spawnSync(process.execPath, ['-e', listen, path.join(folder('dead'), 's')]);
      expect(existsSync(path.join(folder('dead'), 's'))).toBe(true);
      const live = createServer().listen(path.join(folder('live'), 's'));
      await once(live, 'listening');
      await reached().list();
      expect(folders()).toEqual(expect.arrayContaining(['hm-ssh-live', 'hm-ssh-new']));
      expect(['dead', 'old'].filter((name) => existsSync(folder(name)))).toEqual([]);
      live.close();
      for (const name of ['live', 'new']) rmSync(folder(name), { recursive: true });
    });
  });
});
