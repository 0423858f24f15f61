import type { EngineInfo } from '../health-monitor/runtime/index.js';

/** In what engines differ. */
export interface EngineTraits {
  /** As `EngineInfo` has it; another one with each version of Podman. */
  tellsWhoStopped: EngineInfo['tellsWhoStopped'];
  /** Whether inspecting tells of an end for want of memory. */
  readonly tellsOom: boolean;
  /** Whether it restarts containers by their own restart policy. */
  readonly appliesRestartPolicies: boolean;
}
