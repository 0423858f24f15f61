import { endedAttempts, isIntentUnknown, meaningOf } from '../policy/index.js';
import { BEFORE_CAUSE_MS } from './attribution.js';
import type { Rung } from './climb.js';
import type { Condition } from './condition.js';
import type {
  ContainerFacts,
  DiskFacts,
  EngineFacts,
  ExternalFacts,
  LeakFacts,
  MachineFacts,
  ReadingFacts,
  RefusalFacts,
} from './facts.js';
import {
  cannotBeWritten,
  clockIsOff,
  clockIsRight,
  diskWellAgain,
  fillsUp,
  littleSpace,
  memoryIsEnough,
  memoryIsShort,
  noSpace,
} from './machine-messages.js';
import { STAGES, type IncidentRecord, type Stage } from './incident-record.js';
import {
  canBeInspected,
  cannotBeInspected,
  checkFailed,
  checkSucceeded,
  engineReachable,
  engineUnreachable,
  externalDown,
  externalUp,
  flaps,
  gaveUp,
  gotStuck,
  keepsCrashing,
  leakCleared,
  leakFound,
  leakUrgent,
  leftDown,
  leftUnhealthy,
  notReady,
  recovered,
  restartFailed,
  startsRefused,
  startsTaken,
} from './messages.js';

/** Stages in which people had no message yet. */
const SILENT = ['hidden', 'shown'] as const satisfies readonly Stage[];

/**
 * At most three messages a problem: when it opens, when it worsens, when it ends. Of one that is reopened after the
 * message of its end nothing more is sent, unless it worsens; then its end is sent again, too.
 */
export const CONTAINER_LADDER: readonly Rung<ContainerFacts>[] = [
  { from: STAGES, when: isGivenUp, stage: 'worsened', message: gaveUp },
  { from: SILENT, when: isStuck, stage: 'opened', message: gotStuck },
  { from: ['opened', 'ended'], when: isStuckAtLast, stage: 'worsened', message: gotStuck },
  { from: SILENT, when: isInCrashLoop, stage: 'opened', message: keepsCrashing },
  { from: SILENT, when: isFlapping, stage: 'opened', message: flaps },
  { from: SILENT, when: isNotReadyForLong, stage: 'opened', message: notReady },
  { from: SILENT, when: isLeftUnhealthy, stage: 'opened', message: leftUnhealthy },
  { from: SILENT, when: isLeftDown, stage: 'opened', message: leftDown },
  { from: ['opened'], when: isLeftDownAtLast, stage: 'worsened', message: leftDown },
  { from: SILENT, when: lastAttemptFailed, stage: 'opened', message: restartFailed },
  { from: SILENT, when: hasRecovered, stage: 'shown', message: null, over: true },
  { from: ['opened', 'worsened'], when: hasRecovered, stage: 'ended', message: recovered, over: true },
  { from: ['ended'], when: hasRecovered, stage: 'ended', message: null, over: true },
  { from: ['hidden'], when: isCauseItself, stage: 'shown', message: null },
];

/** Of memory and engine, what happened says which rung is next. */
const is =
  <K extends string>(kind: NoInfer<K>) =>
  (facts: { readonly kind: K }): boolean =>
    facts.kind === kind;

export const LEAK_LADDER: readonly Rung<LeakFacts>[] = [
  { from: ['shown'], when: is('leak'), stage: 'opened', message: leakFound },
  { from: ['shown', 'opened'], when: is('urgent'), stage: 'worsened', message: leakUrgent },
  { from: ['opened', 'worsened'], when: is('cleared'), stage: 'ended', message: leakCleared, over: true },
];

export const READING_LADDER: readonly Rung<ReadingFacts>[] = [
  { from: ['shown'], when: is('unreadable'), stage: 'opened', message: cannotBeInspected },
  { from: ['opened'], when: is('readable'), stage: 'ended', message: canBeInspected, over: true },
];

export const REFUSAL_LADDER: readonly Rung<RefusalFacts>[] = [
  { from: ['shown'], when: is('refused'), stage: 'opened', message: startsRefused },
  { from: ['opened'], when: is('taken'), stage: 'ended', message: startsTaken, over: true },
  { from: ['ended'], when: is('taken'), stage: 'ended', message: null, over: true },
];

/** One that comes and goes is told of once; that it is down for long after that, once more. */
export const EXTERNAL_LADDER: readonly Rung<ExternalFacts>[] = [
  { from: ['shown'], when: is('down'), stage: 'opened', message: externalDown },
  { from: ['ended'], when: isAwayForLong, stage: 'worsened', message: externalDown },
  { from: ['opened', 'worsened'], when: isBackForGood, stage: 'ended', message: externalUp, over: true },
  { from: ['ended'], when: isBackForGood, stage: 'ended', message: null, over: true },
];

/** An engine that is only started anew is nobody's problem; that checks fail through our own fault is, at once. */
export const ENGINE_LADDER: readonly Rung<EngineFacts>[] = [
  { from: ['shown'], when: isEnginesAndLasts, stage: 'opened', message: engineUnreachable },
  { from: ['shown'], when: isOurs, stage: 'opened', message: checkFailed },
  { from: ['opened'], when: wasOurs, stage: 'ended', message: checkSucceeded, over: true },
  { from: ['opened'], when: is('back'), stage: 'ended', message: engineReachable, over: true },
  { from: ['shown'], when: is('back'), stage: 'shown', message: null, over: true },
];

/** Little space is told when it has lasted; what keeps containers down, at once. What comes and goes is told of once, and when it stays. */
export const DISK_LADDER: readonly Rung<DiskFacts>[] = [
  { from: ['shown', 'opened'], when: stands('full'), stage: 'worsened', message: noSpace },
  { from: ['ended'], when: isFullAnew, stage: 'worsened', message: noSpace },
  {
    from: ['shown', 'opened', 'ended'],
    when: stands('read-only'),
    stage: 'worsened',
    message: cannotBeWritten,
  },
  { from: ['shown'], when: stands('foretold'), stage: 'opened', message: fillsUp },
  { from: ['shown'], when: isLowForLong, stage: 'opened', message: littleSpace },
  { from: ['ended'], when: staysSo('foretold'), stage: 'opened', message: fillsUp },
  { from: ['ended'], when: staysSo('low'), stage: 'opened', message: littleSpace },
  { from: ['shown'], when: isDiskWell, stage: 'shown', message: null, over: true },
  { from: ['opened', 'worsened'], when: isDiskWell, stage: 'ended', message: diskWellAgain, over: true },
  { from: ['ended'], when: isDiskWell, stage: 'ended', message: null, over: true },
];

export const MEMORY_LADDER = machineLadder(memoryIsShort, memoryIsEnough);
export const CLOCK_LADDER = machineLadder(clockIsOff, clockIsRight);

type MachineMessage = Rung<MachineFacts>['message'];

function machineLadder(opens: MachineMessage, ends: MachineMessage): readonly Rung<MachineFacts>[] {
  return [
    { from: ['shown'], when: ({ isWrong }) => isWrong, stage: 'opened', message: opens },
    { from: ['ended'], when: isWrongForLong, stage: 'opened', message: opens },
    { from: ['opened'], when: ({ isWrong }) => !isWrong, stage: 'ended', message: ends, over: true },
    { from: ['ended'], when: ({ isWrong }) => !isWrong, stage: 'ended', message: null, over: true },
  ];
}

function isEnginesAndLasts({ kind, by, lasts }: EngineFacts): boolean {
  return kind === 'lost' && by === 'engine' && lasts;
}

function isOurs({ kind, by }: EngineFacts): boolean {
  return kind === 'lost' && by === 'monitor';
}

function wasOurs({ kind }: EngineFacts, { sent }: IncidentRecord): boolean {
  return kind === 'back' && sent.includes('monitor.check_failed');
}

function stands(standing: DiskFacts['standing']): (facts: DiskFacts) => boolean {
  return (facts) => facts.standing === standing;
}

/** What an image or a backup takes for a moment is nobody's problem. */
const LOW_FOR_MS = 5 * 60_000;

function staysSo(standing: DiskFacts['standing']): Rung<DiskFacts>['when'] {
  return (facts, incident) => facts.standing === standing && lastsLong(facts, incident);
}

/** It keeps containers down for the first time, or for long. */
function isFullAnew(facts: DiskFacts, incident: IncidentRecord): boolean {
  return facts.standing === 'full' && (incident.victims.length === 0 || lastsLong(facts, incident));
}

function isWrongForLong(facts: MachineFacts, incident: IncidentRecord): boolean {
  return facts.isWrong && lastsLong(facts, incident);
}

function isLowForLong({ standing, now }: DiskFacts, { since }: IncidentRecord): boolean {
  return standing === 'low' && now - since >= LOW_FOR_MS;
}

/** With all that it kept down. */
function isDiskWell({ standing, victimsAreBack }: DiskFacts): boolean {
  return standing === 'ok' && victimsAreBack;
}

/** Where the monitor does nothing, somebody else may: what is in trouble that long, nobody sees to. */
const LEFT_ALONE_FOR_MS = 60_000;
/** Others that are down may be refused for the same cause within this; then it is no problem of its own. */
const SHARED_WITHIN_MS = 10_000;
/** Ready that long without a break, it has recovered. */
export const RECOVERED_AFTER_MS = 60_000;

/** What lasts that long does not only come and go. */
const LASTS_LONG_MS = 10 * 60_000;

function lastsLong({ now }: { readonly now: number }, { since }: IncidentRecord): boolean {
  return now - since >= LASTS_LONG_MS;
}

function isAwayForLong(facts: ExternalFacts, incident: IncidentRecord): boolean {
  return facts.kind === 'down' && lastsLong(facts, incident);
}

function isBackForGood({ kind, victimsAreBack, now }: ExternalFacts, { backAt }: IncidentRecord): boolean {
  return kind === 'back' && backAt !== null && now - backAt >= RECOVERED_AFTER_MS && victimsAreBack;
}

/** Sent once a problem, also after one that it is stuck. */
function isGivenUp({ condition: { record } }: ContainerFacts, { sent }: IncidentRecord): boolean {
  return record.healing.givenUp !== null && sent.at(-1) !== 'container.given_up';
}

function isStuck({ condition: { decision, trouble } }: ContainerFacts): boolean {
  return meaningOf(decision).untreated === 'stuck' && trouble !== null;
}

/** Nothing more is tried, so a problem of another kind has worsened. */
function isStuckAtLast(facts: ContainerFacts, { sent }: IncidentRecord): boolean {
  return isStuck(facts) && sent[0] !== 'container.stuck';
}

function isInCrashLoop({ condition: { record } }: ContainerFacts): boolean {
  return record.loop.since !== null;
}

function isFlapping({ condition: { trouble } }: ContainerFacts): boolean {
  return trouble?.kind === 'flapping';
}

function isNotReadyForLong({ condition: { decision } }: ContainerFacts): boolean {
  return meaningOf(decision).untreated === 'not-ready';
}

function isLeftUnhealthy({ condition, now }: ContainerFacts): boolean {
  const { decision, trouble } = condition;
  const { untreated } = meaningOf(decision);
  // An upgrade that makes one anew makes anew what needs it, some moments later.
  if (untreated === 'cut-off') return trouble !== null && now - trouble.since >= LEFT_ALONE_FOR_MS;
  return untreated === 'unhealthy' || (isLeftAlone(condition) && trouble?.kind === 'unhealthy');
}

function isLeftDown({ condition, now }: ContainerFacts): boolean {
  const { trouble } = condition;
  return isLeftAlone(condition) && trouble !== null && now - trouble.since >= LEFT_ALONE_FOR_MS;
}

/** It was left unhealthy, and nobody brings it back now that it is down. */
function isLeftDownAtLast(facts: ContainerFacts, { sent }: IncidentRecord): boolean {
  return (
    facts.condition.trouble?.kind === 'down' && isLeftDown(facts) && sent.at(-1) === 'container.unhealthy'
  );
}

/** Nothing is done about it, whatever it is. Of trouble from before nobody knew its wish, that message tells. */
function isLeftAlone({ decision, record: { intent }, trouble }: Condition): boolean {
  if (meaningOf(decision).untreated !== 'any') return false;
  return !isIntentUnknown(intent) || (trouble !== null && trouble.since > (intent.hold?.since ?? 0));
}

function lastAttemptFailed({ condition: { record }, othersAreDown, now }: ContainerFacts): boolean {
  const last = endedAttempts(record.healing).at(-1);
  if (last?.outcome !== 'refused') return last?.outcome === 'timed-out';
  const mayBeShared = othersAreDown && last === record.healing.attempts.at(-1);
  return !mayBeShared || now - last.at >= SHARED_WITHIN_MS;
}

/**
 * Ready for a minute, with all its victims. A crash loop lasts on between two crashes, until it is given up; health that
 * goes to and fro does so while it passes.
 */
function hasRecovered(facts: ContainerFacts, { backAt, stage }: IncidentRecord): boolean {
  if (backAt === null || facts.now - backAt < RECOVERED_AFTER_MS) return false;
  if (isInCrashLoop(facts) && stage !== 'worsened') return false;
  if (facts.condition.record.health.flappingSince !== null) return false;
  return facts.victimsAreBack;
}

/** Had it gone down because of another, that would have been seen by now. */
function isCauseItself({ now }: ContainerFacts, { since }: IncidentRecord): boolean {
  return now - since >= BEFORE_CAUSE_MS;
}
