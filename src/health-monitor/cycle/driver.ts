import type { MemoryView } from '../../common/events/index.js';
import {
  deadlinesOf,
  NOTHING_KNOWN,
  step,
  type Act,
  type Fact,
  type MonitorState,
  type Setting,
  type Step,
} from '../step/index.js';
import type { NotificationIds } from './notification-ids.js';
import type { MonitorStream } from './monitor-parts.js';
import { toStateChange } from './state-change.js';

/** What stays overdue although it was just checked is checked again this soon. */
const OVERDUE_MS = 1_000;

/** Where the driver takes part in what is around it. */
export interface DriverHooks {
  /** What became of the host's clocks and of the machine since it was last called: it comes before the fact that is next. */
  readonly news: () => readonly Fact[];
  /** Hears of every step before it is kept. */
  readonly onStep: (before: MonitorState, fact: Fact, step: Step) => void;
  /** Begins an act; how it ends is the next fact about it. */
  readonly perform: (act: Act) => void;
  readonly memoryOf: (name: string) => MemoryView | null;
  /** Other processes serve what is known here. */
  readonly isServed: boolean;
}

/** Holds the state, and takes one fact at a time, in order: what follows from it is kept, published and done. */
export class Driver {
  private current: MonitorState = NOTHING_KNOWN;
  private turns: Promise<unknown> = Promise.resolve();
  private deadline = Number.POSITIVE_INFINITY;

  constructor(
    private readonly stream: MonitorStream,
    private readonly ids: NotificationIds,
    private used: Setting,
    private readonly hooks: DriverHooks,
  ) {}

  get state(): MonitorState {
    return this.current;
  }

  get setting(): Setting {
    return this.used;
  }

  /** When time alone will have changed something; milliseconds since 1970. */
  get nextDeadline(): number {
    return this.deadline;
  }

  /** Begins to watch, on a host of which this is known. What was known before is void. */
  begin(host: Pick<Setting, 'bootId' | 'ownId'>, now: number): void {
    this.used = { ...this.used, ...host };
    this.current = { ...NOTHING_KNOWN, watchingSince: now };
  }

  /**
   * Takes the next fact when those before it have had their consequences.
   *
   * @param observe finds the fact out, while nothing else changes the state; `null`: there is none after all
   * @returns what followed from it
   */
  next(observe: () => Fact | null | Promise<Fact | null>): Promise<Step | null> {
    const turn = this.turns.then(async () => {
      const fact = await observe();
      for (const news of this.hooks.news()) await this.follow(news);
      return fact === null ? null : this.follow(fact);
    });
    this.turns = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when every fact so far has had its consequences. */
  async idle(): Promise<void> {
    await this.turns;
  }

  /** Whose deadline has passed. Asking moves the next one on, so that one who cannot be checked is not asked for at once. */
  overdue(now: number): ReadonlySet<string> | 'all' {
    this.deadline = now + OVERDUE_MS;
    const names = deadlinesOf(this.current, now).flatMap(({ at, name }) => (at <= now ? [name] : []));
    return names.includes(null) ? 'all' : new Set(names.filter((name) => name !== null));
  }

  private async follow(fact: Fact): Promise<Step> {
    const next = step(this.current, fact, this.used);
    this.hooks.onStep(this.current, fact, next);
    if (fact.kind === 'loaded') this.become(next.state, fact.at);
    else await this.keep(next, fact.at);
    for (const act of next.acts) this.hooks.perform(act);
    return next;
  }

  /** The state is the new one before its events are published, so that whoever hears of them and asks misses nothing. */
  private async keep(next: Step, at: number): Promise<void> {
    await this.stream.commit((nextSeq) => {
      const { change, state } = toStateChange(this.current, next, at, {
        nextSeq,
        newId: (appId, time) => this.ids.next(appId, time),
        memoryOf: this.hooks.memoryOf,
        isServed: this.hooks.isServed,
      });
      this.become(state, at);
      return change;
    });
  }

  private become(state: MonitorState, at: number): void {
    this.current = state;
    this.deadline = deadlinesOf(state, at).reduce(
      (first, due) => Math.min(first, due.at <= at ? at + OVERDUE_MS : due.at),
      Number.POSITIVE_INFINITY,
    );
  }
}
