import type { HostBoot } from '../policy/index.js';
import type { HostRecord } from './monitor-state.js';

/**
 * So far a sign of life may be from the host's next start and still be of its last moments; and so far the last exits of
 * containers may be from our own last sign of life.
 */
const HOST_END_MS = 60 * 60_000;
/** The same where we left no sign of life: long enough for a night off, too short for what was switched off weeks ago. */
const NIGHT_MS = 24 * 60 * 60_000;

/** What is known of the host's latest start. Times are milliseconds since 1970. */
export interface BootFacts {
  readonly bootedAt: number;
  /** Tells one start of the host from another; `null`: this system does not say. */
  readonly bootId: string | null;
  /** Our own last sign of life in an earlier process. */
  readonly before: HostRecord | null;
  /** When containers that are down ended. */
  readonly exits: readonly number[];
}

/**
 * When the host came up, and the last sign of life before that: ours or a container's exit. An exit may have been
 * anywhere in the life of the host. It tells of its end when that was soon followed by the start, or when it is from
 * about the time at which we, too, were last alive. Pure.
 */
export function hostBoot({ bootedAt, bootId, before, exits }: BootFacts): HostBoot {
  // One that reaches the host from elsewhere may have been the last to watch it.
  const isSaid = bootId !== null && before?.bootId != null;
  const aliveAt = before !== null && before.aliveAt < bootedAt ? before.aliveAt : null;
  const last = Math.max(aliveAt ?? -Infinity, ...exits.filter((at) => at < bootedAt));
  const wasItsEnd =
    last >= bootedAt - (aliveAt === null ? NIGHT_MS : HOST_END_MS) ||
    (aliveAt !== null && last <= aliveAt + HOST_END_MS);
  return {
    bootedAt,
    downAt: wasItsEnd ? last : bootedAt,
    isNew: before !== null && (isSaid ? before.bootId !== bootId : before.aliveAt < bootedAt),
  };
}
