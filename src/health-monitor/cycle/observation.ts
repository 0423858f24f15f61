import type { Evidence } from '../../common/events/index.js';
import type { StopEvidence } from '../policy/index.js';
import type { Container, EngineInfo } from '../runtime/index.js';

/** What one look at the engine found. */
export interface Observation {
  /** All containers were listed: who is not here is gone. */
  readonly full: boolean;
  /** The first list after a boot or an outage: those down are one batch. */
  readonly first: boolean;
  /** Those looked at, in the engine's order. Unchanged ones are the same objects as before. */
  readonly containers: readonly Container[];
  /** Names that were looked for and are gone. */
  readonly gone: readonly string[];
  /** Names that are there, but could not be looked at closely: nothing is decided about them. */
  readonly unreadable: readonly string[];
  /** Of those that are newly down or unhealthy. */
  readonly evidence: ReadonlyMap<string, Evidence>;
  /** What events showed of a container, by id. */
  readonly stopEvidence: ReadonlyMap<string, StopEvidence>;
  readonly tellsWhoStopped: EngineInfo['tellsWhoStopped'];
}
