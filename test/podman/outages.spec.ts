import { expect, it, vi } from 'vitest';
import { eventually, MonitoredPodman } from './monitored-podman.js';
import { describeWithPodman, whyNoPodman } from './podman-engine.js';

describeWithPodman(
  'outages around a real Podman',
  () => {
    const podman = MonitoredPodman.forTheseTests({ preset: 'archipelago' });

    it('tells that Podman is away, and back; then heals in order what died meanwhile', async () => {
      const names = ['archy-penpot-frontend', 'archy-bitcoin-knots', 'archy-mempool-db'];
      await podman.run([...names, 'survivor']);
      await podman.watch();
      await podman.engine.stopService();
      await vi.waitFor(
        () => expect(podman.told.map(({ type }) => type)).toEqual(['engine.unreachable']),
        eventually,
      );
      expect(podman.status.engine).toMatchObject({ reachable: false });
      expect((await podman.post('containers/survivor/start')).status).toBe(503);

      await podman.kill(...names);
      await podman.engine.startService();
      for (const name of names) await podman.healed(name);
      await vi.waitFor(() => {
        expect(podman.receiver.events).toEqual(['engine.unreachable', 'engine.reachable']);
      }, eventually);
      expect(podman.launches.map(({ name }) => name)).toEqual([...names].reverse());
      expect(podman.told.map(({ type }) => type)).toEqual(['engine.unreachable', 'engine.reachable']);
      expect(podman.status.engine.reachable).toBe(true);
    }, 120_000);

    it('starts all in order after the host was started anew, and makes no incident of it', async () => {
      const names = [
        'archy-lnd-ui',
        'archy-btcpay-server',
        'archy-lnd',
        'archy-nbxplorer',
        'archy-bitcoin-knots',
        'archy-btcpay-db',
      ];
      await podman.run([...names, 'off-by-choice']);
      await podman.watch();
      expect((await podman.post('containers/off-by-choice/stop')).status).toBe(200);

      // What the engine's own shutdown service does; our app may still be there to see it.
      await podman.engine.podman('stop', '--all', '--time', '1');
      await vi.waitFor(() => {
        for (const name of names) expect(podman.view(name).state).toBe('exited');
      }, eventually);
      await podman.unwatch();
      expect(podman.launches).toEqual([]);

      podman.host.boot = 'boot-2';
      podman.host.upSince = Date.now();
      podman.events.length = 0;
      await podman.watch();
      for (const name of names) await podman.healed(name);
      await podman.checks(2);
      expect(podman.launches.map(({ name }) => name)).toEqual([
        'archy-btcpay-db',
        'archy-bitcoin-knots',
        'archy-lnd',
        'archy-nbxplorer',
        'archy-btcpay-server',
        'archy-lnd-ui',
      ]);
      expect(podman.view('off-by-choice')).toMatchObject({ wish: 'stopped', state: 'exited' });
      expect(podman.monitor.incidents()).toEqual([]);
      expect(podman.told).toEqual([]);
    }, 120_000);
  },
  await whyNoPodman(),
);
