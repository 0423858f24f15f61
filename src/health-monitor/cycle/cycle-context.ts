import type { ResolvedOptions } from '../../common/options/index.js';
import type { HostBoot, RestartPolicy, Rules } from '../policy/index.js';

/** An act on a container under way. */
export interface ActUnderWay {
  readonly kind: 'start' | 'stop' | 'restart';
  /** Which attempt it is; `null` when it is none. */
  readonly attempt: number | null;
  readonly by: 'monitor' | 'person';
}

/** What a step needs besides the state and the observation. */
export interface CycleContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly options: ResolvedOptions;
  readonly policy: RestartPolicy;
  readonly host: HostBoot;
  readonly healingFrom: number;
  readonly shuttingDown: boolean;
  /** Another process heals; this one only watches. */
  readonly observeOnly: boolean;
  /** Full id of the container in which we run; `null`: in none. */
  readonly ownId: string | null;
  readonly acting: ReadonlyMap<string, ActUnderWay>;
  /** Acted on, and not looked at since: half of a restart looks like an end, so nothing is made of what was seen. */
  readonly unseen: ReadonlySet<string>;
  /** A stop or restart through us was under way at that time. */
  readonly stoppedByUs: (name: string, at: number) => boolean;
  /** A start or restart through us was under way at that time. */
  readonly startedByUs: (name: string, at: number) => boolean;
  readonly leakRestartDue: (name: string, rules: Rules) => boolean;
}
