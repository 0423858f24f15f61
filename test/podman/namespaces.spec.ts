import { readlink } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import { eventually, MonitoredPodman } from './monitored-podman.js';
import { describeWithPodman, whyNoPodman } from './podman-engine.js';

describeWithPodman(
  'containers in the namespaces of another one, on a real Podman',
  () => {
    const podman = MonitoredPodman.forTheseTests();

    const networkOf = async (name: string) => readlink(`/proc/${await podman.engine.pid(name)}/ns/net`);

    it('are restarted into the network of its new run when it was killed', async () => {
      await podman.run(['vpn']);
      await podman.run(['torrent'], () => ['--network', 'container:vpn']);
      await podman.watch();
      const before = await networkOf('vpn');
      expect(await networkOf('torrent')).toBe(before);

      await podman.kill('vpn');
      for (const name of ['vpn', 'torrent']) await podman.healed(name);
      const after = await networkOf('vpn');
      expect(after).not.toBe(before);
      expect(await networkOf('torrent')).toBe(after);
      expect(podman.launches.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
        'start vpn',
        'restart torrent',
      ]);
      await podman.checks(3);
      expect(podman.launches).toHaveLength(2);
      expect(podman.view('torrent')).toMatchObject({ attempts: 0, dependsOn: ['vpn'] });
      expect(podman.monitor.incidents()).toMatchObject([
        { cause: { container: 'vpn' }, victims: [{ container: 'torrent' }] },
      ]);
      expect(podman.told).toEqual([]);
    }, 120_000);

    const stateOf = (name: string) => podman.engine.podman('inspect', '--format', '{{.State.Status}}', name);

    /** A pod with two members, watched; gives the name of its infra container. */
    const shop = async (): Promise<string> => {
      await podman.engine.createPod('shop', 'pause');
      await podman.run(['web', 'db'], () => ['--pod', 'shop', '--stop-timeout', '1']);
      await podman.watch();
      expect(podman.monitor.containers().map(({ name }) => name)).toEqual(['web', 'db']);
      return 'pause';
    };

    it('of a pod are restarted together when what holds its namespaces was killed, as one incident', async () => {
      const infra = await shop();
      const before = await networkOf(infra);
      await podman.kill(infra);
      for (const name of ['web', 'db']) await podman.healed(name);
      await podman.checks(3);
      const after = await networkOf(infra);
      expect(after).not.toBe(before);
      for (const name of ['web', 'db']) expect(await networkOf(name)).toBe(after);
      expect(podman.launches.map(({ kind }) => kind)).toEqual(['start', 'restart', 'restart']);
      expect(podman.told).toEqual([]);
      const incidents = podman.monitor.incidents();
      expect(incidents).toMatchObject([{ cause: { container: 'pod shop' } }]);
      expect(incidents[0]!.victims.map(({ container }) => container).toSorted()).toEqual(['db', 'web']);
    }, 120_000);

    it('of a pod that a person stops are left off with it, and come back with it', async () => {
      const infra = await shop();
      await podman.engine.podman('pod', 'stop', '--time', '1', 'shop');
      await vi.waitFor(() => {
        for (const name of ['web', 'db']) expect(podman.view(name).wish).toBe('stopped');
      }, eventually);
      await podman.checks(8);
      for (const name of ['web', 'db', infra]) expect(await stateOf(name)).toBe('exited');
      await podman.engine.podman('pod', 'start', 'shop');
      await vi.waitFor(() => {
        for (const name of ['web', 'db']) expect(podman.view(name).status).toBe('healthy');
      }, eventually);
      await podman.checks(3);
      expect(podman.launches).toEqual([]);
      expect(podman.told).toEqual([]);
    }, 120_000);
  },
  await whyNoPodman(),
);
