import type { MemoryTrend } from '../../common/events/index.js';
import type { Condition } from './condition.js';

/** What ladder and messages ask of a container that causes an incident. */
export interface ContainerFacts {
  readonly condition: Condition;
  readonly victimsAreBack: boolean;
  readonly now: number;
}

/** What is new about a container's memory. */
export interface LeakFacts {
  readonly container: string;
  /** Found; little time left to its limit; over. */
  readonly kind: 'leak' | 'urgent' | 'cleared';
  readonly trend: Pick<MemoryTrend, 'reason'>;
  readonly now: number;
}

export interface EngineFacts {
  /** It does not answer any more; it answers again. */
  readonly kind: 'lost' | 'back';
  /** Those that went down while it did not answer, and are brought back now. */
  readonly broughtBack: readonly string[];
  readonly now: number;
}
