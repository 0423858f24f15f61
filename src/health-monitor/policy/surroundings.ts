import type { Namespace } from '../runtime/index.js';
import type { UnseenDependency } from './elsewhere.js';

/** A dependency that is not ready, and what it is about it. */
export interface Blocker {
  readonly name: string;
  /** What people call it. Left out: its name. */
  readonly shown?: string;
  /** What is the matter, to stand behind its name: "is down", "is not healthy yet", "is on hold". */
  readonly what: string;
}

/** That the engine refuses to start several containers for one cause. */
export interface RefusedStarts {
  /** How many they are. */
  readonly count: number;
  /** The engine's reason. */
  readonly words: string;
  /** When one of them is started, to see whether it is taken: milliseconds since 1970. */
  readonly testAt: number;
  /** It is this one's turn. */
  readonly isNext: boolean;
}

/** That there is no space on a file system which a container needs, as it or another one said. */
export interface NoSpace {
  /** Where it is mounted. */
  readonly mount: string;
  /** Since when starts are withheld, or when one was last tried: milliseconds since 1970. */
  readonly withheldFrom: number;
  /** It is this one's turn to be tried. */
  readonly isNext: boolean;
}

/** A dependency that began a new run since a container that is to follow it started. */
export interface NewRun {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The namespaces of its former run that the container still runs in; none: its rules ask for a restart. */
  readonly shares: readonly Namespace[];
}

/** A container without which the engine does not start another one, and which is gone. */
export interface GoneRequirement {
  /** Its full id. */
  readonly id: string;
  /** The namespaces of its last run that the other one was made to run in. */
  readonly shares: readonly Namespace[];
}

/** Everything a decision needs to know that is not the container itself. */
export interface Surroundings {
  /**
   * `stand-by`: another process heals with the same store. `store-away`: the store is shared and cannot be reached, so
   * nobody here knows which process heals.
   */
  readonly mode: 'heal' | 'observe' | 'stand-by' | 'store-away';
  /**
   * The store runs in it, or that one needs it: it may be started while the store is away. `null`: neither, or nothing is
   * to be healed.
   */
  readonly bringsStoreBack: 'holds-it' | 'is-needed' | null;
  /** Healing begins then. */
  readonly healingFrom: number;
  /** The host or this process is on its way down. */
  readonly shuttingDown: boolean;
  /** The container in which we run. */
  readonly ourselves: boolean;
  /** An act on it under way. */
  readonly acting: {
    readonly kind: 'start' | 'stop' | 'restart';
    readonly attempt: number | null;
    /** Another process asked for it, and how it ends is waited for until then. Left out: this one did. */
    readonly until?: number;
  } | null;
  readonly blockers: readonly Blocker[];
  /** Dependencies on hosts that do not answer, and that were ready when they last did: they hold nobody back. */
  readonly takenToBeReady: readonly UnseenDependency[];
  /** One in whose namespaces it runs on, and which is down; `null`: none is. */
  readonly cutOffFrom: Pick<NewRun, 'name' | 'shares'> | null;
  /** `null`: all that the engine requires for it is there. */
  readonly goneRequirement: GoneRequirement | null;
  /** A dependency that came back since it was given up, and when. */
  readonly dependencyBackAt: number | null;
  readonly dependencyBack: string | null;
  /** A dependency that is ready in a new run, which this container is to follow. */
  readonly restartedDependency: NewRun | null;
  /** One that went down with it of which is not known yet whether a person stopped it, and when that is known at the latest. */
  readonly unjudged: { readonly name: string; readonly until: number } | null;
  /** Not before this, because of a lower tier in the same batch; `null`: no such pause. */
  readonly tierPause: { readonly after: string; readonly until: number } | null;
  /**
   * Its place in line for a start: how many go first, and when to ask again (milliseconds since 1970; `null`: when one of
   * those starts is answered). `null`: it may start now.
   */
  readonly place: { readonly ahead: number; readonly until: number | null } | null;
  /** The engine refuses to start this one and others for one cause; `null`: it does not. */
  readonly refusedStarts: RefusedStarts | null;
  /** Starts are withheld for want of space; `null`: they are not. */
  readonly noSpace: NoSpace | null;
  /** Of the infra container of a pod, a container of that pod that should run and ran when it ended; `null`: none did. */
  readonly leftInPod: string | null;
  /** The host came up after this container was last started, and nobody has started it since. */
  readonly notStartedSinceBoot: boolean;
  /** A leak was found, it may be restarted for that, and now is the time. */
  readonly leakRestartDue: boolean;
}

/** Nothing around it matters: heals, has begun, nothing else is happening. */
export const ALONE: Surroundings = {
  mode: 'heal',
  bringsStoreBack: null,
  healingFrom: 0,
  shuttingDown: false,
  ourselves: false,
  acting: null,
  blockers: [],
  takenToBeReady: [],
  cutOffFrom: null,
  goneRequirement: null,
  dependencyBackAt: null,
  dependencyBack: null,
  restartedDependency: null,
  unjudged: null,
  tierPause: null,
  place: null,
  refusedStarts: null,
  noSpace: null,
  leftInPod: null,
  notStartedSinceBoot: false,
  leakRestartDue: false,
};
