import { type Container, type EngineInfo } from './container.js';

/** Between which of our times an engine was asked, and had answered. Milliseconds since 1970. */
export interface Asked {
  readonly from: number;
  readonly to: number;
}

/**
 * How far an engine's clock is ahead of ours, from the time that it told; nothing where the two may agree.
 *
 * @param told milliseconds since 1970, rounded down to `roundedMs`
 */
export function clockAhead(told: number, roundedMs: number, asked: Asked): Pick<EngineInfo, 'clockAheadMs'> {
  // Our own times are rounded down, too.
  const atLeast = told - (asked.to + 1);
  const atMost = told + roundedMs - asked.from;
  return atLeast <= 0 && atMost >= 0 ? {} : { clockAheadMs: Math.round((atLeast + atMost) / 2) };
}

/** What an engine says of a container's runs, by our clock. */
export const byOurClock = <T extends Pick<Container, 'startedAt' | 'exitedAt'>>(
  container: T,
  { clockAheadMs = 0 }: Pick<EngineInfo, 'clockAheadMs'>,
): T =>
  clockAheadMs === 0
    ? container
    : {
        ...container,
        startedAt: earlier(container.startedAt, clockAheadMs),
        exitedAt: earlier(container.exitedAt, clockAheadMs),
      };

/** When its health check last ran, by our clock: nothing else is told by that. */
export function checkedByOurClock(
  container: Container,
  { clockAheadMs = 0 }: Pick<EngineInfo, 'clockAheadMs'>,
): Container {
  const { healthCheck } = container;
  if (clockAheadMs === 0 || healthCheck === null) return container;
  return {
    ...container,
    healthCheck: { ...healthCheck, lastRunAt: earlier(healthCheck.lastRunAt, clockAheadMs) },
  };
}

const earlier = (at: number | null, by: number): number | null => (at === null ? null : at - by);
