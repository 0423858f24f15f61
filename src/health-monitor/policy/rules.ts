import type {
  DependencyCondition,
  ExitRule,
  ResolvedProbe,
  UnhealthyRule,
} from '../../common/options/index.js';
import type { RuleOrigin, Tier } from '../../common/events/index.js';
import type { Namespace } from '../runtime/index.js';

/** Something a container needs: any one of the names. */
export interface DependencyRule {
  /** Names as they were written: a container's name or app id; of another host alone, and behind `HOST/`. */
  readonly anyOf: readonly string[];
  readonly condition: DependencyCondition;
  /** Restart the dependent after this dependency came back. */
  readonly restart: boolean;
  /** Whose run it cannot outlive, although its process does: it runs in these of the dependency's namespaces. */
  readonly shares: readonly Namespace[];
  /** Resolved within one Compose project only: these are names of its services. */
  readonly composeProject: string | null;
  /** The engine starts it along, so it must not be started against a person's wish. */
  readonly requiredByEngine: boolean;
  /** Reported when no such container exists. The preset's dependencies are silent: not everybody has every app. */
  readonly mustExist: boolean;
}

/** All rules for one container, after config, labels, preset and defaults. Times are milliseconds. */
export interface Rules {
  readonly ignore: boolean;
  /** It runs once and ends, and is no service. */
  readonly job: boolean;
  /** Not healed because only apps are watched. */
  readonly backend: boolean;
  readonly tier: Tier;
  readonly dependsOn: readonly DependencyRule[];
  readonly on: ExitRule;
  readonly unhealthy: UnhealthyRule;
  readonly unhealthyForMs: number;
  readonly stopTimeoutMs: number;
  readonly maxAttempts: number;
  readonly backoffMs: readonly number[];
  readonly stableAfterMs: number;
  readonly rearmAfterMs: number;
  readonly engineGraceMs: number;
  readonly tierSettleMs: number;
  readonly adoptStopped: boolean;
  readonly onLeak: 'notify' | 'restart';
  readonly leakRestartWindow: string;
  /** How it is asked whether it works; none: only the engine's own health check counts. */
  readonly probes: readonly ResolvedProbe[];
  /** Where each rule that can be written by container was written. */
  readonly origin: Readonly<Record<string, RuleOrigin>>;
  /** What is wrong with its labels, a sentence each. */
  readonly problems: readonly string[];
}

/** The wait after attempt number `attempt` (from 1); the last entry repeats. */
export function backoffAfter(attempt: number, rules: Pick<Rules, 'backoffMs'>): number {
  return rules.backoffMs[Math.min(attempt, rules.backoffMs.length) - 1] ?? 0;
}
