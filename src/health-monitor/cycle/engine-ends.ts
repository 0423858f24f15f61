import { ENGINE_FOLLOWS_WITHIN_MS } from '../policy/index.js';
import type { Container } from '../runtime/index.js';

/** An engine that ends asks one container after the other, so soon after each other. In milliseconds, as is what follows. */
const TOGETHER_MS = 3_000;
/** No stop takes longer: an engine kills. What was asked to end and lives on was asked for something else. */
const STOP_AT_MOST_MS = 10 * 60_000;
/** A person may ask, and the engine may kill what did not obey; earlier ones say nothing any more. */
const ASKS_KEPT = 4;

/** A time in which the engine's events were not heard. Milliseconds since 1970. */
interface Silence {
  readonly from: number;
  /** `null`: it lasts. */
  readonly to: number | null;
}

/** Containers that were asked to end in the same moments, and when each was. */
interface Group {
  readonly from: number;
  to: number;
  readonly asks: Map<string, number>;
}

type Shown = Pick<Container, 'state' | 'startedAt' | 'exitedAt' | 'restartPolicy' | 'stoppedByUser'>;

/**
 * Tells the end of an engine from the work of a person. Docker that is shut down or upgraded asks all its containers to end,
 * as a person does who stops them all, and ends itself when they have; one that is killed does so when it comes up again.
 * Either way its events are not heard for a while, nothing runs on over that, and it remembers nothing from before.
 */
export class EngineEnds {
  private readonly asks = new Map<string, readonly number[]>();
  private readonly ends = new Map<string, number>();
  /** Of all that were asked, oldest first; `null`: to be made anew. Each container is judged by them. */
  private groups: readonly Group[] | null = null;
  private silence: Silence | null = null;
  /** Told again, or told of the time before: it is the same process as then. */
  private remembers = false;
  /** As it was when it said last what it is. */
  private remembersAll = false;

  asked(id: string, at: number): void {
    this.asks.set(id, [...(this.asks.get(id) ?? []), at].slice(-ASKS_KEPT));
    this.groups = null;
  }

  ended(id: string, at: number): void {
    this.ends.set(id, at);
  }

  removed(id: string): void {
    if (this.asks.delete(id)) this.groups = null;
    this.ends.delete(id);
  }

  silentSince(at: number): void {
    if (this.silence?.to === null) return;
    this.silence = { from: at, to: null };
    this.remembers = false;
  }

  heardAgain(at: number): void {
    if (this.silence?.to !== null) return;
    this.silence = { ...this.silence, to: at };
    // What has answered so far may have ended before it was heard.
    this.remembers = false;
  }

  /** The engine, as it answers now, knows an event of this time. */
  told(at: number): void {
    if (this.silence !== null && at < this.silence.from) this.remembers = true;
  }

  /** Whether the engine that is heard now has told all that happened since it came up. */
  hasToldAll(all: boolean): void {
    this.remembersAll = all;
  }

  /** When the last of those that were asked to end around `at` had ended; `null`: one has not yet. */
  allEndedAt(at: number, now: number): number | null {
    const group = this.groupAt(at);
    const ends = [...(group?.asks ?? [])].map(([id, asked]) => {
      const end = this.ends.get(id) ?? 0;
      return end >= asked || now - asked > STOP_AT_MOST_MS ? end : null;
    });
    return ends.includes(null) ? null : Math.max(...ends.filter((end) => end !== null), at);
  }

  /** Whether the latest silence was the engine's end; `shown`: all containers, as they are after it. */
  wasEnd(shown: Iterable<Shown>): boolean {
    const { silence } = this;
    if (silence === null || this.remembers) return false;
    for (const { state, startedAt } of shown)
      if (state === 'running' && startedAt !== null && startedAt < silence.from) return false;
    return true;
  }

  /** Whether one that was asked to end between these times was asked by the engine, given that this did end. */
  askedFor(id: string, first: number, last: number): boolean {
    const group = this.askedByEngine();
    return group !== null && group.asks.has(id) && group.to >= first && group.from <= last;
  }

  /**
   * Whether one that was first asked to end at this time was so by another hand, given that the engine did end: apart from
   * the most that were asked together, and before those.
   */
  wasAskedBefore(first: number): boolean {
    const engine = this.askedByEngine();
    const group = this.groupAt(first);
    return (
      group !== undefined && engine !== null && group.to < engine.from && group.asks.size < engine.asks.size
    );
  }

  /**
   * Whether one that ran before the engine ended was found running by it and ended when it came up, given that this did
   * end: nobody can ask it for anything until it is done with that. `asked`: when it was last asked to end; `null`: nothing
   * was heard, which proves nothing where an engine has forgotten some.
   */
  foundRunning({ startedAt, exitedAt }: Shown, asked: number | null): boolean {
    const { from } = this.silence!;
    if (startedAt === null || startedAt >= from) return false;
    if (asked !== null) return this.isInSilence(asked);
    if (this.remembersAll) return false;
    const cameUpAt = this.firstAskedInSilence();
    return exitedAt !== null && this.isInSilence(exitedAt) && exitedAt >= cameUpAt - ENGINE_FOLLOWS_WITHIN_MS;
  }

  /**
   * Whether one that did not end by itself, as far as was heard, went down with the engine, given that this did end: the
   * engine notes whom a person stopped. What it tells last, it may have no time to tell.
   */
  tookDown({ state, exitedAt, stoppedByUser }: Shown): boolean {
    const isDown = state === 'exited' && stoppedByUser === false;
    return isDown && exitedAt !== null && this.isInSilence(exitedAt, ENGINE_FOLLOWS_WITHIN_MS);
  }

  /** Whether it runs since the engine came up, given that this did end before. */
  began({ state, startedAt, restartPolicy }: Shown): boolean {
    return (
      state === 'running' && restartPolicy === 'always' && startedAt !== null && this.isInSilence(startedAt)
    );
  }

  private firstAskedInSilence(): number {
    const asked = [...this.asks.values()].flat().filter((at) => this.isInSilence(at));
    return Math.min(...asked, Infinity);
  }

  private isInSilence(at: number, beforeMs = 0): boolean {
    const { from, to } = this.silence ?? { from: Infinity, to: null };
    return at >= from - beforeMs && (to === null || at <= to);
  }

  /** Whoever was asked to end together with most others, before the engine ended or when it came up. */
  private askedByEngine(): Group | null {
    const { from, to } = this.silence!;
    const groups = this.allGroups().filter(
      (group) => group.from <= (to ?? Infinity) && this.lastEndOf(group) >= from - ENGINE_FOLLOWS_WITHIN_MS,
    );
    const most = Math.max(...groups.map(({ asks }) => asks.size));
    return groups.findLast(({ asks }) => asks.size === most) ?? null;
  }

  private groupAt(at: number): Group | undefined {
    return this.allGroups().find(({ from, to }) => from <= at && at <= to);
  }

  private allGroups(): readonly Group[] {
    return (this.groups ??= this.grouped());
  }

  private grouped(): readonly Group[] {
    const asked = [...this.asks].flatMap(([id, times]) => times.map((at) => ({ id, at })));
    const groups: Group[] = [];
    for (const { id, at } of asked.sort((one, other) => one.at - other.at)) {
      const latest = groups.at(-1);
      if (latest && at - latest.to <= TOGETHER_MS) {
        latest.asks.set(id, at);
        latest.to = at;
      } else groups.push({ from: at, to: at, asks: new Map([[id, at]]) });
    }
    return groups;
  }

  private lastEndOf({ from, asks }: Group): number {
    const ends = [...asks.keys()].map((id) => this.ends.get(id) ?? 0);
    return Math.max(...ends.filter((end) => end >= from && end - from <= STOP_AT_MOST_MS), 0);
  }
}
