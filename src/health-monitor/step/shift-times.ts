import { isOpen, type IncidentRecord } from '../incidents/index.js';
import type { ContainerRecord, HostBoot } from '../policy/index.js';
import type { Batch } from './monitor-state.js';

const shifted = <T extends number | null>(at: T, by: number): T => (at === null ? at : ((at + by) as T));

/** Moves every time of a record, after the host's clock was set. What the engine itself wrote down stays as it is. */
export function shiftRecord(record: ContainerRecord, by: number): ContainerRecord {
  const { intent, life, health, healing, loop, shown } = record;
  const { wish, hold } = intent;
  const { run, death } = life;
  const { givenUp } = healing;
  const { decision, muted } = shown;
  return {
    ...record,
    intent: {
      wish: { ...wish, at: wish.at + by },
      hold: hold && { ...hold, since: hold.since + by, until: shifted(hold.until, by) },
    },
    life: {
      ...life,
      firstSeenAt: life.firstSeenAt + by,
      absentSince: shifted(life.absentSince, by),
      run: run && { ...run, since: run.since + by },
      unsettledSince: shifted(life.unsettledSince, by),
      death: death && { ...death, at: death.at + by, pendingUntil: shifted(death.pendingUntil, by) },
    },
    health: {
      readySince: shifted(health.readySince, by),
      lastReadyAt: shifted(health.lastReadyAt, by),
      unhealthySince: shifted(health.unhealthySince, by),
    },
    healing: {
      ...healing,
      attempts: healing.attempts.map((attempt) => ({ ...attempt, at: attempt.at + by })),
      restartingSince: shifted(healing.restartingSince, by),
      givenUp: givenUp && { ...givenUp, at: givenUp.at + by },
    },
    loop: {
      ...loop,
      healedDeaths: loop.healedDeaths.map((at) => at + by),
      engineDeaths: loop.engineDeaths.map((at) => at + by),
      since: shifted(loop.since, by),
    },
    shown: {
      muted: muted && { ...muted, since: muted.since + by },
      decision: decision && {
        ...decision,
        at: decision.at + by,
        dueAt: typeof decision.dueAt === 'number' ? decision.dueAt + by : decision.dueAt,
      },
      spans: shown.spans.map((span) => ({ ...span, from: span.from + by })),
    },
  };
}

export const shiftBatch = (batch: Batch, by: number): Batch => ({
  ...batch,
  latestDeathAt: batch.latestDeathAt + by,
  starts: Object.fromEntries(
    Object.entries(batch.starts).map(([tier, start]) => [tier, { ...start, at: start.at + by }]),
  ),
});

export const shiftIncident = (incident: IncidentRecord, by: number): IncidentRecord =>
  isOpen(incident)
    ? { ...incident, since: incident.since + by, backAt: shifted(incident.backAt, by) }
    : incident;

export const shiftBoot = (boot: HostBoot, by: number): HostBoot => ({
  ...boot,
  bootedAt: boot.bootedAt + by,
  downAt: boot.downAt + by,
});
