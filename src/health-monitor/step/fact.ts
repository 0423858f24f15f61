import type { ContainerView } from '../../common/events/index.js';
import type { IncidentRecord, LeakChange } from '../incidents/index.js';
import type { MachineReading } from '../machine/index.js';
import type {
  ActOutcome,
  AskedAct,
  ContainerRecord,
  DecisionMeaning,
  Elsewhere,
  ExternalAnswers,
  ExternalRecord,
  WishRecord,
} from '../policy/index.js';
import type { HostRecord, MonitorState } from './monitor-state.js';
import type { Observation } from './observation.js';
import type { ActUnderWay, OwnActs } from './own-acts.js';

/** A check showed this. */
export interface Checked {
  readonly kind: 'checked';
  readonly at: number;
  readonly observation: Observation;
  readonly ownActs: OwnActs;
  /** Of the first check: when the host started. */
  readonly bootedAt: number | null;
  readonly shuttingDown: boolean;
  /** This process is the one that acts with the store. */
  readonly writer: boolean;
  /** The store is shared and cannot be reached: nobody here knows which process acts. Left out: it can. */
  readonly cutOff?: true;
  /** Of those that lead, one after the other, where several processes share the store. Left out: one process has it. */
  readonly term?: number;
}

/** Until when the outcome of an act is waited for, and the leader's term, which go into what is written down of it. */
export type AskedAs = Pick<AskedAct, 'until' | 'term'>;

/** What a person asks for. */
export type Request =
  /** `as`: left out by versions that wrote nothing down of it. */
  | { readonly kind: 'start' | 'stop' | 'restart'; readonly as?: AskedAs }
  | { readonly kind: 'release' | 'retry' }
  /** `until`: milliseconds since 1970; `null`: until released. */
  | { readonly kind: 'hold'; readonly reason: string; readonly until: number | null };

/**
 * Everything that happens, as plain data: a fact can be kept, sent and replayed. Times are milliseconds since 1970;
 * `at` is when it became known.
 */
export type Fact =
  | Checked
  /** A check failed, through the engine's fault or our own (or a runtime's); `problem` says why and what to do. */
  | {
      readonly kind: 'check-failed';
      readonly at: number;
      readonly problem: string;
      readonly by: 'engine' | 'monitor';
    }
  /** An act through us ended. `wishBefore`: what was wished before a person asked for it, to go back to when it fails. */
  | {
      readonly kind: 'acted';
      readonly at: number;
      readonly act: Pick<ActUnderWay, 'name' | 'kind' | 'attempt'> & {
        /** What an act of the monitor itself was to answer; `null`: a person asked for it. */
        readonly answers: DecisionMeaning['answers'];
      };
      readonly outcome: ActOutcome;
      /** The person who asked for it; `null`: the monitor did. */
      readonly by: string | null;
      readonly wishBefore: WishRecord | null;
    }
  /** A person asked for something. Of a start, stop or restart it comes before the act. */
  | {
      readonly kind: 'asked';
      readonly at: number;
      readonly container: string;
      readonly request: Request;
      readonly by: string;
    }
  /** The probes of these, which were well, fail at once: that counts for nothing for a while. */
  | { readonly kind: 'probes-doubted'; readonly at: number; readonly containers: readonly string[] }
  /** The machine was read, and something of it is another that matters; `null`: it is not watched. */
  | { readonly kind: 'machine-read'; readonly at: number; readonly reading: MachineReading | null }
  /** What the questions to an external came to is another thing than before. */
  | {
      readonly kind: 'external-answered';
      readonly at: number;
      /** Its id. */
      readonly external: string;
      readonly answers: ExternalAnswers;
    }
  /** How all containers of other hosts are that ours need, where that is another thing than before. */
  | { readonly kind: 'elsewhere-seen'; readonly at: number; readonly containers: readonly Elsewhere[] }
  | { readonly kind: 'memory-changed'; readonly at: number; readonly changes: readonly LeakChange[] }
  | {
      readonly kind: 'store-changed';
      readonly at: number;
      readonly change: 'degraded' | 'recovered';
      readonly reason: string;
    }
  /** The host's clock was set by so much, or the host slept. */
  | { readonly kind: 'clock-set'; readonly at: number; readonly by: number }
  | { readonly kind: 'slept'; readonly at: number }
  /** What an earlier process, or another one, left in the store. */
  | {
      readonly kind: 'loaded';
      readonly at: number;
      readonly records: readonly ContainerRecord[];
      readonly incidents: readonly IncidentRecord[];
      readonly lastAlive: HostRecord | null;
      /** What people saw last; none where no other process could serve it. */
      readonly views: readonly ContainerView[];
      /** Another process has watched until a moment ago, and this one goes on with that; `null`: it begins. */
      readonly watched: Watched | null;
      /** What this process saw by itself before; left out: it did not watch. */
      readonly seen?: Seen;
    };

/** What another process knew that has watched the same until a moment ago. Milliseconds since 1970. */
export interface Watched extends Pick<MonitorState, 'engine'> {
  readonly since: number;
  /** When it was certainly there yet. */
  readonly until: number;
  readonly externals: readonly ExternalRecord[];
}

/** What a process saw that has watched, whether or not that was kept. */
export interface Seen extends Pick<MonitorState, 'records'> {
  /** Milliseconds since 1970. */
  readonly until: number;
}

export type FactOf<K extends Fact['kind']> = Extract<Fact, { readonly kind: K }>;
