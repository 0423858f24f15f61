import type { Tier } from '../../common/events/index.js';
import type { Probe, ProbeCredentials } from '../../common/options/index.js';

/** What is known of the containers of one kind of server. All by app id: the name without `archy-`. */
export interface Preset {
  /** `undefined`: it does not know that app. */
  tierOf(appId: string): Tier | undefined;
  /** Whether it only serves another app; `watch: 'apps'` leaves it alone. */
  isBackend(appId: string): boolean;
  /** What it needs, each entry any one of several. */
  dependenciesOf(appId: string): readonly (readonly string[])[];
  /** Whether stopping it in the wrong moment can harm its data. */
  isDataSafe(appId: string): boolean;
  /**
   * How it is asked whether it works, by what its makers document. Where it listens, and what is in its image, is a guess.
   *
   * @param credentials what a person gave to log in with; `null`: nothing
   */
  probesOf(appId: string, credentials: ProbeCredentials | null): readonly Probe[];
}

/** Knows nothing: everything is an application. */
export const noPreset: Preset = {
  tierOf: () => undefined,
  isBackend: () => false,
  dependenciesOf: () => [],
  isDataSafe: () => false,
  probesOf: () => [],
};
