import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/common/clock/index.js';
import type { ContainerView, HealthEvent } from '../../src/common/events/index.js';
import { createHealthStore } from '../../src/common/store/index.js';
import { pick, randomOf } from '../support/random.js';
import { serverFolders } from '../support/servers.js';
import { problemsOf } from './check-history.js';
import { Cluster } from './cluster.js';

/** How many faults there are. `npm run prove:replicas` has 200; `SEED=7` before it repeats those of a run. */
const FAULTS = Number(process.env['FAULTS'] ?? 20);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const eventually = { timeout: 120_000, interval: 250 };
const SILENT = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** The faults that there are, as often as they stand here. */
const KINDS = [
  'kill',
  'kill',
  'kill',
  'kill',
  'freeze',
  'freeze',
  'cut',
  'stall',
  'restart',
  'crash',
  'terminate',
  'read-only',
] as const;

describe.skipIf(serverFolders === null)(
  `three replicas on one PostgreSQL and one engine, amid ${FAULTS} faults (SEED=${SEED})`,
  () => {
    const random = randomOf(SEED);
    const services = Array.from({ length: 8 }, (_, index) => `service-${index}`);
    const held = ['held-0', 'held-1', 'held-2'];
    let cluster: Cluster;
    let lastHold = 0;

    beforeAll(async () => {
      cluster = await Cluster.start(['red', 'green', 'blue'], services);
      for (const name of services) cluster.addService(name, 0, Math.floor(random() * 1_500));
      for (const name of held) cluster.addService(name);
    });
    afterAll(() => cluster?.stop());

    const soon = (from: number, to: number) => delay(from + random() * (to - from));

    /** Something goes wrong, and is well again when this resolves. */
    const fault = async () => {
      const replica = pick(cluster.replicas, random);
      switch (pick(KINDS, random)) {
        case 'kill':
          return cluster.kill(replica);
        case 'freeze':
          cluster.freeze(replica);
          await (random() < 0.3 ? soon(9_000, 11_000) : soon(500, 3_000));
          return cluster.thaw(replica);
        case 'cut':
          replica.proxy.cut();
          await soon(500, 5_000);
          return replica.proxy.restore();
        case 'stall':
          replica.proxy.freeze();
          await soon(500, 6_000);
          return replica.proxy.restore();
        case 'restart':
          return cluster.restartPostgres('SIGINT');
        case 'crash':
          return cluster.restartPostgres('SIGQUIT');
        case 'terminate':
          return cluster.endConnections();
        case 'read-only':
          await cluster.allowWrites(false);
          await soon(500, 5_000);
          return cluster.allowWrites(true);
      }
    };

    /** Meanwhile services end, and people ask for this and that. */
    const life = (round: number) => {
      const name = pick(services, random);
      if (cluster.engine.peek(name).state === 'running') cluster.engine.crash(name, 3);
      // Who goes on crashing is given up, once: that is told.
      if (round % 4 === 0) {
        cluster.addService(`doomed-${round}`, 50);
        cluster.engine.crash(`doomed-${round}`, 3);
      }
      return hold();
    };

    /** Asks again where it was not done, as people do. */
    const hold = async () => {
      for (let tries = 0; tries < 5; tries++) {
        const [asked, container] = [pick(cluster.replicas, random), pick(held, random)];
        if (await cluster.hold(asked, container, `backup ${lastHold++}`)) return;
        await soon(200, 1_500);
      }
    };

    it(
      'keep every promise: nothing missed or twice, no start by two, no answered act lost, everything told',
      async () => {
        const asked: Promise<unknown>[] = [];
        for (let round = 0; round < FAULTS; round++) {
          asked.push(life(round));
          await soon(200, 1_500);
          const broken = fault();
          asked.push(soon(0, 500).then(() => life(-1)));
          await broken;
        }
        await Promise.all(asked);

        const [first, ...others] = cluster.replicas;
        const seen = (replica: typeof first) => cluster.get<ContainerView[]>(replica!, 'containers');
        await expect
          .poll(async () => {
            const views = await seen(first).catch(() => []);
            return services.filter((name) => views.find((view) => view.name === name)?.status !== 'healthy');
          }, eventually)
          .toEqual([]);
        await expect.poll(() => new Set(cluster.clients.map(({ head }) => head)).size, eventually).toBe(1);
        await expect
          .poll(async () => {
            const known = await seen(first);
            const differ = await Promise.all(others.map(async (one) => JSON.stringify(await seen(one))));
            return differ.every((one) => one === JSON.stringify(known));
          }, eventually)
          .toBe(true);

        const soFar = await readLog();
        await expect.poll(() => problemsOf(cluster.history(soFar)), eventually).toEqual([]);
        const givenUp = soFar
          .filter(({ type }) => type === 'container.given_up')
          .map(({ container }) => container);
        expect(new Set(givenUp).size).toBe(givenUp.length);
        const { answered } = cluster;
        expect(answered.length, 'acts that were answered').toBeGreaterThan(FAULTS / 2);
        for (const { child } of cluster.replicas) {
          child.kill('SIGTERM');
          await once(child, 'exit');
        }
        expect(problemsOf(cluster.history(await readLog()))).toEqual([]);
      },
      FAULTS * 15_000 + 240_000,
    );

    async function readLog(): Promise<readonly HealthEvent[]> {
      const store = await createHealthStore(
        {
          kind: 'postgres',
          url: cluster.postgres.url('postgres'),
          pool: null,
          schema: 'health_monitor',
          container: null,
        },
        {
          clock: new SystemClock(),
          logger: SILENT,
        },
      );
      await store.open();
      try {
        return await store.events({ after: 0, limit: 1_000_000 });
      } finally {
        await store.close();
      }
    }
  },
);
