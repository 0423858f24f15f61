import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { endsWith, eventually, MonitoredPodman } from '../podman/monitored-podman.js';
import { describeWithPodman, whyNoPodman } from '../podman/podman-engine.js';
import { randomOf, shuffled } from '../support/random.js';
import { until } from '../support/until.js';
import { FaultProxy } from './fault-proxy.js';

/** More by hand, of other seeds: `FAULT_ROUNDS=50 SEED=1 npx vitest run test/faults/engine-faults.spec.ts`. */
const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 1);
const SEED = Number(process.env['SEED'] ?? 810_179);
/** So many calls go wrong between two acts, and after the last one. */
const FAULTS_BETWEEN = 2;
const TIMEOUT_MS = 3_000;
/** It may take half a minute until the monitor asks again for events that broke so often. */
const afterwards = { ...eventually, timeout: 120_000 };

const CRASHING = ['crash-1', 'crash-2', 'crash-3'];
const KILLED = ['kill-1', 'kill-2', 'kill-3'];
const STOPPED = ['stop-1', 'stop-2', 'stop-3'];
/** The last of them is killed by its stop, which looks like a crash until the engine's events tell of it. */
const KILLED_BY_STOP = STOPPED.at(-1)!;
const RESTARTED = ['restart-1'];
const UNTOUCHED = ['quiet-1', 'quiet-2'];
const RUNNING = [...CRASHING, ...KILLED, ...RESTARTED, ...UNTOUCHED];

describeWithPodman(
  'an engine whose answers fail, come late, or are not what they should be',
  () => {
    let podman: MonitoredPodman;
    let proxy: FaultProxy;

    beforeAll(async () => {
      podman = await MonitoredPodman.prepare();
      const { socketPath, directory } = podman.engine;
      proxy = await FaultProxy.start(socketPath, join(directory, 'faults.sock'));
      podman.way = { socketPath: proxy.socketPath, timeoutMs: TIMEOUT_MS };
    }, 120_000);
    afterEach(async () => {
      proxy.calm();
      await podman.reset();
    }, 60_000);
    afterAll(async () => {
      await proxy?.stop();
      await podman?.dispose();
    }, 60_000);

    it.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))(
      'delays healing and no more, undoes no stop, and makes nobody hear what is not so: SEED=%i',
      async (seed) => {
        console.info(`engine faults: SEED=${seed}`);
        const random = randomOf(seed);
        await podman.run([...RUNNING, ...STOPPED.slice(0, -1)]);
        const slow = { args: ['--stop-timeout', '1'], command: endsWith(null) };
        await podman.engine.run(KILLED_BY_STOP, slow);
        await podman.watch();
        proxy.disturb(random);
        for (const act of shuffled(acts(podman), random)) {
          await act();
          await faults(proxy);
        }
        proxy.calm();

        await vi.waitFor(async () => expect(await runningIn(podman)).toEqual(RUNNING.toSorted()), afterwards);
        await vi.waitFor(() => {
          for (const name of RUNNING)
            expect(podman.view(name)).toMatchObject({ state: 'running', status: 'healthy', wish: 'running' });
          for (const name of STOPPED)
            expect(podman.view(name)).toMatchObject({ state: 'exited', status: 'stopped', wish: 'stopped' });
          expect(podman.status.engine.reachable).toBe(true);
        }, afterwards);
        await podman.checks(2);

        expect(await runningIn(podman)).toEqual(RUNNING.toSorted());
        const launched = new Set(podman.launches.map(({ name }) => name));
        expect([...launched].filter((name) => ![...CRASHING, ...KILLED].includes(name))).toEqual([]);
        // That the engine, or one container, does not answer is so; each time it is told once, and so is its end.
        for (const about of new Set(podman.told.map(({ appId }) => appId))) {
          const [begins, ends] =
            about === undefined
              ? ['engine.unreachable', 'engine.reachable']
              : ['container.unreadable', 'container.readable'];
          const told = podman.told.filter(({ appId }) => appId === about);
          expect(told.map(({ type }) => type)).toEqual(told.map((_, index) => (index % 2 ? ends : begins)));
          expect(told.length % 2).toBe(0);
        }
      },
      300_000,
    );
  },
  await whyNoPodman(),
);

/** What happens to the containers, each once. */
function acts(podman: MonitoredPodman): (() => Promise<unknown>)[] {
  return [
    ...CRASHING.map((name) => () => podman.crash(name, 1)),
    ...KILLED.map((name) => () => podman.kill(name)),
    ...STOPPED.map((name) => () => podman.engine.podman('stop', name)),
    ...RESTARTED.map((name) => () => podman.engine.podman('restart', name)),
  ];
}

/** Waits until some more calls went wrong. */
async function faults(proxy: FaultProxy): Promise<void> {
  const enough = proxy.befell.length + FAULTS_BETWEEN;
  await until(() => proxy.befell.length >= enough, 'more calls go wrong');
}

async function runningIn(podman: MonitoredPodman): Promise<string[]> {
  return (await podman.engine.podman('ps', '--format', '{{.Names}}')).split('\n').toSorted();
}
