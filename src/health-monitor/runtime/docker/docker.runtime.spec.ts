import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CgroupMemoryReader } from '../engine-api/cgroup-memory.js';
import { MemoryReader } from '../engine-api/memory-reader.js';
import { type EngineEvent } from '../container.js';
import { DockerRuntime } from './docker.runtime.js';

const ID = 'a'.repeat(64);
const PARENT = 'b'.repeat(64);

interface Answered {
  readonly status?: number;
  readonly body?: unknown;
}

const inspected = (more: object = {}, state: object = {}, config: object = {}, hostConfig: object = {}) => ({
  Id: ID,
  Name: '/app',
  Created: '2026-11-22T11:23:15.20861552Z',
  RestartCount: 0,
  State: {
    Status: 'running',
    ExitCode: 0,
    OOMKilled: false,
    Pid: 0,
    StartedAt: '2026-11-22T11:23:15.29777027Z',
    FinishedAt: '0001-01-01T00:00:00Z',
    ...state,
  },
  Config: { Image: 'image', Labels: null, ...config },
  HostConfig: { NetworkMode: 'none', RestartPolicy: { Name: 'no' }, ...hostConfig },
  NetworkSettings: {},
  ...more,
});

const event = (Action: string, timeNano: number, attributes: Record<string, string> = {}) => ({
  Type: 'container',
  Action,
  Actor: { ID, Attributes: { name: 'app', ...attributes } },
  timeNano,
});
const SECOND = 1e9;
const AT = 1_795_346_592 * SECOND;

describe('DockerRuntime, whatever answers', () => {
  let directory: string;
  let server: Server;
  let runtime: DockerRuntime;
  let requests: string[];
  /** The version that it speaks, and the oldest that it still speaks. */
  let newest: string;
  let oldest: string;
  /** By the path behind the version. */
  let answers: Record<string, Answered>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'docker-'));
    const socketPath = join(directory, 'docker.sock');
    [newest, oldest, requests, answers] = ['1.41', '1.12', [], {}];
    server = createServer((request, response) => {
      const url = decodeURIComponent(String(request.url));
      requests.push(`${request.method} ${url}`);
      const [, version, path = ''] = /^(?:\/v([\d.]+))?(\/[^?]*)/.exec(url) ?? [];
      const answer = (status: number, body: unknown) =>
        response
          .writeHead(status, { 'api-version': newest })
          .end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
      if (path === '/_ping') return answer(200, 'OK');
      if (path === '/version') return answer(200, { MinAPIVersion: oldest });
      if (version === undefined || Number(version.slice(2)) > Number(newest.slice(2)))
        return answer(400, { message: `client version ${version} is too new. Maximum supported: ${newest}` });
      if (Number(version.slice(2)) < Number(oldest.slice(2)))
        return answer(400, { message: `client version ${version} is too old. Minimum supported: ${oldest}` });
      const { status = 200, body = '' } = answers[path] ?? {
        status: 404,
        body: { message: 'page not found' },
      };
      answer(status, body);
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const memory = new MemoryReader(new CgroupMemoryReader(join(directory, 'no-cgroups')));
    runtime = new DockerRuntime({ socketPath, timeoutMs: 5_000, memory });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true });
  });

  const show = (container: object = inspected()) => {
    answers['/containers/json'] = { body: [{ Id: ID, Names: ['/app'], State: 'running' }] };
    answers[`/containers/${ID}/json`] = { body: container };
  };
  const tell = async (...lines: readonly object[]): Promise<EngineEvent[]> => {
    answers['/events'] = { body: lines.map((line) => `${JSON.stringify(line)}\n`).join('') };
    const heard: EngineEvent[] = [];
    const listen = async () => {
      for await (const one of runtime.events({ signal: new AbortController().signal })) heard.push(one);
    };
    await expect(listen()).rejects.toMatchObject({ kind: 'outage' });
    return heard;
  };

  it('speaks the newest version that both sides know, and finds it out once', async () => {
    show();
    await runtime.list();
    await runtime.inspect(ID);
    expect(requests).toEqual([
      'GET /_ping',
      'GET /version',
      'GET /v1.41/containers/json?all=true',
      `GET /v1.41/containers/${ID}/json`,
      `GET /v1.41/containers/${ID}/json`,
    ]);
    newest = '1.99';
    await runtime.info().catch(() => undefined);
    expect(requests.at(-1)).toBe('GET /v1.52/info');
  });

  it('finds it out anew when the engine was replaced by another one', async () => {
    show();
    await runtime.inspect(ID);
    [newest, oldest] = ['1.54', '1.44'];
    expect((await runtime.inspect(ID)).name).toBe('app');
    [newest, oldest] = ['1.40', '1.12'];
    expect((await runtime.inspect(ID)).name).toBe('app');
    expect(requests.at(-1)).toBe(`GET /v1.40/containers/${ID}/json`);
  });

  it('says who is to be upgraded where the two share no version', async () => {
    oldest = '1.60';
    newest = '1.70';
    await expect(runtime.list()).rejects.toMatchObject({
      kind: 'outage',
      message: expect.stringContaining('Upgrade this program.') as string,
    });
    [oldest, newest] = ['1.10', '1.20'];
    await expect(runtime.list()).rejects.toMatchObject({
      kind: 'outage',
      message: expect.stringContaining('Upgrade Docker.') as string,
    });
  });

  it('does not take the parent that is missing for the container that was to be started', async () => {
    answers[`/containers/${ID}/start`] = { status: 404, body: { message: `No such container: ${PARENT}` } };
    await expect(runtime.start(ID)).rejects.toMatchObject({ kind: 'refused' });
    answers[`/containers/${ID}/start`] = { status: 404, body: { message: `No such container: ${ID}` } };
    await expect(runtime.start(ID)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it.each([
    [304, 'already-running'],
    [204, 'started'],
  ])('understands %i as %s', async (status, answer) => {
    answers[`/containers/${ID}/start`] = { status };
    expect(await runtime.start(ID)).toBe(answer);
  });

  it('is refused in the words of the engine, or told of a proxy that lets nothing pass', async () => {
    answers[`/containers/${ID}/start`] = {
      status: 409,
      body: { message: 'cannot start a paused container, try unpause instead' },
    };
    await expect(runtime.start(ID)).rejects.toThrow(/unpause instead/);
    answers['/info'] = { status: 403, body: '<html>Forbidden</html>' };
    await expect(runtime.info()).rejects.toThrow(/A socket proxy/);
  });

  it('gives the time to stop in whole seconds, of which 0 kills at once', async () => {
    answers[`/containers/${ID}/stop`] = { status: 204 };
    await runtime.stop(ID, { timeoutMs: 1 });
    expect(requests.at(-1)).toBe(`POST /v1.41/containers/${ID}/stop?t=1`);
  });

  it('shows a container whose first start failed as one that never ran', async () => {
    show(
      inspected(
        {},
        { Status: 'created', ExitCode: 127, Error: 'no such file', StartedAt: '0001-01-01T00:00:00Z' },
      ),
    );
    expect(await runtime.inspect(ID)).toMatchObject({ state: 'created', exitCode: 0, startedAt: null });
  });

  it('believes a health only while it runs', async () => {
    const check = { Healthcheck: { Test: ['CMD', 'true'], Interval: 0 } };
    const health = { Health: { Status: 'unhealthy', Log: [] } };
    show(inspected({}, health, check));
    expect(await runtime.inspect(ID)).toMatchObject({
      health: 'unhealthy',
      healthCheck: { intervalMs: 30_000, lastStatus: 'unhealthy' },
    });
    show(inspected({}, { ...health, Status: 'exited', ExitCode: 1 }, check));
    expect((await runtime.inspect(ID)).health).toBe('none');
  });

  it('requires whom it is linked to, and whose network it uses, which is how it is reached', async () => {
    show(inspected({}, {}, {}, { Links: ['/db:/app/database'], NetworkMode: `container:${PARENT}` }));
    answers['/containers/json'] = {
      body: [
        { Id: ID, Names: ['/app'], State: 'running' },
        { Id: 'c'.repeat(64), Names: ['/db'], State: 'running' },
      ],
    };
    answers[`/containers/${PARENT}/json`] = {
      body: inspected({ Id: PARENT, NetworkSettings: { IPAddress: '172.17.0.2' } }),
    };
    await runtime.list();
    expect(await runtime.inspect(ID)).toMatchObject({
      requires: [PARENT, 'c'.repeat(64)],
      sharesNamespaces: [{ of: PARENT, which: ['network'] }],
      reach: { addresses: ['172.17.0.2'] },
    });
  });

  it('lists what it cannot inspect by what the list tells, and leaves out what is gone', async () => {
    show();
    answers[`/containers/${ID}/json`] = { status: 500, body: { message: 'broken' } };
    expect(await runtime.list()).toMatchObject([{ id: ID, name: 'app', state: 'unknown' }]);
    answers[`/containers/${ID}/json`] = { status: 404, body: { message: `No such container: ${ID}` } };
    expect(await runtime.list()).toEqual([]);
  });

  it('reads the log of a terminal, which has no frames', async () => {
    show(inspected({}, {}, { Tty: true }));
    answers[`/containers/${ID}/logs`] = { body: 'one\r\ntwo\r\n' };
    expect(await runtime.logs(ID, 5)).toEqual(['one', 'two']);
  });

  it('asks only for the events of containers that it understands', async () => {
    await tell();
    const asked = requests.find((request) => request.includes('/events'))!;
    expect(asked).toContain('"type":["container"]');
    expect(asked).not.toContain('exec');
  });

  it('tells events in our words, and which kills ask the container to end', async () => {
    show(inspected({}, {}, { StopSignal: 'SIGRTMIN+3' }));
    await runtime.inspect(ID);
    const heard = await tell(
      event('kill', AT, { signal: '10' }),
      event('kill', AT + 1_000, { signal: '37' }),
      event('kill', AT + 2_000, { signal: '9' }),
      event('die', AT + 3_000, { exitCode: '137' }),
      event('stop', AT + 4_000),
      event('health_status: healthy', AT + 5_000),
      event('restart', AT + 6_000),
      { Type: 'network', Action: 'connect', Actor: { ID: 'x' }, timeNano: AT },
    );
    expect(heard).toEqual(
      [
        { action: 'killed', asksToEnd: false },
        { action: 'killed', asksToEnd: true },
        { action: 'killed', asksToEnd: true },
        { action: 'died', exitCode: 137 },
        { action: 'stopped' },
        { action: 'health-checked', health: 'healthy' },
      ].map((expected, index) => ({
        id: ID,
        name: 'app',
        exitCode: null,
        health: null,
        at: (AT + index * 1_000) / 1e6,
        ...expected,
      })),
    );
  });

  describe('where a container ended with 137', () => {
    const wasOom = async (flag: boolean) => {
      show(inspected({}, { Status: 'exited', ExitCode: 137, OOMKilled: flag }));
      return (await runtime.inspect(ID)).oomKilled;
    };

    it('takes the engine’s word where no event was heard', async () => {
      expect([await wasOom(true), await wasOom(false)]).toEqual([true, false]);
    });

    it('finds no want of memory in a stop after a child was killed for it', async () => {
      await tell(
        event('oom', AT),
        event('kill', AT + 60 * SECOND, { signal: '9' }),
        event('die', AT + 61 * SECOND, { exitCode: '137' }),
      );
      expect(await wasOom(true)).toBe(false);
    });

    it('finds it where the kernel said so just before', async () => {
      await tell(event('oom', AT), event('die', AT + SECOND, { exitCode: '137' }));
      expect(await wasOom(false)).toBe(true);
    });
  });

  it.each([
    ['version 1', { total_inactive_file: 30, inactive_file: 10 }, 70],
    ['version 2', { inactive_file: 10 }, 90],
  ])('reads memory without the page cache (control groups, %s)', async (_, stats, usedBytes) => {
    show();
    answers[`/containers/${ID}/stats`] = { body: { memory_stats: { usage: 100, limit: 1_000, stats } } };
    expect(await runtime.memory()).toMatchObject([
      { id: ID, usedBytes, limitBytes: 1_000, figure: 'engine' },
    ]);
    answers[`/containers/${ID}/stats`] = { body: { memory_stats: {} } };
    expect(await runtime.memory()).toEqual([]);
  });

  it('believes no figure of memory where the engine has no control groups to count it', async () => {
    show();
    const stats = { total_inactive_file: 30 };
    answers[`/containers/${ID}/stats`] = { body: { memory_stats: { usage: 100, limit: 1_000, stats } } };
    answers['/info'] = { body: { ServerVersion: '20.10.24', CgroupDriver: 'none' } };
    await runtime.info();
    expect(await runtime.memory()).toEqual([]);
    answers['/info'] = { body: { ServerVersion: '20.10.24', CgroupDriver: 'systemd' } };
    await runtime.info();
    expect(await runtime.memory()).toHaveLength(1);
  });

  it('says since when it remembers anything, as far as it may be asked', async () => {
    const info = () => {
      answers['/info'] = { body: { ServerVersion: '20.10.24', SystemTime: new Date().toISOString() } };
      return runtime.info();
    };
    answers['/events'] = {
      body: `{"Type":"network","timeNano":${AT}}\n${JSON.stringify(event('start', AT + 1))}\n`,
    };
    const { remembersSince, remembersAll } = await info();
    expect(Math.abs(remembersSince! - AT / 1e6)).toBeLessThan(2_000);
    expect(remembersAll).toBe(true);
    expect(requests.at(-1)).toMatch(/events\?since=1&until=\d/);
    answers['/events'] = { body: `${JSON.stringify(event('start', AT))}\n`.repeat(256) };
    expect(await info()).not.toHaveProperty('remembersAll');
    answers['/events'] = { body: '' };
    expect(await info()).not.toHaveProperty('remembersSince');
    answers['/events'] = { status: 403, body: 'Forbidden' };
    expect(await info()).not.toHaveProperty('remembersSince');
  });

  it.each([-300_000, 5_000])('says how far its clock is ahead of ours: %i ms', async (ahead) => {
    const SystemTime = new Date(Date.now() + ahead).toISOString();
    answers['/info'] = { body: { ServerVersion: '20.10.24', SystemTime } };
    answers['/events'] = { body: '' };
    const { clockAheadMs } = await runtime.info();
    expect(Math.abs(clockAheadMs! - ahead)).toBeLessThan(2_000);
  });

  describe('where its own note of a stop can be read', () => {
    beforeEach(async () => {
      answers['/info'] = { body: { ServerVersion: '20.10.24', DockerRootDir: directory } };
      await runtime.info();
      await mkdir(join(directory, 'containers', ID), { recursive: true });
      const file = join(directory, 'containers', ID, 'config.v2.json');
      await writeFile(file, JSON.stringify({ HasBeenManuallyStopped: true }));
    });
    const note = async () => (await runtime.inspect(ID)).stoppedByUser;

    it('shows one that runs with a note of another signal, and that of a stop only once it has ended', async () => {
      show();
      expect(await note()).toBe(true);
      await tell(event('kill', AT, { signal: '1' }));
      expect(await note()).toBe(true);
      await tell(event('kill', AT, { signal: '15' }));
      expect(await note()).toBeNull();
      show(inspected({}, { Status: 'exited' }));
      expect(await note()).toBe(true);
    });

    it('believes the note of one that was started since it was asked to end', async () => {
      show();
      await tell(event('kill', AT, { signal: '15' }), event('start', AT + 1));
      expect(await note()).toBe(true);
    });
  });
});
