import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PodmanApiRuntime } from '../../src/health-monitor/runtime/podman/podman-api.runtime.js';
import { PodmanCliRuntime } from '../../src/health-monitor/runtime/podman/podman-cli.runtime.js';
import { describeContainerRuntime } from '../contract/container-runtime.contract.js';
import { podmanApiHarness } from '../contract/podman.harness.js';
import { eventually, MonitoredPodman } from './monitored-podman.js';
import { inDebian13, whyNoDebian13 } from '../support/debian-13.js';
import { describeWithPodman, failingCheck, PodmanEngine } from './podman-engine.js';

const OPTIONS = { timeoutMs: 10_000 };

describeWithPodman(
  'Podman 5',
  () => {
    describeContainerRuntime('PodmanApiRuntime on Podman 5', async () =>
      podmanApiHarness(
        await PodmanEngine.start(inDebian13),
        ({ socketPath }) => new PodmanApiRuntime({ socketPath, ...OPTIONS }),
      ),
    );

    let engine: PodmanEngine;
    let api: PodmanApiRuntime;
    let cli: PodmanCliRuntime;
    beforeAll(async () => {
      engine = await PodmanEngine.start(inDebian13);
      api = new PodmanApiRuntime({ socketPath: engine.socketPath, ...OPTIONS });
      cli = new PodmanCliRuntime({ command: engine.command, ...OPTIONS });
    }, 60_000);
    afterAll(() => engine?.dispose(), 60_000);

    it('flags a stop on the command line as a person’s, and a crash as nobody’s', async () => {
      expect(await api.info()).toMatchObject({
        version: expect.stringMatching(/^5\./) as string,
        tellsWhoStopped: 'flag',
      });
      const stopped = await engine.run('stopped');
      const crashed = await engine.run('crashed');
      await engine.podman('stop', stopped);
      await engine.crash(crashed, 1);
      for (const runtime of [api, cli]) {
        expect((await runtime.inspect(stopped)).stoppedByUser).toBe(true);
        expect((await runtime.inspect(crashed)).stoppedByUser).toBe(false);
      }
    });

    it.each(['stop', 'kill'] as const)(
      'says of what the engine ended for its failing health check (%s) that it failed, and that a person did it',
      async (action) => {
        const id = await engine.run(`ended-by-${action}`, { args: failingCheck(action) });
        await engine.runHealthCheck(id);
        for (const runtime of [api, cli]) {
          await expect
            .poll(() => runtime.inspect(id))
            .toMatchObject({
              state: 'exited',
              stoppedByUser: true,
              health: 'none',
              healthCheck: { onFailure: action, lastStatus: 'unhealthy' },
            });
          const { startedAt, healthCheck } = await runtime.inspect(id);
          expect(healthCheck?.lastRunAt).toBeGreaterThan(Number(startedAt));
        }
      },
    );

    it('tells with each health check what that found', async () => {
      const args = ['--health-cmd', 'cat /healthy', '--health-retries', '1'];
      const id = await engine.run('checked', { args });
      const since = Date.now();
      await engine.setHealthy(id, true);
      await engine.runHealthCheck(id);
      await engine.setHealthy(id, false);
      await engine.runHealthCheck(id);
      for (const runtime of [api, cli]) {
        const said: unknown[] = [];
        for await (const event of runtime.events({ since, signal: AbortSignal.timeout(10_000) })) {
          if (event.id === id && event.action === 'health-checked') said.push(event.health);
          if (said.length === 2) break;
        }
        expect(said).toEqual(['healthy', 'unhealthy']);
      }
    });

    it('has a container that turns unhealthy noticed at once, long before the next full check', async () => {
      const podman = await MonitoredPodman.prepare({ check: { intervalMs: 3_600_000 } }, inDebian13);
      try {
        await podman.engine.run('app', { args: ['--health-cmd', 'cat /healthy', '--health-retries', '1'] });
        await podman.engine.setHealthy('app', true);
        await podman.engine.runHealthCheck('app');
        await podman.watch();
        expect(podman.view('app').status).toBe('healthy');
        await podman.engine.setHealthy('app', false);
        await vi.waitFor(async () => {
          await podman.engine.runHealthCheck('app');
          expect(podman.view('app').status).toBe('unhealthy');
        }, eventually);
      } finally {
        await podman.dispose();
      }
    }, 120_000);

    it('has a crash healed before its events tell of it, and never what crashes when a person stops it', async () => {
      const podman = await MonitoredPodman.prepare({ check: { intervalMs: 3_600_000 } }, inDebian13);
      const crashesWhenStopped = {
        command: ['sh', '-c', "trap 'exit 139' TERM; while :; do sleep 1000 & wait; done"],
      };
      try {
        // Healthy: else it would be looked at again soon, to see whether it is ready.
        await podman.engine.run('crashed', { args: ['--health-cmd', 'true'] });
        await podman.engine.runHealthCheck('crashed');
        await podman.engine.run('stopped', crashesWhenStopped);
        await podman.engine.run('restarted', crashesWhenStopped);
        await podman.watch();
        podman.ignoreEvents();
        await podman.engine.podman('stop', 'stopped');
        await podman.engine.podman('restart', 'restarted');
        await podman.crash('crashed', 139);
        await vi.waitFor(() => expect(podman.launchesOf('crashed')).toHaveLength(1), eventually);
        expect(podman.launches).toHaveLength(1);
        expect(await podman.engine.podman('inspect', '--format', '{{.State.ExitCode}}', 'stopped')).toBe(
          '139',
        );
      } finally {
        await podman.dispose();
      }
    }, 120_000);

    it('is read the same through the command line', async () => {
      const id = await engine.run('same', { args: ['--label', 'a=b'] });
      const [byApi, byCli] = await Promise.all([api.inspect(id), cli.inspect(id)]);
      expect(byCli).toEqual(byApi);
      expect((await cli.list()).find((one) => one.id === id)).toEqual(
        (await api.list()).find((one) => one.id === id),
      );
      expect((await cli.memory()).find((one) => one.id === id)?.figure).toBe('cgroup');
      expect(await cli.logs(id, 5)).toEqual(await api.logs(id, 5));
      await engine.crash(id, 4);
      for await (const event of cli.events({
        since: byApi.startedAt ?? 0,
        signal: AbortSignal.timeout(10_000),
      })) {
        if (event.id !== id || event.action !== 'died') continue;
        expect(event).toMatchObject({ name: 'same', exitCode: 4 });
        return;
      }
      expect.unreachable('The crash was not told.');
    });

    it('brings back a container whose process vanished with its conmon', async () => {
      const id = await engine.run('vanished');
      await api.inspect(id);
      await engine.killWithMonitor(id);
      expect((await api.inspect(id)).processVanished).toBe(true);
      await expect(api.start(id)).resolves.toBe('started');
      expect(await api.inspect(id)).toMatchObject({ state: 'running', processVanished: false });
    });
  },
  await whyNoDebian13(),
);
