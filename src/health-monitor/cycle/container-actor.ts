import type { Clock } from '../../common/clock/index.js';
import type { ActOutcome, DecisionCode } from '../policy/index.js';
import { RuntimeError, type ContainerRuntime } from '../runtime/index.js';
import type { ActUnderWay, EndedAct, OwnActs } from '../step/index.js';

export interface ActOrder {
  readonly name: string;
  readonly id: string;
  readonly kind: 'start' | 'stop' | 'restart';
  readonly stopTimeoutMs: number;
  readonly attempt: number | null;
  /** Why the monitor does it; `null`: a person asked for it. */
  readonly code: DecisionCode | null;
  /** The same in a sentence. */
  readonly reason: string | null;
  readonly by: ActUnderWay['by'];
}

/** Runs an act, and gives how it ended as it was given. */
export type AroundAct = (order: ActOrder, act: () => Promise<ActOutcome>) => Promise<ActOutcome>;

/** Called when the engine is about to be asked for an act: throws a `RuntimeError` when it must not be. */
export type ActFence = (order: ActOrder) => void;

/** How long the end of an act is remembered: engines tell of it some moments later. */
const REMEMBERED_MS = 60_000;

/** An act, and what it takes to wait for it or to give it up. */
type Running = ActUnderWay & { readonly done: Promise<ActOutcome>; readonly abandoning: AbortController };

/** Does things to containers: one at a time to each, and knows afterwards that it was us. */
export class ContainerActor {
  private readonly underWay = new Map<string, Running>();
  private readonly unseen = new Set<string>();
  private ended: readonly EndedAct[] = [];

  constructor(
    private readonly runtime: ContainerRuntime,
    private readonly clock: Clock,
    private readonly around: AroundAct = (_order, act) => act(),
    private readonly fence: ActFence = () => undefined,
  ) {}

  /** As of now. */
  get acts(): OwnActs {
    return {
      underWay: [...this.underWay.values()].map(({ done: _done, abandoning: _, ...act }) => act),
      ended: this.ended,
      unseen: [...this.unseen],
    };
  }

  isActingOn(name: string): boolean {
    return this.underWay.has(name);
  }

  /** A check begins. The returned function takes whom it showed: those whose act had ended before are seen again. */
  beginCheck(): (names: Iterable<string>) => void {
    const before = new Set([...this.unseen].filter((name) => !this.underWay.has(name)));
    return (names) => {
      for (const name of names) if (before.has(name) && !this.underWay.has(name)) this.unseen.delete(name);
    };
  }

  /**
   * Does it. How it ended is the answer, also when it failed. The caller makes sure that nothing else is under way.
   *
   * @param before done first, while the container already counts as being acted on; what it throws is thrown on
   */
  perform(order: ActOrder, before: () => Promise<unknown> = () => Promise.resolve()): Promise<ActOutcome> {
    const { name, kind, attempt, by } = order;
    if (this.underWay.has(name)) throw new Error(`Something is being done to ${name} already.`);
    const abandoning = new AbortController();
    const done = before()
      .then(() => this.around(order, () => this.run(order, abandoning.signal)))
      .finally(() => {
        const to = this.clock.now();
        const from = this.underWay.get(name)?.since ?? to;
        this.underWay.delete(name);
        this.unseen.add(name);
        const remembered = this.ended.filter((act) => to - act.to < REMEMBERED_MS);
        this.ended = [...remembered, { name, kind, from, to }];
      });
    this.underWay.set(name, { name, kind, attempt, by, since: this.clock.now(), done, abandoning });
    return done;
  }

  /** Containers have other names now. @param names the new name by the old one */
  rename(names: ReadonlyMap<string, string>): void {
    const unseen = [...this.unseen].map((name) => names.get(name) ?? name);
    this.unseen.clear();
    for (const name of unseen) this.unseen.add(name);
    this.ended = this.ended.map((act) => ({ ...act, name: names.get(act.name) ?? act.name }));
  }

  /** Resolves when nothing that the monitor itself began is under way with this one. */
  async freeForPerson(name: string): Promise<void> {
    for (let act = this.underWay.get(name); act?.by === 'monitor'; act = this.underWay.get(name))
      await act.done;
  }

  /** Resolves when nothing is under way any more; what is still without an answer after so long is waited for no more. */
  async finish(patienceMs: number): Promise<void> {
    const abandon = setTimeout(() => this.underWay.forEach((act) => act.abandoning.abort()), patienceMs);
    await Promise.allSettled([...this.underWay.values()].map(({ done }) => done));
    clearTimeout(abandon);
  }

  private async run(order: ActOrder, signal: AbortSignal): Promise<ActOutcome> {
    const { id, kind, stopTimeoutMs: timeoutMs } = order;
    const beforeAsking = () => this.fence(order);
    try {
      // A host's own runtime need not call it.
      beforeAsking();
      switch (kind) {
        case 'start':
          return (await this.runtime.start(id, { signal, beforeAsking })) === 'started' ? DONE : VOID;
        case 'stop':
          return (await this.runtime.stop(id, { timeoutMs, signal, beforeAsking })) === 'stopped'
            ? DONE
            : VOID;
        case 'restart':
          await this.runtime.restart(id, { timeoutMs, signal, beforeAsking });
          return DONE;
      }
    } catch (error) {
      const outcome = outcomeOf(error);
      return signal.aborted && outcome.kind === 'void' ? { ...outcome, abandoned: true } : outcome;
    }
  }
}

const DONE: ActOutcome = { kind: 'done', detail: null };
const VOID: ActOutcome = { kind: 'void', detail: null };

function outcomeOf(error: unknown): ActOutcome {
  if (!(error instanceof RuntimeError))
    return { kind: 'refused', detail: 'An unexpected error; see the log.' };
  const { message: detail } = error;
  switch (error.kind) {
    case 'outage':
    case 'aborted':
    case 'not-found':
      return { kind: 'void', detail };
    case 'timeout':
      return { kind: 'timed-out', detail };
    case 'refused':
    case 'nonsense':
      return { kind: 'refused', detail };
  }
}
