import { guessAnsweredBy } from '../guess.js';
import { isDown, isUnsettled, isUp } from '../readiness.js';
import { withParts, type ContainerRecord, type Life, type Run } from '../record.js';
import { deathKey, learnOfDeath, newDeath } from './death.js';
import { shutdownBegan, wentDownWithHost } from './host-end.js';
import type { Inspection } from './inspection.js';

/** What was up for so long is a service, whoever ran it. */
export const SERVICE_AFTER_MS = 10 * 60_000;

/** Nothing of it was seen yet. */
export const newLife = (now: number): Life => ({
  firstSeenAt: now,
  absentSince: null,
  unreadable: null,
  unseenSinceBoot: false,
  run: null,
  up: false,
  unsettledSince: null,
  death: null,
  flaggedWhileUp: false,
  lasted: false,
  answeredGuess: null,
});

/** A death that was seen while the host went down was its doing. */
export function lifeAfterBoot(life: Life, inspection: Inspection): Life {
  const { death } = life;
  const withHost =
    death !== null && death.at >= shutdownBegan(inspection.host) && wentDownWithHost(inspection);
  return {
    ...life,
    unseenSinceBoot: false,
    unsettledSince: null,
    death: withHost ? { ...death, withHost: true } : death,
  };
}

/** Whether it is up, in which run, how the latest one ended, whether any of them lasted, and whether it was ever asked rightly. */
export function learnLife(
  known: Pick<ContainerRecord, 'life' | 'health' | 'healing'>,
  inspection: Inspection,
): Life {
  const life = learnRun(known, inspection);
  return withParts(life, {
    lasted: life.lasted || hasLasted(life, inspection.now),
    answeredGuess: guessAnsweredBy(inspection) ?? life.answeredGuess,
  });
}

function hasLasted({ up, run, death }: Life, now: number): boolean {
  const ranForMs = up && run !== null ? now - run.since : (death?.ranForMs ?? 0);
  return ranForMs >= SERVICE_AFTER_MS;
}

function learnRun(
  { life, health, healing }: Pick<ContainerRecord, 'life' | 'health' | 'healing'>,
  inspection: Inspection,
): Life {
  const { container, now } = inspection;
  const seen = withParts(life, {
    absentSince: null,
    unsettledSince: isUnsettled(container) ? (life.unsettledSince ?? now) : null,
  });
  if (isUp(container)) return running(seen, inspection);
  if (!isDown(container)) return withParts(seen, { up: false });
  if (seen.death?.key === deathKey(container)) {
    return withParts(seen, {
      up: false,
      death: learnOfDeath(seen.death, { life: seen, healing }, inspection),
    });
  }
  const death = newDeath({ life: seen, health, healing }, inspection);
  return { ...seen, up: false, run: seen.run ?? runThatEnded(death.at, inspection), death };
}

function running(life: Life, inspection: Inspection): Life {
  const { container, now, begunByUs, stopEvidence } = inspection;
  const { startedAt, stoppedByUser } = container;
  const flagged = stoppedByUser === true;
  if (life.run?.startedAt === startedAt) {
    // It may have been paused, or out of sight.
    return withParts(life, { up: true, flaggedWhileUp: life.flaggedWhileUp || flagged });
  }
  const since =
    life.run === null && inspection.startedAt !== null ? Math.min(inspection.startedAt, now) : now;
  const revived = stopEvidence?.revived ? { revived: true as const } : {};
  return { ...life, up: true, run: { startedAt, since, begunByUs, ...revived }, flaggedWhileUp: flagged };
}

const runThatEnded = (at: number, { container, startedAt, begunByUs }: Inspection): Run => ({
  startedAt: container.startedAt,
  since: startedAt ?? at,
  begunByUs,
});

/** It is up in another run than before. */
export const beganRun = (before: Life, life: Life): boolean => life.up && life.run !== before.run;

/** It has ended since, or in between. */
export const died = (before: Life, { death }: Life): boolean =>
  death !== null && death.key !== before.death?.key;
