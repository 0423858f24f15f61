import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import { type Clock } from '../../common/clock/index.js';
import { hostLogger } from '../../common/logging/index.js';
import { stackOf } from '../../common/text/index.js';
import { type EngineEvent, type EngineInfo, type ExitHint } from './container.js';
import { type ContainerRuntime } from './container-runtime.js';
import { RuntimeError } from './runtime-error.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** For how long what was told is remembered. What is older than that is old news, however it comes. */
const MEMORY_MS = 5 * 60_000;
const MEMORY_EVENTS = 20_000;
/** An engine that broke so many streams in a row keeps no events: the next one has to tell something, or to last. */
const REFUSALS = 2;
const LASTING_MS = 5_000;
const STOP_UNDER_WAY_MS = 60_000;
/** Several processes write the engine's log: its order is only nearly that of time. */
const DISORDER_MS = 2_000;

export type EngineEventFeedStatus =
  | { readonly state: 'listening' }
  /** `error`: why the stream broke. It is tried again after `retryInMs`. */
  | { readonly state: 'interrupted'; readonly error: RuntimeError; readonly retryInMs: number };

/** What a feed tells. A callback that throws is logged, and ends nothing. */
export interface EngineEventListener {
  /** Something happened; each event is told once, in the engine's order, and with its time by our clock. */
  onEvent(event: EngineEvent): void;
  /** It tells once more what it told before. */
  onToldAgain?(event: EngineEvent): void;
  /** The stream broke and the engine answers again: what happened meanwhile may have been missed, so reconcile. */
  onGap(): void;
  /** A hint that comes sooner than events, in no order with them; see `EventOptions`. */
  onExit?(exit: ExitHint): void;
  onStatus?(status: EngineEventFeedStatus): void;
}

export interface EngineEventFeedOptions {
  /** Waits; resolves early when `signal` is aborted. Default: a timer. */
  readonly delay?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1, for the jitter. Default: `Math.random`. */
  readonly random?: () => number;
  /** Whose engine it is, for the log. Default: the local host's. */
  readonly host?: string | null | undefined;
}

/**
 * Keeps listening to an engine's events, whatever happens to the connection.
 *
 * A broken stream is opened again after 1 s, then 2, 4 … 30 s (each shortened by up to half, so that many listeners do
 * not come at once), from where it broke. Engines tell some events twice: `since` includes its moment, and Podman's log
 * in a file tells its latest part again when it is rotated (at 1 MB), on a live stream and after newer events. So what
 * was told in the last five minutes is remembered by time, action and id, and what is older is dropped.
 */
export class EngineEventFeed {
  private readonly logger: Logger;
  private readonly told = new Map<string, number>();
  private readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  private readonly random: () => number;
  private closing: AbortController | null = null;
  private running: Promise<void> = Promise.resolve();
  /** Time of the latest event told; milliseconds since 1970. */
  private latestAt = 0;
  /** Events before this moment are not told. Milliseconds since 1970, as is what follows. */
  private beganAt = 0;
  private unheardSince: number | null = null;
  /** The engine was asked once how it tells things. */
  private hasBegun = false;
  /** From when on to ask for events. */
  private since = 0;
  /** Of the engine's clock, which its events have. */
  private clockAheadMs = 0;
  /** Whether the latest stream ended with something that could not be understood, and is asked for again. */
  private wasNonsense = false;
  /** Streams in a row that broke soon, of an engine that answers. */
  private refusals = 0;

  constructor(
    private readonly runtime: ContainerRuntime,
    private readonly clock: Clock,
    private readonly listener: EngineEventListener,
    options: EngineEventFeedOptions = {},
  ) {
    this.logger = hostLogger(EngineEventFeed.name, options.host);
    this.delay = options.delay ?? waitFor;
    this.random = options.random ?? Math.random;
  }

  /**
   * Begins to listen, from now on. Does nothing while it listens already.
   *
   * @param unheardSince from an engine whose events alone say who stopped a container, from then on
   */
  start(unheardSince: number | null = null): void {
    if (this.closing) return;
    const closing = new AbortController();
    this.closing = closing;
    this.unheardSince = unheardSince;
    this.hasBegun = false;
    this.begin(this.clock.now());
    this.running = this.run(closing.signal);
  }

  /** Ends it. Nothing is told once this has resolved. */
  async stop(): Promise<void> {
    this.closing?.abort();
    this.closing = null;
    await this.running;
  }

  /** So far ahead is the engine's clock, as was found since it began to listen. */
  engineClockIs({ clockAheadMs = 0 }: Pick<EngineInfo, 'clockAheadMs'>): void {
    this.clockAheadMs = clockAheadMs;
  }

  private begin(at: number): void {
    this.beganAt = at;
    this.since = at;
    this.latestAt = at;
  }

  private async run(signal: AbortSignal): Promise<void> {
    for (let failures = 0, isFirst = true; !signal.aborted; isFirst = false) {
      const begunAt = this.clock.monotonic();
      const error = await this.listen(isFirst, signal);
      if (signal.aborted) return;
      const wasGood = this.clock.monotonic() - begunAt > LONGEST_PAUSE_MS;
      failures = wasGood ? 1 : failures + 1;
      if (wasGood) this.refusals = 0;
      // Half a line may be whole the next time; what cannot be understood twice is passed by.
      const isNonsense = error.kind === 'nonsense';
      if (isNonsense && this.wasNonsense) this.since = this.clock.now();
      this.wasNonsense = isNonsense && !this.wasNonsense;
      const retryInMs = this.pause(failures);
      this.tell(() => this.listener.onStatus?.({ state: 'interrupted', error, retryInMs }));
      await this.delay(retryInMs, signal);
    }
  }

  /** Listens until the stream breaks, and says why it did. */
  private async listen(isFirst: boolean, signal: AbortSignal): Promise<RuntimeError> {
    let isOpen = false;
    const ended = new AbortController();
    const ends = AbortSignal.any([signal, ended.signal]);
    const opened = () => {
      if (isOpen || ends.aborted) return;
      isOpen = true;
      this.tell(() => this.listener.onStatus?.({ state: 'listening' }));
      if (!isFirst) this.tell(() => this.listener.onGap());
    };
    try {
      const refusals = this.refusals;
      this.refusals = 0;
      // A stream says nothing until something happens: this tells whether the engine is there at all.
      const info = await this.runtime.info({ signal });
      this.engineClockIs(info);
      const since = whenToBegin(info.tellsWhoStopped, this.unheardSince, this.since);
      if (!this.hasBegun && since !== null) this.begin(since);
      this.hasBegun = true;
      // Counted now, forgotten if it lasts.
      this.refusals = refusals + 1;
      const events = this.runtime.events({
        since: this.since + this.clockAheadMs,
        signal,
        onExit: (exit) => this.tell(() => this.listener.onExit?.(exit)),
      });
      if (refusals < REFUSALS) opened();
      else void this.delay(LASTING_MS, ends).then(opened);
      for await (const event of events) {
        if (signal.aborted) break;
        opened();
        const ours = { ...event, at: event.at - this.clockAheadMs };
        if (this.isNews(ours, keyOf(event))) this.tell(() => this.listener.onEvent(ours));
        else if (this.told.has(keyOf(event))) this.tell(() => this.listener.onToldAgain?.(ours));
      }
      return new RuntimeError('outage', 'The engine ended its stream of events.');
    } catch (cause) {
      return cause instanceof RuntimeError
        ? cause
        : new RuntimeError('nonsense', 'Listening to the engine failed.', { cause });
    } finally {
      ended.abort();
    }
  }

  private tell(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.logger.error('A listener to the engine failed.', stackOf(error));
    }
  }

  private isNews(event: EngineEvent, key: string): boolean {
    const now = this.clock.now();
    // While the clock is set back, new events look old, but for the clock's own time.
    const began = now < this.beganAt ? -Infinity : this.beganAt;
    const oldest = Math.max(began, Math.min(this.latestAt, now) - MEMORY_MS);
    if (event.at < oldest || this.told.has(key)) return false;
    this.told.set(key, event.at);
    this.latestAt = event.at;
    this.beganAt = Math.min(this.beganAt, event.at);
    this.since = Math.max(this.beganAt, event.at - DISORDER_MS);
    this.forget(oldest);
    return true;
  }

  private forget(oldest: number): void {
    for (const [key, at] of this.told) {
      if (at >= oldest && this.told.size <= MEMORY_EVENTS) return;
      this.told.delete(key);
    }
  }

  private pause(failures: number): number {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
    return Math.round(longest * (1 - this.random() / 2));
  }
}

/** From when on to hear of what happened before anybody listened; `null`: from now on. */
function whenToBegin(
  tells: EngineInfo['tellsWhoStopped'],
  unheardSince: number | null,
  now: number,
): number | null {
  if (tells === 'events') return unheardSince;
  // A stop that is under way now began before, and what it tells of earlier shows that it did not end meanwhile.
  return tells === 'signals' ? (unheardSince ?? now) - STOP_UNDER_WAY_MS : null;
}

const keyOf = ({ at, action, id }: EngineEvent): string => `${at} ${action} ${id}`;

async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
