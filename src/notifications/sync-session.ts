import type { HealthEvent } from '../common/events/index.js';
import type { Principal } from '../common/options/index.js';
import type { SyncRequest } from './socket-protocol.js';

const MAX_SYNCS = 10;
const WINDOW_MS = 10_000;

/** One client that was let in. */
export class SyncSession {
  /** Events since its running sync began; `null` while none runs. */
  meanwhile: HealthEvent[] | null = null;
  private syncsAt: number[] = [];

  constructor(readonly principal: Principal) {}

  /**
   * Why a sync cannot be answered now, in a sentence; `null` when it can. Counts it.
   *
   * @param now milliseconds, monotonic
   */
  refusal(request: unknown, now: number): string | null {
    this.syncsAt = this.syncsAt.filter((at) => now - at < WINDOW_MS);
    if (this.syncsAt.length >= MAX_SYNCS)
      return `At most ${MAX_SYNCS} syncs in ${WINDOW_MS / 1_000} seconds.`;
    this.syncsAt.push(now);
    if (this.meanwhile !== null) return 'A sync is already under way.';
    return isSyncRequest(request) ? null : 'Expected { epoch: a text, last: a whole number from 0 }.';
  }
}

export function isSyncRequest(value: unknown): value is SyncRequest {
  if (typeof value !== 'object' || value === null) return false;
  const { epoch, last } = value as Partial<SyncRequest>;
  return typeof epoch === 'string' && Number.isSafeInteger(last) && last! >= 0;
}
