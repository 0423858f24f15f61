import type { ContainerView } from '../common/events/index.js';
import { referenceOf } from '../common/reference/index.js';

/** What stopping a container would mean. */
export interface StopPreview {
  /** Who needs it, directly or not, and would wait. */
  readonly dependents: readonly string[];
  readonly stopTimeoutMs: number;
}

/** What a container is given to stop where nothing is said of that. */
export const DEFAULT_STOP_TIMEOUT_MS = 10_000;

/** @param all containers of all hosts, that one too. Pure. */
export function previewStop(view: ContainerView, all: readonly ContainerView[]): StopPreview {
  const stopTimeoutMs = view.rules['stopTimeoutMs']?.value;
  return {
    dependents: dependentsOf(referenceOf(view), all),
    stopTimeoutMs: typeof stopTimeoutMs === 'number' ? stopTimeoutMs : DEFAULT_STOP_TIMEOUT_MS,
  };
}

function dependentsOf(reference: string, all: readonly ContainerView[]): readonly string[] {
  const found = new Set([reference]);
  let before: number;
  do {
    before = found.size;
    for (const view of all) if (view.dependsOn.some((one) => found.has(one))) found.add(referenceOf(view));
  } while (found.size > before);
  return all.map(referenceOf).filter((one) => one !== reference && found.has(one));
}
