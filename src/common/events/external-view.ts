import type { ProgressView } from './container-view.js';

/** `unknown`: it was not asked yet, or has only begun to fail; `not-yet`: it says that it is not ready. */
export const EXTERNAL_STATUSES = ['unknown', 'up', 'not-yet', 'down'] as const;
export type ExternalStatus = (typeof EXTERNAL_STATUSES)[number];

/** Something that is no container and that containers need, as people and their pages see it. */
export interface ExternalView {
  /** As it stands in `dependsOn` and `blockedBy` of containers. */
  readonly id: string;
  /** What people call it; its id where nothing else was written. */
  readonly name: string;
  /** What it is asked, in a few words: `tcp 192.168.1.5:2049`. */
  readonly asked: string;
  readonly status: ExternalStatus;
  /** What it last answered, or why there was no answer. */
  readonly sentence: string;
  /** Since when it is so, ISO 8601; `null`: it was not asked yet. */
  readonly since: string | null;
  /** What it says of how far it has come; `null`: nothing. */
  readonly progress: ProgressView | null;
}
