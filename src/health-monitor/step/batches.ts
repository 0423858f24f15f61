import { TIERS } from '../../common/events/index.js';
import type { Batch } from './monitor-state.js';

/** Deaths so close to each other have one cause. */
export const TOGETHER_WITHIN_MS = 2_000;
/** After so long nobody waits for others of the same batch any more. */
const FORGOTTEN_AFTER_MS = 10 * 60_000;

export const recentBatches = (batches: readonly Batch[], now: number): readonly Batch[] =>
  batches.every((batch) => isRecent(batch, now)) ? batches : batches.filter((batch) => isRecent(batch, now));

const isRecent = ({ latestDeathAt }: Batch, now: number): boolean => now - latestDeathAt < FORGOTTEN_AFTER_MS;

/**
 * The batch of a death: the one it belongs to, with its time noted, or a new one. Those found down by the first check
 * after a boot or an outage are all of one batch. Pure.
 */
export function batchOf(batches: readonly Batch[], diedAt: number, first: boolean, now: number): Batch {
  const at = first ? now : diedAt;
  const together = batches.find(({ latestDeathAt }) =>
    first ? latestDeathAt === now : Math.abs(at - latestDeathAt) <= TOGETHER_WITHIN_MS,
  );
  if (together) return { ...together, latestDeathAt: Math.max(together.latestDeathAt, at) };
  const id = Math.max(now, ...batches.map((batch) => batch.id + 1));
  return { id, latestDeathAt: at, starts: {} };
}

/** With it noted when a start was answered: those of higher tiers wait from then on. Pure. */
export const withAnswer = (batches: readonly Batch[], name: string, at: number): readonly Batch[] =>
  batches.map((batch) => {
    const tier = TIERS.find((each) => batch.starts[each]?.name === name);
    return tier === undefined ? batch : { ...batch, starts: { ...batch.starts, [tier]: { name, at } } };
  });

export const withBatch = (batches: readonly Batch[], batch: Batch): readonly Batch[] => [
  ...batches.filter(({ id }) => id !== batch.id),
  batch,
];
