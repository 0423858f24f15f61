import { expect, it } from 'vitest';
import { MonitoredPodman } from './monitored-podman.js';
import { describeWithPodman, whyNoPodman } from './podman-engine.js';

const TIER_SETTLE_MS = 600;

/** By tier, built upon first; created the other way round. */
const TIERS = [
  ['archy-btcpay-db', 'archy-mempool-db', 'immich_postgres'],
  ['archy-bitcoin-knots'],
  ['archy-lnd', 'archy-mempool-electrs', 'archy-nbxplorer'],
  ['archy-btcpay-server', 'archy-mempool-api', 'archy-photos'],
  ['archy-lnd-ui', 'archy-mempool-web'],
];
const names = TIERS.flat();

/** How often it waits for something else in turn depends on when the engine was done with each of the others. */
const withoutRepeats = (types: readonly string[]) => types.filter((type, at) => type !== types[at - 1]);

describeWithPodman(
  'the order of healing, on a real Podman',
  () => {
    const podman = MonitoredPodman.forTheseTests({
      preset: 'archipelago',
      restart: { tierSettleMs: TIER_SETTLE_MS },
    });

    const outage = async () => {
      await podman.run([...names].reverse());
      await podman.watch();
      await podman.kill(...[...names].reverse());
      for (const name of names) await podman.healed(name);
    };

    it('starts what was killed together tier by tier, with a pause between them', async () => {
      await outage();
      const tierOf = (name: string) => TIERS.findIndex((tier) => tier.includes(name));
      const order = podman.launches.map(({ name }) => tierOf(name));
      expect(order).toEqual([...order].sort());
      expect(podman.launches.map(({ name }) => name).toSorted()).toEqual(names.toSorted());

      const launchedAt = (tier: number) =>
        podman.launches.filter(({ name }) => tierOf(name) === tier).map(({ at }) => at);
      for (let tier = 1; tier < TIERS.length; tier++) {
        const pause = Math.min(...launchedAt(tier)) - Math.max(...launchedAt(tier - 1));
        // Counted from decision to decision; what is seen here are the calls that follow.
        expect(pause).toBeGreaterThan(TIER_SETTLE_MS / 2);
      }
      expect(podman.told).toEqual([]);
    }, 120_000);

    it('does the same in the same order when the same happens again', async () => {
      const run = async () => {
        await outage();
        await podman.checks(2);
        return {
          launches: podman.launches.map(({ kind, name }) => `${kind} ${name}`),
          events: Object.fromEntries(names.map((name) => [name, withoutRepeats(podman.typesOf(name))])),
        };
      };
      const first = await run();
      await podman.reset();
      expect(await run()).toEqual(first);
    }, 180_000);
  },
  await whyNoPodman(),
);
