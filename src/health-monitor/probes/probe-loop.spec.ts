import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Probe } from '../../common/options/index.js';
import type { Container } from '../runtime/index.js';
import { InMemoryRuntime, ManualClock } from '../../testing/index.js';
import { ProbeLoop } from './probe-loop.js';

const TIMING = {
  everyMs: 30_000,
  timeoutMs: 5_000,
  failureThreshold: 3,
  successThreshold: 1,
  startMs: 0,
  notYetForMs: 60_000,
};

describe('asking many containers', () => {
  let clock: ManualClock;
  let runtime: InMemoryRuntime;
  let loop: ProbeLoop;
  let said: string[];
  let doubted: string[];
  const asked = new Map<string, number>();

  beforeEach(() => {
    clock = new ManualClock();
    runtime = new InMemoryRuntime({ clock });
    said = [];
    doubted = [];
    asked.clear();
    loop = new ProbeLoop(
      runtime,
      clock,
      {
        onChange: (name) => said.push(name),
        onDoubt: (names) => doubted.push(...names),
        onUnreachable: () => undefined,
      },
      () => 0.5,
    );
  });
  afterEach(() => loop.close());

  async function add(name: string, startedAt: number, answer: () => number = () => 0): Promise<Container> {
    const id = runtime.add({ name, state: 'running', startedAt });
    runtime.onExec(name, () => {
      asked.set(name, (asked.get(name) ?? 0) + 1);
      return { exitCode: answer(), output: '' };
    });
    return runtime.inspect(id);
  }
  const probed = (container: Container, ...probes: Probe[]) => ({
    container,
    begunAt: container.startedAt,
    probes: (probes.length > 0 ? probes : [{ exec: ['check'] }]).map((probe) => ({ ...TIMING, ...probe })),
    isUp: true,
    isAwaited: false,
  });
  async function pass(seconds: number, beat: () => void): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1_000);
      beat();
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Time for each to be asked once, in which real sockets and timers get their turn. */
  async function passOneRound(all: ReturnType<typeof probed>[]): Promise<void> {
    for (let second = 0; second < 35; second++) {
      await pass(1, () => loop.beat(all));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  it('asks each of 300 in its interval, also the last of them', async () => {
    const containers = await Promise.all(Array.from({ length: 300 }, (_, index) => add(`c${index}`, 0)));
    const all = containers.map((container) => probed(container));
    await pass(95, () => loop.beat(all));
    expect(Math.min(...containers.map(({ name }) => asked.get(name) ?? 0))).toBeGreaterThanOrEqual(3);
  });

  it('asks each in turn where an engine is too slow to ask all in their interval', async () => {
    const containers = await Promise.all(Array.from({ length: 300 }, (_, index) => add(`c${index}`, 0)));
    const all = containers.map((container) => probed(container));
    const exec = runtime.exec.bind(runtime);
    let answers: (() => void)[] = [];
    runtime.exec = async (...args) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return exec(...args);
    };
    const answerThoseAsked = (): void => {
      const now = answers;
      answers = [];
      for (const answer of now) answer();
    };
    await pass(120, () => {
      answerThoseAsked();
      loop.beat(all);
    });
    answerThoseAsked();
    expect(Math.min(...containers.map(({ name }) => asked.get(name) ?? 0))).toBeGreaterThanOrEqual(2);
  });

  it('goes on to count when the rules are worked out anew, and when it is renamed', async () => {
    const container = await add('app', 0, () => 1);
    let beats = 0;
    const name = () => (beats++ > 40 ? 'renamed' : 'app');
    await pass(65, () => loop.beat([probed({ ...container, name: name() })]));
    expect(loop.of(container)?.health).toBe('failed');
  });

  it('knows what it knew of one that was paused', async () => {
    const container = await add('app', clock.now() + 1);
    const all = [probed(container)];
    await pass(5, () => loop.beat(all));
    expect(loop.of(container)?.health).toBe('ok');
    await pass(60, () => loop.beat([{ ...all[0]!, isUp: false }]));
    expect(asked.get('app')).toBe(1);
    loop.beat(all);
    expect(loop.of(container)?.health).toBe('ok');
    expect(said).toEqual(['app', 'app']);
  });

  it('takes a new run for not yet ready until each of its probes has answered', async () => {
    const container = await add('app', clock.now() + 1);
    let end = (): void => undefined;
    runtime.onExec('app', (command) => ({ exitCode: command[0] === 'slow' ? 1 : 0, output: '' }));
    const all = [probed(container, { exec: ['fast'] }, { exec: ['slow'] })];
    const exec = runtime.exec.bind(runtime);
    runtime.exec = async (id, command, options) => {
      if (command[0] === 'slow') await new Promise<void>((resolve) => (end = resolve));
      return exec(id, command, options);
    };
    await pass(3, () => loop.beat(all));
    expect(loop.of(container)).toMatchObject({ health: 'not-yet', sentence: 'It has not been asked yet.' });
    end();
    await pass(1, () => loop.beat(all));
    expect(loop.of(container)?.sentence).not.toBe('It has not been asked yet.');
  });

  it('doubts failures of three also beside one that it cannot even log in to', async () => {
    const server = createServer((_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port: hostPort } = server.address() as AddressInfo;
    const published = [{ port: 80, host: '127.0.0.1', hostPort }];
    const all = await Promise.all(
      ['a', 'b', 'c', 'locked'].map(async (name) => {
        const container = await add(name, 0);
        const credentials = name === 'locked' ? { credentials: { env: 'PROBE_LOGIN_MISSING' } } : {};
        const reach = { published, addresses: [], hostNetwork: false };
        return probed({ ...container, reach }, { http: ':80/', failureThreshold: 1, ...credentials });
      }),
    );
    const round = () => passOneRound(all);
    await round();
    expect(all.map(({ container }) => loop.of(container)?.health)).toEqual(['ok', 'ok', 'ok', 'not-yet']);
    server.close().closeAllConnections();
    await round();
    await round();
    expect(doubted.sort()).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['all hang, as with an engine that is stuck', 3, ['a', 'b', 'c']],
    ['one of them ends, with an error', 2, []],
  ])('doubts commands of which %s', async (_, hanging, expected) => {
    const names = ['a', 'b', 'c'];
    let fails = false;
    const containers = await Promise.all(names.map((name) => add(name, 0, () => (fails ? 1 : 0))));
    const all = containers.map((one) => probed(one, { exec: ['x'], failureThreshold: 1, timeoutMs: 10 }));
    const round = () => passOneRound(all);
    await round();
    fails = true;
    const exec = runtime.exec.bind(runtime);
    const stuck = new Set(containers.slice(0, hanging).map(({ id }) => id));
    runtime.exec = (id, ...rest) => (stuck.has(id) ? new Promise<never>(() => undefined) : exec(id, ...rest));
    await round();
    await round();
    expect(doubted.sort()).toEqual(expected);
  });

  it('has nobody wait for a probe that cannot be asked', async () => {
    const container = await add('app', clock.now() + 1);
    loop.beat([probed(container, { tcp: ':80' })]);
    expect(loop.of(container)).toBeUndefined();
  });

  it('has the time to start go by as time does, whatever the clock shows', async () => {
    const container = await add('app', clock.now() + 1, () => 1);
    const all = [probed(container, { exec: ['check'], startMs: 10 * 60_000 })];
    await pass(5, () => loop.beat(all));
    clock.jumpWallClock(2 * 60 * 60_000);
    loop.clockSet(2 * 60 * 60_000);
    await pass(200, () => loop.beat(all));
    expect(loop.of(container)?.health).toBe('not-yet');
    await pass(500, () => loop.beat(all));
    expect(loop.of(container)?.health).toBe('failed');
  });
});
