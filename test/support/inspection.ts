import type {
  ContainerRecord,
  HostBoot,
  Inspection,
  StopEvidence,
} from '../../src/health-monitor/policy/index.js';
import { learn, type Learnt } from '../../src/health-monitor/policy/index.js';
import { aContainer, ago, DAY, MINUTE, NOON, rulesFor } from './situation.js';

export const BOOTED_LONG_AGO: HostBoot = {
  bootedAt: ago(30 * DAY),
  downAt: ago(30 * DAY) - MINUTE,
  isNew: false,
};
/** The host came up five minutes ago, and was last alive two minutes before that. */
export const BOOTED_NOW: HostBoot = { bootedAt: ago(5 * MINUTE), downAt: ago(7 * MINUTE), isNew: true };

/** It died just now, and was cleaned up after. */
export const evidence = (changes: Partial<StopEvidence> = {}): StopEvidence => ({
  stopped: false,
  restarted: false,
  restartedByPolicy: false,
  diedAt: NOON,
  cleanedUpAt: NOON,
  engineCleanedUpAt: NOON,
  cleanups: 1,
  heardLateMs: 0,
  lastExit: null,
  ...changes,
});

/** In a full check at noon, at an engine that flags what a person stopped. */
export function anInspection(changes: Partial<Inspection> = {}): Inspection {
  const container = changes.container ?? aContainer();
  return {
    container,
    startedAt: container.startedAt,
    exitedAt: container.exitedAt,
    now: NOON,
    fullCheck: true,
    eventsMissing: false,
    tellsWhoStopped: 'flag',
    stopEvidence: null,
    host: BOOTED_LONG_AGO,
    byUs: false,
    begunByUs: false,
    rules: rulesFor(container),
    ...changes,
  };
}

/** What is learnt from an inspection. */
export const learntFrom = (known: ContainerRecord | undefined, changes: Partial<Inspection> = {}): Learnt =>
  learn(known, anInspection(changes));

/** What is remembered after an inspection. */
export const after = (
  known: ContainerRecord | undefined,
  changes: Partial<Inspection> = {},
): ContainerRecord => learntFrom(known, changes).record;

export const kinds = ({ happened }: Learnt): readonly string[] => happened.map(({ kind }) => kind);
