import { expect, it, vi } from 'vitest';
import { IMAGE } from '../support/real-engine.js';
import { endsWith, eventually, MonitoredPodman } from './monitored-podman.js';
import { describeWithPodman, whyNoPodman } from './podman-engine.js';

describeWithPodman(
  'wishes of people, on a real Podman',
  () => {
    const podman = MonitoredPodman.forTheseTests();

    it('leaves off what somebody stopped on the command line, however it ended', async () => {
      const exits = new Map([
        ['ended-well', 0],
        ['ended-badly', 1],
        ['ended-by-signal', 143],
        ['killed-by-podman', null],
      ]);
      for (const [name, code] of exits) {
        await podman.engine.run(name, { args: ['--stop-timeout', '1'], command: endsWith(code) });
      }
      await podman.run(['crashed']);
      await podman.watch();
      // One after another, so that stops overlap with what is decided about the earlier ones.
      for (const name of exits.keys()) await podman.engine.podman('stop', name);
      await podman.crash('crashed', 1);
      await podman.healed('crashed');
      await podman.checks(3);

      for (const name of exits.keys()) {
        expect(podman.view(name)).toMatchObject({ wish: 'stopped', status: 'stopped', state: 'exited' });
      }
      expect(podman.launches.map(({ name }) => name)).toEqual(['crashed']);
      expect(podman.told).toEqual([]);

      // Started again by hand, it is wished running again.
      await podman.engine.podman('start', 'ended-badly');
      await vi.waitFor(
        () => expect(podman.view('ended-badly')).toMatchObject({ wish: 'running' }),
        eventually,
      );
      await podman.kill('ended-badly');
      await podman.healed('ended-badly');
    }, 120_000);

    it('leaves alone what somebody ran in the foreground, and not what was run in the background', async () => {
      await podman.watch();
      const fails = [IMAGE, 'sh', '-c', 'sleep 1; exit 1'];
      await podman.engine
        .podman('run', '-i', '--network', 'none', '--name', 'job', ...fails)
        .catch(() => null);
      await podman.engine.podman('run', '-id', '--network', 'none', '--name', 'service', ...fails);
      await podman.healed('service');
      await podman.checks(3);
      expect(podman.view('job')).toMatchObject({ status: 'stopped', decision: { code: 'job-ended' } });
      expect(podman.launches.map(({ name }) => name)).not.toContain('job');
    }, 120_000);

    it('leaves off what somebody stopped on the command line while the monitor was away', async () => {
      const exits = new Map([
        ['ended-badly', 1],
        ['killed-by-podman', null],
      ]);
      for (const [name, code] of exits) {
        await podman.engine.run(name, { args: ['--stop-timeout', '1'], command: endsWith(code) });
      }
      await podman.run(['crashed']);
      await podman.watch();
      await podman.unwatch();
      for (const name of exits.keys()) await podman.engine.podman('stop', name);
      await podman.kill('crashed');
      await podman.watch({ check: { startupDelayMs: 4_000 } });
      await podman.healed('crashed');
      await podman.checks(3);
      for (const name of exits.keys()) {
        expect(podman.view(name)).toMatchObject({ wish: 'stopped', status: 'stopped', state: 'exited' });
      }
      expect(podman.launches.map(({ name }) => name)).toEqual(['crashed']);
    }, 120_000);

    it('leaves off what was stopped over REST, also in the next process', async () => {
      await podman.engine.run('stopped', { args: ['--stop-timeout', '1'], command: endsWith(null) });
      await podman.run(['crashed']);
      await podman.watch();
      const answer = await podman.post('containers/stopped/stop');
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ wish: 'stopped', status: 'stopped', state: 'exited' });
      await podman.checks(3);

      await podman.unwatch();
      await podman.kill('crashed');
      await podman.watch();
      await podman.healed('crashed');
      await podman.checks(3);
      expect(podman.view('stopped')).toMatchObject({ wish: 'stopped', status: 'stopped', state: 'exited' });
      expect(podman.launchesOf('stopped')).toEqual([]);

      expect((await podman.post('containers/stopped/start')).status).toBe(200);
      expect(podman.view('stopped')).toMatchObject({ wish: 'running', state: 'running' });
      expect(podman.told).toEqual([]);
    }, 120_000);

    it('keeps its hands off a container on hold until it is released', async () => {
      await podman.run(['held', 'other']);
      await podman.watch();
      expect((await podman.post('containers/held/hold', { reason: 'backup' })).status).toBe(200);
      await podman.kill('held', 'other');
      await podman.healed('other');
      await podman.checks(3);
      expect(podman.view('held')).toMatchObject({ desired: 'held', status: 'held', state: 'exited' });
      expect(podman.launchesOf('held')).toEqual([]);

      expect((await podman.post('containers/held/release')).status).toBe(200);
      await podman.healed('held');
      expect(podman.told).toEqual([]);
    }, 120_000);

    it('heals nothing before the end of the start-up delay, and then what is down', async () => {
      await podman.run(['down-before', 'down-meanwhile']);
      await podman.kill('down-before');
      await podman.engine.podman('wait', '--condition', 'exited', 'down-before');
      await podman.watch({ check: { startupDelayMs: 12_000 } });
      await podman.kill('down-meanwhile');
      await vi.waitFor(() => {
        expect(podman.view('down-before').decision.code).toBe('start-up-delay');
        expect(podman.view('down-meanwhile').decision.code).toBe('start-up-delay');
      }, eventually);
      expect(podman.launches).toEqual([]);
      expect(Date.now()).toBeLessThan(Date.parse(podman.status.healingFrom));

      await podman.healed('down-before');
      await podman.healed('down-meanwhile');
      const started = (name: string) => Date.parse(podman.view(name).startedAt!);
      for (const name of ['down-before', 'down-meanwhile']) {
        expect(started(name)).toBeGreaterThanOrEqual(Date.parse(podman.status.healingFrom));
      }
    }, 120_000);
  },
  await whyNoPodman(),
);
