import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS } from '../../src/common/options/index.js';
import { SystemClock } from '../../src/common/clock/index.js';
import {
  createEngineRuntime,
  EngineEventFeed,
  type ContainerRuntime,
  type EngineEvent,
  type ExitHint,
} from '../../src/health-monitor/runtime/index.js';
import { PodmanApiRuntime } from '../../src/health-monitor/runtime/podman/podman-api.runtime.js';
import { PodmanCliRuntime } from '../../src/health-monitor/runtime/podman/podman-cli.runtime.js';
import { IMAGE } from '../support/real-engine.js';
import { until } from '../support/until.js';
import { describeWithPodman, PodmanEngine, whyNoPodman } from './podman-engine.js';

const MIB = 1024 * 1024;
const STOP = { timeoutMs: 2_000 };

describeWithPodman(
  'a real Podman',
  () => {
    let engine: PodmanEngine;
    let api: ContainerRuntime;
    let cli: ContainerRuntime;

    beforeAll(async () => {
      engine = await PodmanEngine.start();
      api = new PodmanApiRuntime({ socketPath: engine.socketPath, timeoutMs: 10_000 });
      cli = new PodmanCliRuntime({ command: engine.command, timeoutMs: 10_000 });
    }, 60_000);
    afterAll(() => engine?.dispose(), 60_000);

    it('shows the health that the last check found, and none once it has exited', async () => {
      const id = await engine.run('health', {
        args: ['--health-cmd', 'test -e /healthy', '--health-retries', '1'],
      });
      expect((await api.inspect(id)).health).toBe('starting');
      expect((await api.inspect(id)).healthCheck).toMatchObject({
        intervalMs: 30_000,
        onFailure: 'none',
        lastRunAt: null,
      });

      await engine.runHealthCheck(id);
      const container = await api.inspect(id);
      expect(container.health).toBe('unhealthy');
      expect(container.healthCheck?.lastRunAt).toBeGreaterThanOrEqual(Number(container.startedAt));
      for (const runtime of [api, cli]) {
        expect((await runtime.list()).find((one) => one.id === id)?.health).toBe('unhealthy');
      }

      await engine.crash(id, 1);
      for (const runtime of [api, cli]) {
        expect((await runtime.list()).find((one) => one.id === id)?.health).toBe('none');
        expect((await runtime.inspect(id)).health).toBe('none');
      }
    });

    it('sees that a process vanished with its conmon, and brings it back', async () => {
      const started = await engine.run('vanished-start');
      const restarted = await engine.run('vanished-restart');
      expect((await api.inspect(started)).processVanished).toBe(false);
      await Promise.all([engine.killWithMonitor(started), engine.killWithMonitor(restarted)]);
      for (const runtime of [api, cli]) {
        await runtime.list();
        expect(await runtime.inspect(started)).toMatchObject({ state: 'running', processVanished: true });
        expect((await runtime.list()).find(({ id }) => id === restarted)?.processVanished).toBe(true);
      }

      // Podman 4.3 can only be brought to start it while conmon is a zombie: not where init is quick to bury it.
      await Promise.all(
        [api.start(started), cli.restart(restarted, STOP)].map(async (act, index) => {
          const error = await act.then(
            () => null,
            (reason: unknown) => reason,
          );
          if (error) {
            const message = expect.stringContaining('Podman lost track of it') as string;
            expect(error).toMatchObject({ kind: 'refused', message });
          } else {
            const id = [started, restarted][index] ?? '';
            expect(await api.inspect(id)).toMatchObject({ state: 'running', processVanished: false });
          }
        }),
      );
    });

    it('reads the memory of the others while one has lost its process', async () => {
      const id = await engine.run('beside-lost');
      const lost = await engine.run('lost');
      await engine.killWithMonitor(lost);
      for (const runtime of [api, cli]) {
        const readings = await runtime.memory();
        expect(readings.find((reading) => reading.id === id)?.figure).toBe('cgroup');
      }
    });

    it('counts what a container holds, not the files that it reads', async () => {
      const id = await engine.run('files', {
        args: ['--memory', '256m', '--tmpfs', '/held:rw,size=64m'],
        command: ['sh', '-c', 'dd if=/dev/zero of=/file bs=1M count=60; cat /file >/dev/null; sleep 1000'],
      });
      const used = async (runtime: ContainerRuntime) =>
        (await runtime.memory()).find((reading) => reading.id === id);
      const kernelSays = () => engine.podman('stats', '--no-stream', '--format', '{{.MemUsage}}', id);
      await until(async () => /^[67]\d\.\d+MB/.test(await kernelSays()), 'the file is in the page cache');
      for (const runtime of [api, cli]) {
        expect(await used(runtime)).toMatchObject({ figure: 'cgroup', limitBytes: 256 * MIB });
        expect((await used(runtime))?.usedBytes).toBeLessThan(10 * MIB);
      }

      await engine.podman('exec', id, 'dd', 'if=/dev/zero', 'of=/held/file', 'bs=1M', 'count=40');
      expect((await used(api))?.usedBytes).toBeGreaterThan(40 * MIB);
    });

    it('gives a container its time to end in a restart', async () => {
      const id = await engine.run('graceful', {
        command: [
          'sh',
          '-c',
          "trap 'echo saved; exit 0' TERM; echo begun; while :; do sleep 1000 & wait; done",
        ],
      });
      await until(async () => (await api.logs(id, 10)).includes('begun'), 'it has begun');
      await api.restart(id, { timeoutMs: 10_000 });
      expect(await api.logs(id, 10)).toContain('saved');
    });

    it("gives its time to end also to one that was made through Docker's API without one (Podman before 4.7)", async () => {
      const madeWith = async (name: string, more: object) => {
        const { body } = await request('http://podman/v1.41/containers/create', {
          dispatcher: new Agent({ connect: { socketPath: engine.socketPath } }),
          method: 'POST',
          query: { name },
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ Image: IMAGE, Cmd: ['true'], HostConfig: { NetworkMode: 'none' }, ...more }),
        });
        return ((await body.json()) as { Id: string }).Id;
      };
      expect(await api.inspect(await madeWith('compose', {}))).toMatchObject({ stopTimeoutMs: 10_000 });
      const patient = await madeWith('patient', { StopTimeout: 33 });
      expect(await cli.inspect(patient)).toMatchObject({ stopTimeoutMs: 33_000 });
      const id = await engine.run('impatient', { args: ['--stop-timeout', '0'] });
      expect(await api.inspect(id)).toMatchObject({ stopTimeoutMs: 0 });
    });

    it('reads both streams of a log in the order of writing', async () => {
      const id = await engine.run('order', {
        command: [
          'sh',
          '-c',
          'for i in 1 2 3; do echo out $i; sleep 0.02; echo err $i >&2; sleep 0.02; done; sleep 1000',
        ],
      });
      const lines = ['out 1', 'err 1', 'out 2', 'err 2', 'out 3', 'err 3'];
      await until(async () => (await api.logs(id, 10)).length === lines.length, 'all is written');
      expect(await api.logs(id, 10)).toEqual(lines);
      expect(await cli.logs(id, 10)).toEqual(lines);
      expect(await api.logs(id, 2)).toEqual(lines.slice(-2));
      expect(await cli.logs(id, 2)).toEqual(lines.slice(-2));
    });

    it('names what a container requires, and what the engine would do by itself', async () => {
      const database = await engine.run('database');
      const id = await engine.run('application', {
        args: [
          '--requires',
          'database',
          '--restart',
          'on-failure:3',
          '--stop-timeout',
          '33',
          '--label',
          'a=b',
        ],
      });
      for (const runtime of [api, cli]) {
        expect(await runtime.inspect(id)).toMatchObject({
          requires: [database],
          restartPolicy: 'on-failure',
          stopTimeoutMs: 33_000,
          labels: { a: 'b' },
        });
      }
    });

    it('says why Podman refuses', async () => {
      const id = await engine.run('paused');
      await engine.podman('pause', id);
      for (const runtime of [api, cli]) {
        await expect(runtime.start(id)).rejects.toMatchObject({
          kind: 'refused',
          message: expect.stringContaining('state improper') as string,
        });
      }
      await engine.podman('unpause', id);

      const broken = await engine.podman(
        'create',
        '--name',
        'broken',
        '--network',
        'none',
        IMAGE,
        '/no/such/program',
      );
      for (const runtime of [api, cli]) {
        await expect(runtime.start(broken)).rejects.toMatchObject({
          kind: 'refused',
          message: expect.stringContaining('/no/such/program') as string,
        });
      }
    });

    it('tells a stop from a crash by a second cleanup, where only events can (Podman up to 4.5)', async (context) => {
      if ((await api.info()).tellsWhoStopped !== 'events')
        return context.skip('this Podman has a flag for it');
      const stopped = await engine.run('stopped');
      const crashed = await engine.run('crashed');
      const events: EngineEvent[] = [];
      const closing = new AbortController();
      const ended = (async () => {
        for await (const event of api.events({ since: 0, signal: closing.signal })) events.push(event);
      })();
      const cleanups = (id: string) =>
        events.filter((event) => event.id === id && event.action === 'cleaned-up').length;
      await engine.crash(crashed, 1);
      await engine.podman('stop', stopped);
      await until(() => cleanups(stopped) === 2 && cleanups(crashed) === 1, 'the cleanups are told');
      closing.abort();
      await ended;
    });

    describe('when its API service goes away', () => {
      it('is an outage while it is gone, and the containers go on', async () => {
        const id = await engine.run('goes-on');
        await engine.stopService();
        await expect(api.list()).rejects.toMatchObject({
          kind: 'outage',
          message: expect.stringContaining('systemctl enable --now podman.socket') as string,
        });
        expect((await cli.inspect(id)).state).toBe('running');
        await engine.startService();
        expect((await api.inspect(id)).state).toBe('running');
      });

      it('is a timeout while it hangs', async () => {
        const hasty = new PodmanApiRuntime({ socketPath: engine.socketPath, timeoutMs: 200 });
        engine.signalService('SIGSTOP');
        await expect(hasty.list()).rejects.toMatchObject({ kind: 'timeout' });
        engine.signalService('SIGCONT');
        await expect(api.list()).resolves.not.toEqual([]);
      });

      it('does not keep exits from being heard of', async () => {
        const id = await engine.run('unheard');
        const exits: ExitHint[] = [];
        const closing = new AbortController();
        const events = api.events({ signal: closing.signal, onExit: (exit) => exits.push(exit) });
        const next = events[Symbol.asyncIterator]().next();
        await api.inspect(id);
        const pid = await engine.pid(id);
        await writeFile(`/proc/${pid}/root/exit-code`, '139');
        engine.signalService('SIGSTOP');
        try {
          process.kill(pid, 'SIGUSR1');
          await until(() => exits.some((exit) => exit.id === id), 'the exit is heard of');
          expect(exits).toContainEqual({ id, exitCode: 139 });
        } finally {
          engine.signalService('SIGCONT');
          closing.abort();
          await next;
        }
      });

      it('misses no event over it, and tells none twice', async () => {
        const id = await engine.run('missed');
        const heard: string[] = [];
        let gaps = 0;
        let isListening = false;
        const feed = new EngineEventFeed(
          api,
          new SystemClock(),
          {
            onEvent: (event) => event.id === id && heard.push(event.action),
            onGap: () => gaps++,
            onStatus: ({ state }) => (isListening = state === 'listening'),
          },
          { delay: () => promisify(setTimeout)(20) },
        );
        feed.start();
        await until(() => isListening, 'it listens');
        await engine.crash(id, 1);
        await until(() => heard.includes('cleaned-up'), 'the crash is told');
        await engine.stopService();
        await until(() => !isListening, 'the stream breaks');
        await engine.podman('start', id);
        await engine.startService();
        await until(() => heard.includes('started'), 'the start is told');
        await engine.crash(id, 1);
        await until(
          () => heard.filter((action) => action === 'cleaned-up').length === 2,
          'the second crash is told',
        );
        await feed.stop();
        expect(heard).toEqual(['died', 'cleaned-up', 'started', 'died', 'cleaned-up']);
        expect(gaps).toBe(1);
      });
    });

    it.each(['auto', 'docker'] as const)(
      'is spoken to in its own language where Docker was expected (%s)',
      async (kind) => {
        const { socketPath } = engine;
        const found = createEngineRuntime({
          ...DEFAULT_OPTIONS.runtime,
          kind,
          socketPath,
          command: ['no-such-command'],
        });
        expect(await found.info()).toMatchObject({ kind: 'podman', address: socketPath });
      },
    );

    it('leaves nothing of a command behind that was given up', async () => {
      const hasty = new PodmanCliRuntime({ command: engine.command, timeoutMs: 1 });
      await expect(hasty.list()).rejects.toMatchObject({ kind: 'timeout' });
      const running = async () => {
        const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
        return stdout
          .split('\n')
          .some((line) => line.includes(engine.directory) && line.includes('ps --all'));
      };
      await until(async () => !(await running()), 'the command has ended');
    });
  },
  await whyNoPodman(),
);
