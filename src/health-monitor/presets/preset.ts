import type { Tier } from '../../common/events/index.js';

/** What is known of the containers of one kind of server. All by app id: the name without `archy-`. */
export interface Preset {
  tierOf(appId: string): Tier;
  /** Whether it only serves another app; `watch: 'apps'` leaves it alone. */
  isBackend(appId: string): boolean;
  /** What it needs, each entry any one of several. */
  dependenciesOf(appId: string): readonly (readonly string[])[];
  /** Whether stopping it in the wrong moment can harm its data. */
  isDataSafe(appId: string): boolean;
}

/** Knows nothing: everything is an application. */
export const noPreset: Preset = {
  tierOf: () => 'application',
  isBackend: () => false,
  dependenciesOf: () => [],
  isDataSafe: () => false,
};
