import type { ContainerState, Health } from './container-state.js';
import type { HealthEvent } from './health-event.js';

export const TIERS = ['database', 'core', 'dependent', 'application', 'frontend'] as const;
/** Where a container stands in the start-up order, what is built upon first. */
export type Tier = (typeof TIERS)[number];

/** Who restarts it first: us, the engine by a restart policy of its own, or systemd. */
export type Owner = 'monitor' | 'engine' | 'systemd';
export type Wish = 'running' | 'stopped';

/** One word for how a container is. The first that applies counts, in this order; `unknown`: its host does not answer. */
export const STATUSES = [
  'unknown',
  'ignored',
  'held',
  'stopped',
  'given-up',
  'waiting',
  'crash-looping',
  'backing-off',
  'restarting',
  'down',
  'unhealthy',
  'not-yet',
  'starting',
  'healthy',
] as const;
export type Status = (typeof STATUSES)[number];

/** "Do not touch this one until released": a backup, an update, maintenance. Times are ISO 8601. */
export interface HoldView {
  readonly reason: string;
  readonly by: string;
  readonly since: string;
  readonly until: string | null;
}

export interface ExitView {
  readonly code: number;
  /** Such as `SIGKILL`, when the code says that a signal ended it. */
  readonly signal?: string;
  readonly oomKilled: boolean;
  readonly at: string;
}

/** A stretch of time with one status; it lasts until the next one begins. */
export interface StatusSpan {
  readonly from: string;
  readonly status: Status | 'not-watched';
}

export type RuleOrigin = 'config' | 'label' | 'preset' | 'default' | 'engine';
/** A rule's value, and where it was written. */
export interface RuleView {
  readonly value: unknown;
  readonly from: RuleOrigin;
}

/** What the latest look at its memory says. Rates are bytes an hour. */
export interface MemoryTrend {
  readonly leaking: boolean;
  readonly floorBytes: number;
  readonly growthBytesPerHour: number;
  readonly sinceHours: number;
  readonly hoursToLimit: number | null;
  readonly reason: string;
}

export interface MemoryView {
  readonly usedBytes: number;
  readonly limitBytes: number | null;
  readonly trend: MemoryTrend | null;
}

/** The answer of a container's probes that counts: the worst, but first what asks for patience. */
export interface ProbeView {
  /** `unanswered`: nobody knows, since it cannot be asked, or not in the way that the preset guessed; that counts for nothing. */
  readonly health: 'ok' | 'not-yet' | 'failed' | 'unanswered';
  readonly sentence: string;
  readonly since: string;
  /** It is not ready, and only a person can help, by what `sentence` says. */
  readonly needsYou: boolean;
}

export interface ProgressView {
  readonly sentence: string;
  /** From 0 to 1; `null`: it does not say. */
  readonly share: number | null;
  /** Roughly how long it will take; `null`: nobody can tell. */
  readonly leftMs: number | null;
}

/** One container as people and their pages see it. Times are ISO 8601. */
export interface ContainerView {
  readonly name: string;
  /** The host that it is on; left out on the local one. Names are unique on one host only, see `referenceOf`. */
  readonly host?: string;
  readonly appId: string;
  readonly id: string;
  readonly image: string;
  readonly tier: Tier;
  readonly owner: Owner;
  readonly desired: 'running' | 'stopped' | 'held';
  readonly wish: Wish;
  readonly hold: HoldView | null;
  readonly state: ContainerState;
  readonly health: Health;
  readonly exit: ExitView | null;
  readonly status: Status;
  readonly startedAt: string | null;
  /** The last 24 hours, oldest first. */
  readonly spans: readonly StatusSpan[];
  readonly rules: Readonly<Record<string, RuleView>>;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly nextAttemptAt: string | null;
  readonly dependsOn: readonly string[];
  readonly blockedBy: readonly string[];
  readonly memory: MemoryView | null;
  /** What its probes last made of it; `null`: it has none, or nothing is known yet. `health` is the worse of this and the engine's check. */
  readonly probe: ProbeView | null;
  /** What it says of how far it has come, as in a first synchronisation; `null`: nothing. */
  readonly progress: ProgressView | null;
  /** Why the engine lists it and cannot show it, in its words; `null`: it can. */
  readonly unreadable: string | null;
  /** The last decision, in a word for machines and in a sentence for people. */
  readonly decision: { readonly code: string; readonly reason: string; readonly at: string };
}

export interface MemorySample {
  readonly at: string;
  readonly usedBytes: number;
}

/** What `GET containers/:name` answers. */
export interface ContainerDetailView extends Omit<ContainerView, 'memory'> {
  readonly history: readonly HealthEvent[];
  readonly memory: (MemoryView & { readonly samples: readonly MemorySample[] }) | null;
}
