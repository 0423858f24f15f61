import { expect, it, vi } from 'vitest';
import { eventually } from '../support/monitored-engine.js';
import { describeWithDocker, whyNoDocker } from './docker-engine.js';
import { MonitoredDocker } from './monitored-docker.js';

describeWithDocker(
  'a real Docker whose containers run on without it (live-restore)',
  () => {
    const options = { check: { intervalMs: 60_000 } };
    const docker = MonitoredDocker.forTheseTests(options, undefined, ['--live-restore']);

    it.each(['SIGTERM', 'SIGKILL'] as const)(
      'has the one healed that crashed while it was away (%s), and the others left alone',
      async (signal) => {
        const names = ['crashed', 'killed', 'one', 'two'];
        await docker.run([...names, 'off'], () => ['--stop-timeout', '1']);
        await docker.watch();
        expect((await docker.post('containers/off/stop')).status).toBe(200);
        const [crashed, killed, ...others] = await docker.engine.pids(names);

        await docker.engine.stopDaemon(signal);
        await docker.engine.exit(crashed!, 3);
        process.kill(killed!, 'SIGKILL');
        await docker.engine.startDaemon();
        for (const name of ['crashed', 'killed']) await docker.healed(name);

        await vi.waitFor(() => expect(docker.status.engine.reachable).toBe(true), eventually);
        expect(await docker.engine.pids(['one', 'two'])).toEqual(others);
        expect(docker.launches.map(({ name }) => name).sort()).toEqual(['crashed', 'killed']);
        expect(docker.view('off')).toMatchObject({ state: 'exited', wish: 'stopped' });
        expect(docker.told).toEqual([]);
      },
    );
  },
  await whyNoDocker(),
);
