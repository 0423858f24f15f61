import type { Evidence } from '../../common/events/index.js';
import type { StopEvidence } from '../policy/index.js';
import type { Container, EngineInfo, ListedContainer } from '../runtime/index.js';

/** A container as the engine shows it when it is asked about it alone. */
export interface Inspected {
  readonly container: Container;
  /** What the engine's events told of its end; `null`: nothing, since its latest start. */
  readonly stopEvidence: StopEvidence | null;
  /** Its last words, when it is newly down or unhealthy. */
  readonly evidence: Evidence | null;
}

/** A container that the engine lists, and cannot show when it is asked about it alone. */
export interface UnreadableContainer {
  readonly listed: ListedContainer;
  /** What the engine says of why. */
  readonly words: string;
}

/**
 * What one check of the engine brought. A full check inspects what may have changed since it was last inspected: what the
 * list shows otherwise, what events told of, whose health check is due, and whose end is not understood yet.
 */
export interface Observation {
  /** All containers were listed. */
  readonly full: boolean;
  /** The first list after a boot or an outage: those down are one batch. */
  readonly first: boolean;
  /** The engine's events were missed for a while, and may still tell what happened meanwhile. */
  readonly eventsMissing: boolean;
  /** The engine itself. */
  readonly engine: EngineInfo;
  readonly inspected: readonly Inspected[];
  /** Of a full check, who is there, in the engine's order; `null`: the same as at the one before. */
  readonly listed: readonly string[] | null;
  /** Names that were asked about alone, and are gone. */
  readonly gone: readonly string[];
  /** Those that are listed, but could not be inspected. */
  readonly unreadable: readonly UnreadableContainer[];
}
