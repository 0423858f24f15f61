import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../testing/index.js';
import { type EngineEvent, type EngineInfo } from './container.js';
import { type ContainerRuntime } from './container-runtime.js';
import { EngineEventFeed, type EngineEventFeedStatus } from './engine-event-feed.js';
import { RuntimeError } from './runtime-error.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const OUTAGE = new RuntimeError('outage', 'gone');

describe('EngineEventFeed', () => {
  let clock: ManualClock;
  let engine: FakeEngine;
  let told: EngineEvent[];
  let gaps: number;
  let statuses: EngineEventFeedStatus[];
  let pauses: Pause[];
  /** Waits of five seconds for a stream to last. */
  let proofs: Pause[];
  let feed: EngineEventFeed;

  beforeEach(() => {
    clock = new ManualClock(NOW);
    engine = new FakeEngine();
    told = [];
    gaps = 0;
    statuses = [];
    pauses = [];
    proofs = [];
    feed = new EngineEventFeed(
      engine.asRuntime(),
      clock,
      {
        onEvent: (event) => told.push(event),
        onGap: () => gaps++,
        onStatus: (status) => statuses.push(status),
      },
      {
        delay: pause,
        random: () => 0,
      },
    );
  });
  afterEach(() => feed.stop());

  it('tells events in order, from its start on', async () => {
    feed.start();
    const stream = await engine.nextStream();
    stream.send(event('died', 1), event('started', 2));
    await soon(() => expect(told).toEqual([event('died', 1), event('started', 2)]));
    expect(stream.since).toBe(NOW);
    expect(gaps).toBe(0);
    expect(statuses).toEqual([{ state: 'listening' }]);
  });

  it('opens a broken stream again from the last event, and says that there was a gap', async () => {
    feed.start();
    const first = await engine.nextStream();
    first.send(event('died', 5_000));
    await soon(() => expect(told).toHaveLength(1));
    first.break(OUTAGE);
    (await nextPause()).end();

    const second = await engine.nextStream();
    expect(second.since).toBeLessThanOrEqual(NOW + 5_000);
    expect(second.since).toBeGreaterThan(NOW);
    expect(gaps).toBe(1);
    expect(statuses.map(({ state }) => state)).toEqual(['listening', 'interrupted', 'listening']);
    expect(statuses[1]).toMatchObject({ error: OUTAGE, retryInMs: 1_000 });

    second.send(event('died', 5_000), event('started', 6_000));
    await soon(() => expect(told).toEqual([event('died', 5_000), event('started', 6_000)]));
  });

  it('waits longer after each failure, up to 30 s, and does not say "gap" before the engine answers', async () => {
    engine.isAway = true;
    feed.start();
    for (let failure = 0; failure < 7; failure++) (await nextPause()).end();
    const last = await nextPause();
    expect(pauses.map(({ milliseconds }) => milliseconds)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
    expect(gaps).toBe(0);

    engine.isAway = false;
    last.end();
    await engine.nextStream();
    expect(gaps).toBe(1);
  });

  it('does not say again and again that it listens to an engine that answers and keeps no events', async () => {
    feed.start();
    for (let stream = 0; stream < 5; stream++) {
      (await engine.nextStream()).break(OUTAGE);
      (await nextPause()).end();
    }
    const stream = await engine.nextStream();
    const said = () => statuses.map(({ state }) => state);
    expect(said().slice(-3)).toEqual(['interrupted', 'interrupted', 'interrupted']);
    expect(gaps).toBe(1);

    stream.send(event('died', 1));
    await soon(() => expect(said().at(-1)).toBe('listening'));
    expect(gaps).toBe(2);
  });

  it('listens again to an engine that broke stream after stream once one has lasted for five seconds', async () => {
    feed.start();
    for (let stream = 0; stream < 5; stream++) {
      (await engine.nextStream()).break(OUTAGE);
      (await nextPause()).end();
    }
    await engine.nextStream();
    await soon(() => expect(proofs.at(-1)).toMatchObject({ signal: { aborted: false } }));
    expect(proofs.slice(0, -1).every(({ signal }) => signal.aborted)).toBe(true);
    expect(statuses.at(-1)?.state).toBe('interrupted');

    proofs.at(-1)!.end();
    await soon(() => expect(statuses.at(-1)?.state).toBe('listening'));
    expect(gaps).toBe(2);
  });

  it('begins with the shortest pause again after a stream that lasted', async () => {
    engine.isAway = true;
    feed.start();
    (await nextPause()).end();
    (await nextPause()).end();
    const last = await nextPause();
    engine.isAway = false;
    last.end();
    const stream = await engine.nextStream();
    clock.advance(60_000);
    stream.break(OUTAGE);
    expect((await nextPause()).milliseconds).toBe(1_000);
  });

  it('shortens pauses by up to half, so that listeners do not come all at once', async () => {
    engine.isAway = true;
    const other = new EngineEventFeed(
      engine.asRuntime(),
      clock,
      { onEvent: () => {}, onGap: () => {} },
      {
        delay: pause,
        random: () => 0.999,
      },
    );
    other.start();
    expect((await nextPause()).milliseconds).toBeCloseTo(500, -1);
    await other.stop();
  });

  it('drops doubles, told apart by time, action and id', async () => {
    feed.start();
    const stream = await engine.nextStream();
    const distinct = [
      event('died', 1),
      event('cleaned-up', 1),
      event('died', 1, 'other'),
      event('died', 1.0005),
    ];
    stream.send(...distinct, ...distinct, event('removed', 2));
    await soon(() => expect(told).toEqual([...distinct, event('removed', 2)]));
  });

  it('drops what a rotated log tells again on a live stream, remembered or long past', async () => {
    feed.start();
    const stream = await engine.nextStream();
    clock.advance(3_600_000);
    stream.send(event('died', 3_599_000));
    stream.send(
      event('died', 10),
      event('died', 1_000_000),
      event('died', 3_599_000),
      event('started', 3_600_000),
    );
    await soon(() => expect(told).toEqual([event('died', 3_599_000), event('started', 3_600_000)]));
  });

  it('is told what nobody heard, by an engine whose events alone say who stopped a container', async () => {
    engine.tellsWhoStopped = 'events';
    feed.start(NOW - 3_600_000);
    const stream = await engine.nextStream();
    expect(stream.since).toBe(NOW - 3_600_000);
    stream.send(event('stopped', -3_599_000), event('died', -3_598_000), event('died', 1));
    await soon(() => expect(told).toHaveLength(3));
    await feed.stop();

    engine.tellsWhoStopped = 'flag';
    feed.start(NOW - 3_600_000);
    expect((await engine.nextStream()).since).toBe(NOW);
  });

  it('drops what happened before it began', async () => {
    feed.start();
    const stream = await engine.nextStream();
    stream.send(event('died', -1_000), event('started', 0));
    await soon(() => expect(told).toEqual([event('started', 0)]));
  });

  it('keeps telling after the clock was set back', async () => {
    feed.start();
    const stream = await engine.nextStream();
    stream.send(event('died', 1_000));
    await soon(() => expect(told).toHaveLength(1));
    clock.jumpWallClock(-7_200_000);
    stream.send(event('started', -7_200_000));
    await soon(() => expect(told).toHaveLength(2));
  });

  it('asks again for what it cannot understand, and passes it by when that is no clearer', async () => {
    const nonsense = new RuntimeError('nonsense', 'An event: not JSON.');
    feed.start();
    const first = await engine.nextStream();
    first.send(event('died', 1));
    clock.advance(9_000);
    first.break(nonsense);
    (await nextPause()).end();
    const second = await engine.nextStream();
    expect(second.since).toBe(NOW);
    second.send(event('died', 1), event('cleaned-up', 2));
    await soon(() => expect(told.map(({ action }) => action)).toEqual(['died', 'cleaned-up']));
    second.break(nonsense);
    (await nextPause()).end();
    expect((await engine.nextStream()).since).toBe(NOW + 9_000);
    expect(gaps).toBe(1);
  });

  it('goes on when a listener throws, and logs that', async () => {
    const log = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const heard: string[] = [];
    const other = new EngineEventFeed(engine.asRuntime(), clock, {
      onEvent: ({ action }) => {
        heard.push(action);
        throw new Error('no');
      },
      onGap: () => {},
    });
    other.start();
    (await engine.nextStream()).send(event('died', 1), event('started', 2));
    await soon(() => expect(heard).toEqual(['died', 'started']));
    expect(log).toHaveBeenCalledTimes(2);
    log.mockRestore();
    await other.stop();
  });

  it('tells nothing once it has stopped, and can begin anew', async () => {
    feed.start();
    feed.start();
    const stream = await engine.nextStream();
    await feed.stop();
    stream.send(event('died', 1));
    expect(engine.opened).toBe(1);
    expect(stream.signal.aborted).toBe(true);
    expect(told).toEqual([]);

    feed.start();
    (await engine.nextStream()).send(event('died', 2));
    await soon(() => expect(told).toEqual([event('died', 2)]));
  });

  it('stops amid a pause', async () => {
    engine.isAway = true;
    feed.start();
    const { signal } = await nextPause();
    const stopped = feed.stop();
    expect(signal.aborted).toBe(true);
    await stopped;
    expect(engine.opened).toBe(0);
  });

  function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((end) => {
      (milliseconds === 5_000 ? proofs : pauses).push(new Pause(milliseconds, signal, end));
      signal.addEventListener('abort', () => end());
    });
  }

  let paused = 0;
  beforeEach(() => (paused = 0));
  async function nextPause(): Promise<Pause> {
    return soon(() => {
      const pause = pauses[paused];
      if (!pause) throw new Error('It does not pause.');
      paused++;
      return pause;
    });
  }
});

function event(action: EngineEvent['action'], afterMs: number, id = 'a'): EngineEvent {
  return { action, id, name: id, at: NOW + afterMs, exitCode: null, health: null };
}

class Pause {
  constructor(
    readonly milliseconds: number,
    readonly signal: AbortSignal,
    readonly end: () => void,
  ) {}
}

/** Gives event streams into which a test speaks. */
class FakeEngine {
  isAway = false;
  tellsWhoStopped: EngineInfo['tellsWhoStopped'] = 'flag';
  private readonly streams: FakeStream[] = [];
  private taken = 0;

  get opened(): number {
    return this.streams.length;
  }

  asRuntime(): ContainerRuntime {
    const runtime: Pick<ContainerRuntime, 'info' | 'events'> = {
      info: () =>
        this.isAway
          ? Promise.reject(OUTAGE)
          : Promise.resolve({ tellsWhoStopped: this.tellsWhoStopped } as EngineInfo),
      events: ({ since, signal }) => {
        const stream = new FakeStream(since, signal);
        this.streams.push(stream);
        return stream.read();
      },
    };
    return runtime as ContainerRuntime;
  }

  nextStream(): Promise<FakeStream> {
    return soon(() => {
      const stream = this.streams[this.taken];
      if (!stream) throw new Error('No stream was opened.');
      this.taken++;
      return stream;
    });
  }
}

class FakeStream {
  private readonly sent: (EngineEvent | RuntimeError)[] = [];
  private wake = () => {};

  constructor(
    readonly since: number | undefined,
    readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.wake());
  }

  send(...events: EngineEvent[]): void {
    this.sent.push(...events);
    this.wake();
  }

  break(error: RuntimeError): void {
    this.sent.push(error);
    this.wake();
  }

  async *read(): AsyncGenerator<EngineEvent, void, void> {
    while (!this.signal.aborted) {
      const next = this.sent.shift();
      if (next instanceof RuntimeError) throw next;
      if (next) yield next;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

function soon<T>(look: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(look, { interval: 2, timeout: 5_000 });
}
