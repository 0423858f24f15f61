export {
  answered,
  askFor,
  beginAttempt,
  beginRestart,
  endAttempt,
  endedAttempts,
  endRestart,
  giveUp,
  rearm,
  wasNotMade,
  type ActOutcome,
} from './attempts.js';
export { decide } from './decide.js';
export { act, leave, leaveUntilChanged, wait, type Decision } from './decision.js';
export { DECISIONS, meaningOf, type DecisionCode, type DecisionMeaning } from './decision-catalogue.js';
export {
  buildDependencyGraph,
  findBlockers,
  type Dependency,
  type DependencyGraph,
  type Neighbour,
} from './dependencies.js';
export {
  elsewhereBack,
  elsewhereBlockers,
  knownNeeds,
  neverSeen,
  NOT_THERE,
  standingAsLastSeen,
  standingNow,
  standingOfExternal,
  takenToBeReady,
  type Elsewhere,
  type ElsewhereByReference,
  type ElsewhereNeed,
  type KnownNeed,
  type Standing,
  type UnseenDependency,
} from './elsewhere.js';
export { effectiveRules, isReadLabel } from './effective-rules.js';
export {
  externalBack,
  externalBlockers,
  externalName,
  type ExternalAnswers,
  type ExternalRecord,
  type Externals,
} from './externals.js';
export { rearmAt } from './guards-attempts.js';
export { SPACE_TEST_MS } from './guards-surroundings.js';
export { isIntentUnknown } from './intent-unknown.js';
export { CRASH_SIGNALS, STOP_SHOWN_WITHIN_MS } from './learn/death.js';
export { canHaveHeeded, ENGINE_FOLLOWS_WITHIN_MS } from './learn/told-by-signals.js';
export { unhealthyForMs } from './learn/flapping.js';
export type { Happening } from './learn/happenings.js';
export type { HostBoot, Inspection, StopEvidence } from './learn/inspection.js';
export { learn, type Learnt } from './learn/learn.js';
export { isGuessAnswered } from './guess.js';
export {
  isNoProbe,
  probeFromLabel,
  probeInWords,
  probeWithoutSecrets,
  resolvedProbes,
} from './probe-rules.js';
export { believedHealth, isDown, isReady, isUp, READY_AFTER_MS, wordsOfFailure } from './readiness.js';
export { readRecord } from './read-record.js';
export { withParts } from './record.js';
export type {
  AskedAct,
  Attempt,
  ContainerRecord,
  Death,
  GivenUp,
  Healing,
  Refusal,
  HealthRecord,
  Hold,
  Intent,
  Life,
  LoopRecord,
  MadeDecision,
  Run,
  Unreadable,
  Shown,
  WishRecord,
} from './record.js';
export { RestartPolicy } from './restart-policy.js';
export { backoffAfter, type DependencyRule, type Rules } from './rules.js';
export type { Situation } from './situation.js';
export { isAtRest } from './at-rest.js';
export { statusOf } from './status-of.js';
export { causeOfRefusal, nextTestAt, noteRefusal, withAttemptsBack } from './refusal.js';
export {
  ALONE,
  type Blocker,
  type GoneRequirement,
  type NewRun,
  type NoSpace,
  type RefusedStarts,
  type Surroundings,
} from './surroundings.js';
export { neededByStore } from './needed-by-store.js';
export { topologyOf, type Topology } from './topology.js';
export {
  appIdOf,
  cutOffInWords,
  endInWords,
  exitInWords,
  inWords,
  listed,
  signalOf,
  timeOfDay,
} from './words.js';
