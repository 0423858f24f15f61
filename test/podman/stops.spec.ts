import { expect, it, vi } from 'vitest';
import { DatabaseFleet, DEPENDENTS } from './database-fleet.js';
import { endsWith, eventually, MonitoredPodman } from './monitored-podman.js';
import { describeWithPodman, whyNoPodman } from './podman-engine.js';

/** More by hand, best beside other work: `ROUNDS=30 STOPS=200 npx vitest run test/podman/stops.spec.ts`. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
const STOPS = Number(process.env['STOPS'] ?? 20);
const STOPS_A_ROUND = 20;
/** How they end when they are stopped; `null`: they do not, so the engine kills them. */
const ENDS = [0, 1, 143, null];

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describeWithPodman(
  'stops and quick ends, on a real Podman',
  () => {
    const podman = MonitoredPodman.forTheseTests();

    it.each(numbers(ROUNDS))(
      'gives up a database that ends at once after each start, and takes none of its ends for a stop (%i)',
      async () => {
        const database = await DatabaseFleet.run(podman);
        await podman.watch();
        await database.corrupt();
        await podman.crashTogether(1, 'database', ...DEPENDENTS);

        await vi.waitFor(() => expect(podman.view('database').status).toBe('given-up'), eventually);
        await vi.waitFor(() => expect(podman.receiver.events).toEqual(['container.given_up']), eventually);
        await podman.checks(2);
        expect(podman.launches.map(({ name }) => name)).toEqual(['database', 'database', 'database']);
        expect(podman.told.map(({ type, appId }) => `${type} ${appId}`)).toEqual([
          'container.given_up database',
        ]);
        expect(podman.events.filter(({ type }) => type === 'container.stopped')).toEqual([]);
        // A busy engine may not have shown yet who ended them.
        await vi.waitFor(() => {
          for (const name of DEPENDENTS)
            expect(podman.view(name)).toMatchObject({ status: 'waiting', wish: 'running' });
        }, eventually);
      },
      180_000,
    );

    it.each(numbers(Math.ceil(STOPS / STOPS_A_ROUND)))(
      'undoes no stop, whether a person or the monitor began that run (%i)',
      async () => {
        const names = numbers(STOPS_A_ROUND).map((number) => `service-${number}`);
        for (const [index, name] of names.entries()) {
          const command = endsWith(ENDS[index % ENDS.length]!);
          await podman.engine.run(name, { args: ['--stop-timeout', '1'], command });
        }
        const healed = names.slice(STOPS_A_ROUND / 2);
        await podman.watch();
        await podman.kill(...healed);
        for (const name of healed) await podman.healed(name);
        // Before a run of ours was ready once, nobody can tell a stop of it from a quick end (see how it decides).
        await vi.waitFor(() => {
          for (const name of healed) expect(podman.view(name).decision.code).toBe('settling-in');
        }, eventually);
        await podman.checks(6);

        // Four people at once, so that stops overlap with each other and with what is decided about the earlier ones.
        const waiting = [...names];
        const stopOneAfterAnother = async () => {
          for (let name = waiting.pop(); name !== undefined; name = waiting.pop())
            await podman.engine.podman('stop', name);
        };
        await Promise.all(ENDS.map(stopOneAfterAnother));
        await podman.checks(3);

        const undone: string[] = [];
        for (const name of names) {
          const { wish, status, state, decision } = podman.view(name);
          if (wish === 'stopped' && status === 'stopped' && state === 'exited') continue;
          const events = await podman.engine.eventsOf(name);
          undone.push(`${name}: ${wish}, ${status}, ${state}, ${decision.code}\n${events}`);
        }
        expect(undone).toEqual([]);
        expect(podman.launches.map(({ name }) => name).toSorted()).toEqual(healed.toSorted());
        expect(podman.told).toEqual([]);
      },
      180_000,
    );
  },
  await whyNoPodman(),
);
