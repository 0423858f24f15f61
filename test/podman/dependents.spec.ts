import { expect, it, vi } from 'vitest';
import { DatabaseFleet, DEPENDENTS } from './database-fleet.js';
import { eventually, MonitoredPodman } from './monitored-podman.js';
import { describeWithPodman, whyNoPodman } from './podman-engine.js';

/** It must have been ready for a minute to count as recovered. */
const RECOVERED = { timeout: 120_000, interval: 100 };

describeWithPodman(
  'a database that cannot start, on a real Podman',
  () => {
    const podman = MonitoredPodman.forTheseTests();

    it('is told in two messages, its twenty dependents wait in silence and come back after it', async () => {
      const database = await DatabaseFleet.run(podman);
      await podman.watch();
      await database.corrupt();
      await podman.kill('database', ...DEPENDENTS);

      await vi.waitFor(() => expect(podman.view('database').status).toBe('given-up'), eventually);
      await vi.waitFor(() => {
        for (const name of DEPENDENTS) {
          expect(podman.view(name)).toMatchObject({ status: 'waiting', attempts: 0, nextAttemptAt: null });
        }
      }, eventually);
      await vi.waitFor(() => expect(podman.receiver.events).toEqual(['container.given_up']), eventually);
      await podman.checks(2);
      expect(podman.launches.map(({ name }) => name)).toEqual(['database', 'database', 'database']);
      expect(podman.monitor.incidents()).toMatchObject([
        {
          kind: 'down',
          status: 'open',
          cause: { container: 'database' },
          failedAttempt: {
            reason: 'It could not start again: exit 3.',
            evidence: { exitCode: 3, signal: null, log: expect.arrayContaining(['corrupt page 7']) },
          },
        },
      ]);
      expect(
        podman.monitor
          .incidents()[0]
          ?.victims.map(({ container }) => container)
          .toSorted(),
      ).toEqual(DEPENDENTS);

      await database.repair();
      podman.launches.length = 0;
      expect((await podman.post('containers/database/retry')).status).toBe(200);
      for (const name of ['database', ...DEPENDENTS]) await podman.healed(name);
      // First the database, then who needs it, then each frontend as soon as its own application is ready.
      const launched = podman.launches.map(({ name }) => name);
      expect(launched.slice(0, 11)).toEqual(['database', ...DEPENDENTS.slice(0, 10)]);
      expect(launched.slice(11).toSorted()).toEqual(DEPENDENTS.slice(10));

      await vi.waitFor(() => {
        expect(podman.receiver.events).toEqual(['container.given_up', 'container.recovered']);
      }, RECOVERED);
      const message = podman.receiver.received.at(-1)?.body.message;
      expect(message).toMatch(/^Down for .*\. Also back: (app-\d\d, ){6}app-\d\d and 13 more\.$/);
      expect(podman.told.map(({ type, appId }) => `${type} ${appId}`)).toEqual([
        'container.given_up database',
        'container.recovered database',
      ]);
      expect(podman.monitor.incidents()).toMatchObject([{ status: 'resolved', endedBy: 'person' }]);
    }, 300_000);
  },
  await whyNoPodman(),
);
