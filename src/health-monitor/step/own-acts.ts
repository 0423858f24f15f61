/** Engines may round the time of a start to the second. */
export const ROUNDED_MS = 1_000;

/** An act through us that is under way. */
export interface ActUnderWay {
  readonly name: string;
  readonly kind: 'start' | 'stop' | 'restart';
  /** Which attempt it is; `null` when it is none. */
  readonly attempt: number | null;
  readonly by: 'monitor' | 'person';
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Another process asked for it, and it is waited for until then. Left out: this one did. */
  readonly until?: number;
}

/** An act through us that has ended. Milliseconds since 1970. */
export interface EndedAct {
  readonly name: string;
  readonly kind: ActUnderWay['kind'];
  readonly from: number;
  readonly to: number;
}

/** What was done through us lately, so that it is never taken for a person's doing at the engine. */
export interface OwnActs {
  readonly underWay: readonly ActUnderWay[];
  /** The latest ones, those of the last minute at least: engines tell of an act some moments after it. */
  readonly ended: readonly EndedAct[];
  /** Who was acted on and has not been seen since: half of a restart looks like an end. */
  readonly unseen: readonly string[];
}

export const NO_ACTS: OwnActs = { underWay: [], ended: [], unseen: [] };

export const underWayOn = ({ underWay }: OwnActs, name: string): ActUnderWay | null =>
  underWay.find((act) => act.name === name) ?? null;

/** Whether an act of ours was under way on a container between two times. */
export function wasActedOn({ underWay, ended }: OwnActs, name: string, from: number, to: number): boolean {
  return (
    underWay.some((act) => act.name === name && act.since <= to) ||
    ended.some((act) => act.name === name && act.from <= to && act.to >= from)
  );
}

/** Whether a start or restart through us can have begun a run that the engine says began then. */
export const wasBegunByUs = (acts: OwnActs, name: string, startedAt: number): boolean =>
  wasActedOn(acts, name, startedAt - ROUNDED_MS, startedAt + ROUNDED_MS);

/** Whether a stop or restart through us was under way then: a death at that time was our doing. */
export function wasStoppedByUs({ underWay, ended }: OwnActs, name: string, at: number): boolean {
  return (
    underWay.some((act) => act.name === name && act.kind !== 'start' && act.since <= at) ||
    ended.some((act) => act.name === name && act.kind !== 'start' && act.from <= at && act.to >= at)
  );
}
