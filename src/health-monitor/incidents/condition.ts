import type { Evidence, IncidentKind } from '../../common/events/index.js';
import { meaningOf, type ContainerRecord, type Decision, type Rules } from '../policy/index.js';
import type { Container } from '../runtime/index.js';

/** What is wrong with a container, and since when (milliseconds since 1970). */
export interface Trouble {
  readonly kind: Extract<IncidentKind, 'down' | 'unhealthy' | 'flapping' | 'crash-loop'>;
  readonly since: number;
  readonly reason: string;
}

/** A container after a check and a decision: what incidents are made from. */
export interface Condition {
  readonly name: string;
  readonly container: Container;
  readonly record: ContainerRecord;
  readonly rules: Rules;
  readonly decision: Decision;
  /** A person, its labels or the configuration want it as it is: no problem, whatever its state. */
  readonly leftOnPurpose: boolean;
  readonly trouble: Trouble | null;
  readonly evidence: Evidence | null;
}

/** By name. */
export type Conditions = ReadonlyMap<string, Condition>;

/**
 * Since when a container is well again after what began at `since` (milliseconds since 1970); `null`: it is not, or has
 * been all the time, as far as its state and health show, and what it runs in.
 */
export function backSince(
  { record: { life, health }, decision }: Pick<Condition, 'record' | 'decision'>,
  since: number,
): number | null {
  if (!life.up || health.readySince === null || meaningOf(decision).untreated === 'cut-off') return null;
  return health.readySince >= since ? health.readySince : null;
}
