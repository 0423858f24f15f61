import type { ContainerView } from '../client.js';

/** It runs, is not ready, and waits for a person: a restart would not help. A server of an earlier version does not say. */
export const needsYou = (view: ContainerView | null): boolean =>
  view?.status === 'not-yet' && view.probe?.needsYou === true;
