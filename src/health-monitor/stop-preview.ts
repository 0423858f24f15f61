import type { ContainerView } from '../common/events/index.js';
import { referenceOf } from '../common/reference/index.js';

/** What stopping a container would mean. */
export interface StopPreview {
  /** Who needs it, directly or not, and would wait. */
  readonly dependents: readonly string[];
  readonly stopTimeoutMs: number;
}

/** What a container is given to stop where nothing is said of that. */
const DEFAULT_STOP_TIMEOUT_MS = 10_000;

/** What it is given to stop. Pure. */
export function stopTimeoutOf({ rules }: Pick<ContainerView, 'rules'>): number {
  const value = rules['stopTimeoutMs']?.value;
  return typeof value === 'number' ? value : DEFAULT_STOP_TIMEOUT_MS;
}

/** Of all containers of all hosts those that need one, directly or not, as their views say. Pure. */
export function dependentsAmong(all: readonly ContainerView[], reference: string): readonly string[] {
  const found = new Set([reference]);
  let before: number;
  do {
    before = found.size;
    for (const view of all) if (view.dependsOn.some((one) => found.has(one))) found.add(referenceOf(view));
  } while (found.size > before);
  return all.map(referenceOf).filter((one) => one !== reference && found.has(one));
}
