import type { Status, Wish } from '../../common/events/index.js';
import type { Decision } from './decision.js';

/** What the user wants, and how we know. */
export interface WishRecord {
  readonly value: Wish;
  readonly by: 'first-sight' | 'engine' | 'person';
  /** Who, when a person said it to us. */
  readonly who: string | null;
  readonly at: number;
}

/** "Do not touch this one until released." */
export interface Hold {
  readonly reason: string;
  readonly by: string;
  readonly since: number;
  /** When it ends by itself; `null`: when released. */
  readonly until: number | null;
  /** It stands in place of a wish or a hold that could not be read. */
  readonly intentUnknown?: true;
}

/** One start or restart of ours. Written down before the call, its outcome after. */
export interface Attempt {
  readonly at: number;
  readonly kind: 'start' | 'restart';
  /** `pending` also after our process was killed in the middle of it. */
  readonly outcome: 'pending' | 'done' | 'refused' | 'timed-out';
  /** The engine's reason when it refused. */
  readonly detail: string | null;
}

/** An act that the engine was asked for, or is about to be, and that has no outcome yet. */
export interface AskedAct {
  readonly kind: 'start' | 'stop' | 'restart';
  readonly by: 'monitor' | 'person';
  /** Which attempt it is; `null` when it is none. */
  readonly attempt: number | null;
  readonly at: number;
  /** When no outcome is waited for any more. */
  readonly until: number;
  /** The leader's, where several processes share the store. Left out: one process has it. */
  readonly term?: number;
  /** An earlier process, or another one, asked for it: how it ended only the engine can show. Left out: this one did. */
  readonly inherited?: true;
}

/** The current or latest run. */
export interface Run {
  /** The engine's start time: tells one run from another. */
  readonly startedAt: number | null;
  /** Since when we count it. */
  readonly since: number;
  /** A start or restart through us began it. */
  readonly begunByUs: boolean;
  /** The engine began it when it came up itself, by the container's restart policy. Left out: it did not. */
  readonly revived?: true;
}

/** The end of a run. */
export interface Death {
  /** Tells one death from another; unaffected by changes of the host's clock. */
  readonly key: string;
  /** When we count it to have happened. */
  readonly at: number;
  readonly exitCode: number;
  /** The kernel ended it for want of memory. Never inferred from exit code 137 alone. */
  readonly oomKilled: boolean;
  /** Whether a person did it. `pending`: the engine may still say so, until `pendingUntil`. */
  readonly stoppedBy: 'person' | 'nobody' | 'unknown' | 'pending';
  readonly pendingUntil: number | null;
  /**
   * What ended it on the way to another run, and not to have it off: a stop or restart through us, a restart at the
   * engine, the engine's own action on a failing health check, the end of the engine itself. Then its exit says nothing, and
   * the engine, which takes it to be stopped on purpose, does nothing more. `null`: nothing of the kind is known.
   */
  readonly endedBy: 'us' | 'restart' | 'health-action' | 'engine' | null;
  /** The host went down with it; its exit code says nothing. */
  readonly withHost: boolean;
  /** A full check after the one, or the event, that first saw it still found it so. */
  readonly confirmed: boolean;
  /** How long that run had lasted; `null` when unknown. */
  readonly ranForMs: number | null;
  /** The engine's flag that a person stopped it was already set when the death was first seen. */
  readonly flagged: boolean;
  /**
   * A start through us began that run, and it was never ready. Then a second `cleanup` event proves nothing: it may be of
   * the death before our start, whose clean-up process a busy host runs seconds later.
   */
  readonly afterOurStart: boolean;
}

/** Why, and since when, no more attempts are made. */
export interface GivenUp {
  readonly at: number;
  readonly reason: 'refused' | 'died' | 'unhealthy' | 'engine-tries-used-up';
}

/** A decision as it was last made, kept as long as the same one is made again. */
export interface MadeDecision extends Decision {
  readonly at: number;
}

/** What people want of it. */
export interface Intent {
  readonly wish: WishRecord;
  readonly hold: Hold | null;
}

/** That the engine lists a container and cannot show it. */
export interface Unreadable {
  readonly since: number;
  /** In how many full checks in a row, counted up to 2. */
  readonly fullChecks: number;
  /** What the engine says of why. */
  readonly words: string;
}

/** Its runs and deaths, as far as they were seen. */
export interface Life {
  readonly firstSeenAt: number;
  /** Since when it has been gone; `null` while the engine lists it. */
  readonly absentSince: number | null;
  /** The engine lists it and cannot show it; `null`: it can. */
  readonly unreadable: Unreadable | null;
  /** The host has come up since it was last inspected. */
  readonly unseenSinceBoot: boolean;
  readonly run: Run | null;
  readonly up: boolean;
  /** Since when it has been in states that should pass by themselves (see `isUnsettled`), without a break. */
  readonly unsettledSince: number | null;
  readonly death: Death | null;
  /** The engine's flag was already set during this run (`kill -s HUP`), so it will not prove a stop. */
  readonly flaggedWhileUp: boolean;
  /** It was once up for 10 minutes in a run, as a service is. */
  readonly lasted: boolean;
  /** Which guess of the preset's at how to ask it has ever been answered (see `guessOf`); `null`: none. */
  readonly answeredGuess: string | null;
}

export interface HealthRecord {
  /** Since when it has been ready to be depended on, without a break. */
  readonly readySince: number | null;
  /** When it was last found to have become ready. */
  readonly lastReadyAt: number | null;
  /** Since when its health check has failed, without a break. */
  readonly unhealthySince: number | null;
  /** The times of the last 10 minutes, in this run, in which its health check failed and then passed again. */
  readonly spells: readonly { readonly from: number; readonly to: number }[];
  /** Since when its health has gone to and fro (see `learnFlapping`); `null`: it does not. */
  readonly flappingSince: number | null;
}

/** The engine refused its latest start. */
export interface Refusal {
  readonly at: number;
  /** The engine's reason. */
  readonly words: string;
  /** What stands behind it (see `causeOfRefusal`): containers that are refused for the same cause have one problem. */
  readonly cause: string;
}

/** What we do about it. */
export interface Healing {
  /** Attempts of this arming, oldest first. */
  readonly attempts: readonly Attempt[];
  readonly givenUp: GivenUp | null;
  /** `null`: it was taken, or none was made yet. */
  readonly refusal: Refusal | null;
  /** A returning dependency re-arms once a problem. */
  readonly rearmedByDependency: boolean;
  /** When the latest restart through us began, written down before the call; `null` once it runs anew. */
  readonly restartingSince: number | null;
  /** Written down before the engine is asked, and taken back with the outcome; `null`: none is without an outcome. */
  readonly asked: AskedAct | null;
  /** The batch of its latest death, for the pauses between tiers. */
  readonly batch: number | null;
  /** Start times of the dependencies under which this run began, for those with `restart: true`. */
  readonly dependencyRuns: Readonly<Record<string, number>>;
}

/** Deaths that add up to a crash loop. */
export interface LoopRecord {
  /** Times of deaths that we healed, within 24 h. */
  readonly healedDeaths: readonly number[];
  /** Times of deaths under the engine's own restart policy, within 10 min. */
  readonly engineDeaths: readonly number[];
  /** The engine's own count of its restarts, as last seen. */
  readonly engineRestarts: number;
  /** Since when it has been in a crash loop; `null`: in none. */
  readonly since: number | null;
}

/** What people were last shown of it. */
export interface Shown {
  readonly decision: MadeDecision | null;
  /** Status over the last 24 hours, run-length, oldest first. */
  readonly spans: readonly { readonly from: number; readonly status: Status | 'not-watched' }[];
  /** In a crash loop, exits and starts are published once a minute: when last, and how many since. */
  readonly muted: { readonly since: number; readonly count: number } | null;
}

/**
 * Everything that is remembered of one container, by name, cut by owner: whoever changes one of these takes and gives
 * that one. A readonly value: each check makes a new one, or returns the same when nothing changed. Times are
 * milliseconds since 1970.
 */
export interface ContainerRecord {
  readonly name: string;
  /** The engine's; {@link UNKNOWN_ID} until it is seen again. */
  readonly id: string;
  readonly intent: Intent;
  readonly life: Life;
  readonly health: HealthRecord;
  readonly healing: Healing;
  readonly loop: LoopRecord;
  readonly shown: Shown;
}

/** Stands in place of an id that could not be read: no container has it. */
export const UNKNOWN_ID = '';

/** With these parts in place of its own; the very same value when they are the same. */
export function withParts<T extends object>(whole: T, parts: Partial<T>): T {
  const same = (Object.keys(parts) as (keyof T)[]).every((key) => parts[key] === whole[key]);
  return same ? whole : { ...whole, ...parts };
}

declare module '../../common/store/health-store.js' {
  interface Collections {
    container: ContainerRecord;
  }
}
