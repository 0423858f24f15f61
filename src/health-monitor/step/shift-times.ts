import type { IncidentRecord } from '../incidents/index.js';
import type { ContainerRecord } from '../policy/index.js';
import type { Batch } from './monitor-state.js';

const shifted = <T extends number | null>(at: T, by: number): T => (at === null ? at : ((at + by) as T));

/** Moves every time of a record, after the host's clock was set. What the engine itself wrote down stays as it is. */
export function shiftRecord(record: ContainerRecord, by: number): ContainerRecord {
  const { wish, hold, run, death, verdict, muted, decision } = record;
  return {
    ...record,
    firstSeenAt: record.firstSeenAt + by,
    absentSince: shifted(record.absentSince, by),
    wish: { ...wish, at: wish.at + by },
    hold: hold && { ...hold, since: hold.since + by, until: shifted(hold.until, by) },
    run: run && { ...run, since: run.since + by },
    unsettledSince: shifted(record.unsettledSince, by),
    readySince: shifted(record.readySince, by),
    lastReadyAt: shifted(record.lastReadyAt, by),
    unhealthySince: shifted(record.unhealthySince, by),
    death: death && { ...death, at: death.at + by, judgeAt: shifted(death.judgeAt, by) },
    attempts: record.attempts.map((attempt) => ({ ...attempt, at: attempt.at + by })),
    restartingSince: shifted(record.restartingSince, by),
    verdict: verdict && { ...verdict, at: verdict.at + by },
    healedDeaths: record.healedDeaths.map((at) => at + by),
    engineDeaths: record.engineDeaths.map((at) => at + by),
    crashLoopSince: shifted(record.crashLoopSince, by),
    muted: muted && { ...muted, since: muted.since + by },
    decision: decision && { ...decision, at: decision.at + by, dueAt: shifted(decision.dueAt, by) },
    spans: record.spans.map((span) => ({ ...span, from: span.from + by })),
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
  incident.status === 'open'
    ? { ...incident, since: incident.since + by, backAt: shifted(incident.backAt, by) }
    : incident;
