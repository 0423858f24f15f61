import { rm, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { connectHealthMonitor } from '../../src/client/index.js';
import type { HealthEvent } from '../../src/common/events/index.js';
import { itHealsWhatCrashed } from '../support/heals-what-crashed.js';
import { IMAGE } from '../support/real-engine.js';
import { eventually, MonitoredPodman } from './monitored-podman.js';
import { describeWithPodman, failingCheck, whyNoPodman } from './podman-engine.js';

describeWithPodman(
  'healing on a real Podman',
  () => {
    const podman = MonitoredPodman.forTheseTests();

    itHealsWhatCrashed(podman);

    it('starts again what lost its process together with conmon, or tells that Podman refuses to', async () => {
      await podman.run(['vanished']);
      await podman.watch();
      await podman.engine.killWithMonitor('vanished');
      // Podman 4.3 can be brought to start it only where init is slow to bury conmon.
      await vi.waitFor(() => {
        const healed = podman.view('vanished').status === 'healthy' && podman.launches.length > 0;
        expect(healed || podman.toldOf('vanished').includes('container.restart_failed')).toBe(true);
      }, eventually);
      expect(podman.launches[0]).toMatchObject({ name: 'vanished' });
    }, 120_000);

    it('gives up a crash loop, and tells that once: in the app, over the socket and by webhook', async () => {
      await podman.engine.run('loop', { command: ['sh', '-c', 'echo no luck; exit 7'] });
      await podman.watch();
      const heard: HealthEvent[] = [];
      const client = connectHealthMonitor(podman.url);
      client.subscribe((_state, change) => change.kind === 'events' && heard.push(...change.events));
      try {
        await vi.waitFor(() => expect(podman.view('loop').status).toBe('given-up'), eventually);
        await vi.waitFor(() => expect(podman.receiver.received).not.toEqual([]), eventually);
        await podman.checks(3);

        expect(podman.launchesOf('loop')).toHaveLength(3);
        expect(podman.toldOf('loop')).toEqual(['container.given_up']);
        expect(podman.receiver.received.map(({ body }) => body)).toEqual([
          expect.objectContaining({
            event: 'container.given_up',
            title: 'loop was given up',
            message: expect.stringContaining('3/3 attempts) and exited again with 7') as string,
            details: expect.objectContaining({ container: 'loop', attempt: 3, exit_code: 7 }) as unknown,
          }),
        ]);
        await vi.waitFor(() => {
          expect([...client.state.notifications.values()]).toMatchObject([
            { type: 'container.given_up', appId: 'loop' },
          ]);
          expect(client.state.containers.get('loop')?.status).toBe('given-up');
        }, eventually);
        expect(heard.filter(({ type }) => type === 'notification.created').length).toBeLessThanOrEqual(1);
        const incident = podman.monitor.incidents().find(({ cause }) => cause.container === 'loop');
        expect(incident).toMatchObject({ kind: 'down', status: 'open' });
        expect(incident?.cause.evidence?.log).toContain('no luck');
      } finally {
        client.close();
      }
    }, 120_000);

    it('restarts what is unhealthy by checks that do run', async () => {
      const check = [
        '--health-cmd',
        'test "$(cat /health)" = well',
        '--health-retries',
        '1',
        '--health-interval',
        '5s',
      ];
      await podman.engine.run('unwell', { args: check });
      await podman.engine.run('told-only', {
        args: [...check, '--label', 'health-monitor.unhealthy=notify'],
      });
      const become = async (health: 'well' | 'ill', name: string) => {
        await writeFile(`/proc/${await podman.engine.pid(name)}/root/health`, health);
        await podman.engine.runHealthCheck(name);
      };
      await become('well', 'unwell');
      await become('well', 'told-only');
      await podman.watch({ restart: { unhealthyForMs: 500 } });
      expect(podman.view('unwell')).toMatchObject({ status: 'healthy', health: 'healthy' });

      await become('ill', 'unwell');
      await become('ill', 'told-only');
      await vi.waitFor(
        () => expect(podman.launchesOf('unwell')).toMatchObject([{ kind: 'restart' }]),
        eventually,
      );
      await vi.waitFor(() => expect(podman.toldOf('told-only')).toEqual(['container.unhealthy']), eventually);
      await vi.waitFor(() => expect(podman.typesOf('unwell')).toContain('container.restarted'), eventually);
      await become('well', 'unwell');
      await vi.waitFor(() => expect(podman.view('unwell').status).toBe('healthy'), eventually);
      expect(podman.launchesOf('told-only')).toEqual([]);
      expect(podman.toldOf('unwell')).toEqual([]);
    }, 120_000);

    it("tells once of a loop under Podman's own restart policy, and leaves it alone", async () => {
      await podman.engine.run('engine-loop', {
        args: ['--restart', 'always'],
        command: ['sh', '-c', 'sleep 0.5; exit 5'],
      });
      await podman.watch();
      await vi.waitFor(
        () => expect(podman.toldOf('engine-loop')).toEqual(['container.crash_loop']),
        eventually,
      );
      await podman.checks(5);
      expect(podman.toldOf('engine-loop')).toEqual(['container.crash_loop']);
      await vi.waitFor(() => expect(podman.receiver.events).toEqual(['container.crash_loop']), eventually);
      expect(podman.launchesOf('engine-loop')).toEqual([]);
      expect(podman.view('engine-loop').owner).toBe('engine');
    }, 120_000);

    it.each(['stop', 'kill'] as const)(
      'starts again what Podman itself ended for its failing health check (%s)',
      async (action) => {
        await podman.engine.run('unwell', { args: failingCheck(action) });
        await podman.watch();
        await podman.engine.runHealthCheck('unwell');
        await vi.waitFor(() => {
          expect(podman.launchesOf('unwell')).toHaveLength(1);
          expect(podman.view('unwell')).toMatchObject({ state: 'running', wish: 'running' });
        }, eventually);
        expect(podman.told).toEqual([]);
      },
      120_000,
    );

    it('gives up, and tells once, what Podman by its own policy of always cannot restart', async () => {
      const volume = join(podman.engine.directory, 'volume');
      await mkdir(volume);
      await podman.engine.run('always', {
        args: ['--restart', 'always', '--volume', `${volume}:/volume`],
      });
      await podman.watch();
      await rm(volume, { recursive: true });
      await podman.kill('always');
      await vi.waitFor(() => expect(podman.view('always').decision.code).toBe('engine-gave-up'), eventually);
      await podman.checks(2);
      expect(podman.view('always')).toMatchObject({ wish: 'running', status: 'given-up' });
      expect(podman.toldOf('always')).toEqual(['container.given_up']);
      expect(podman.launches).toEqual([]);

      // Podman goes on trying.
      await mkdir(volume);
      await vi.waitFor(
        () => expect(podman.view('always')).toMatchObject({ state: 'running', status: 'healthy' }),
        eventually,
      );
      expect(podman.launches).toEqual([]);
    }, 120_000);

    it('asks a container by a command in it, waits while that says not yet, and restarts it when it fails', async () => {
      const probe = {
        exec: ['sh', '-c', 'cat /answer 2>&1; exit $(cat /exit)'],
        everyMs: 500,
        failureThreshold: 2,
      };
      await podman.run(['probed']);
      const answer = async (exit: number, words: string) => {
        const root = `/proc/${await podman.engine.pid('probed')}/root`;
        await writeFile(`${root}/answer`, words);
        await writeFile(`${root}/exit`, String(exit));
      };
      await answer(75, 'loading');
      await podman.watch({ restart: { unhealthyForMs: 1_000 }, containers: { probed: { probe } } });
      await vi.waitFor(
        () => expect(podman.view('probed')).toMatchObject({ status: 'not-yet', attempts: 0 }),
        eventually,
      );
      expect(podman.view('probed').progress).toMatchObject({ sentence: 'loading.' });
      await answer(3, 'lost my database');
      await vi.waitFor(() => expect(podman.launchesOf('probed')).toHaveLength(1), eventually);
      expect(podman.launches[0]?.kind).toBe('restart');
      // Its files can be reached once it runs again.
      await vi.waitFor(() => answer(0, 'fine'), eventually);
      await vi.waitFor(
        () => expect(podman.view('probed')).toMatchObject({ status: 'healthy', probe: { health: 'ok' } }),
        eventually,
      );
    }, 120_000);

    it('is not confused by a container that is removed or made anew while it heals', async () => {
      const fails = { command: ['sh', '-c', 'exit 9'] };
      await podman.engine.run('removed', fails);
      await podman.engine.run('recreated', fails);
      await podman.run(['neighbour']);
      await podman.watch({ restart: { backoffMs: [3_000], maxAttempts: 100 } });
      await vi.waitFor(() => {
        expect(podman.view('removed').status).toBe('backing-off');
        expect(podman.view('recreated').status).toBe('backing-off');
      }, eventually);

      await podman.engine.podman('rm', '--force', '--time', '0', 'removed', 'recreated');
      const id = await podman.engine.run('recreated');
      await vi.waitFor(() => {
        expect(podman.typesOf('removed')).toContain('container.removed');
        expect(podman.view('recreated')).toMatchObject({ id, status: 'healthy', attempts: 0 });
      }, eventually);
      expect(podman.monitor.containers().map(({ name }) => name)).not.toContain('removed');

      const before = podman.launchesOf('recreated').length;
      await podman.crash('recreated', 1);
      await podman.healed('recreated', before + 1);
      await podman.crash('neighbour', 1);
      await podman.healed('neighbour');
      expect(podman.status.engine.reachable).toBe(true);
    }, 120_000);

    it('knows a container under the name that it was given meanwhile', async () => {
      await podman.run(['app', 'blue', 'green']);
      await podman.watch();
      await podman.engine.podman('rename', 'app', 'shop');
      await vi.waitFor(() => expect(podman.view('shop').status).toBe('healthy'), eventually);
      await podman.kill('shop');
      await podman.healed('shop');
      for (const [from, to] of [
        ['blue', 'tmp'],
        ['green', 'blue'],
        ['tmp', 'green'],
      ] as const)
        await podman.engine.podman('rename', from, to);
      await vi.waitFor(() => expect(podman.view('green').status).toBe('healthy'), eventually);
      await podman.kill('green');
      await podman.healed('green');
      expect(
        podman.monitor
          .containers()
          .map(({ name }) => name)
          .toSorted(),
      ).toEqual(['blue', 'green', 'shop']);
    }, 120_000);

    it('takes names and labels that are made to hurt for what they are', async () => {
      for (const name of ['--help', 'two words', '../../etc', 'a;reboot']) {
        await expect(podman.engine.podman('create', `--name=${name}`, IMAGE, 'sh')).rejects.toThrow('name');
      }
      const longest = 'n'.repeat(200);
      const nasty = new Map([
        ['unicode', 'health-monitor.tier=дата\u202e\u0000база 🦀'.replaceAll('\u0000', '')],
        ['huge', `description=${'x'.repeat(10_000)}`],
        ['shell', 'health-monitor.depends-on=$(reboot),--help,`reboot`, ,__proto__,constructor'],
        ['prototype', '__proto__={"ignore":true}'],
        [longest, 'health-monitor.stop-timeout=-1'],
        ['a.b_c-d', 'health-monitor.on=<script>alert(1)</script>'],
      ]);
      await podman.run([...nasty.keys()], (name) => ['--label', nasty.get(name)!]);
      await podman.watch();
      await podman.kill(...nasty.keys());
      for (const name of nasty.keys()) await podman.healed(name);

      for (const name of ['--help', '..%2F..%2Fetc', '%F0%9F%A6%80', 'x'.repeat(5_000)]) {
        expect((await podman.post(`containers/${name}/start`)).status).toBe(404);
      }
    }, 120_000);

    it('tells when a start is refused, with the reason of Podman', async () => {
      const folder = join(podman.engine.directory, 'mounted');
      await mkdir(folder);
      await writeFile(join(folder, 'file'), '');
      await podman.engine.run('homeless', { args: ['--volume', `${folder}:/mounted`] });
      await podman.watch();
      await rm(folder, { recursive: true });
      await podman.crash('homeless', 1);
      await vi.waitFor(() => {
        expect(podman.toldOf('homeless')).toEqual(['container.restart_failed', 'container.given_up']);
      }, eventually);
      expect(podman.told[0]?.message).toMatch(/^Auto-restart failed \(attempt 1\/3\)\. .*mounted/);
    }, 120_000);
  },
  await whyNoPodman(),
);
