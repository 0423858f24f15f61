import { beforeEach, describe, expect, it } from 'vitest';
import { RuntimeError, type ContainerRuntime } from '../health-monitor/runtime/index.js';
import { InMemoryRuntime, type InMemoryRuntimeOptions } from './in-memory-runtime.js';
import { ManualClock } from './manual-clock.js';

let clock: ManualClock;
let heard: string[];

beforeEach(() => {
  clock = new ManualClock();
  heard = [];
});

function engine(options: Omit<InMemoryRuntimeOptions, 'clock'> = {}): InMemoryRuntime {
  return new InMemoryRuntime({ clock, ...options });
}

/** Notes `action name` of every event from now on; resolves with the error that ended the stream. */
async function listen(runtime: ContainerRuntime, since?: number): Promise<RuntimeError | null> {
  try {
    for await (const { action, name, exitCode } of runtime.events({
      since,
      signal: new AbortController().signal,
    })) {
      heard.push(exitCode === null ? `${action} ${name}` : `${action} ${name} ${exitCode}`);
    }
    return null;
  } catch (error) {
    return error as RuntimeError;
  }
}

async function kindOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof RuntimeError ? error.kind : `no RuntimeError: ${String(error)}`;
}

describe('InMemoryRuntime, asked', () => {
  it('says what it is', async () => {
    expect(await engine({ tellsWhoStopped: 'events' }).info()).toMatchObject({
      kind: 'in-memory',
      version: '4.3.1',
      tellsWhoStopped: 'events',
    });
  });

  it('lists containers in the order they were added, and inspects one by its full id only', async () => {
    const runtime = engine();
    runtime.add({ name: 'b', labels: { tier: 'x' } });
    const id = runtime.add({ name: 'a', state: 'exited', exitCode: 3, startedAt: 1_000, exitedAt: 2_000 });
    expect((await runtime.list()).map(({ name, state }) => [name, state])).toEqual([
      ['b', 'running'],
      ['a', 'exited'],
    ]);
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await runtime.inspect(id)).toMatchObject({
      name: 'a',
      exitCode: 3,
      startedAt: 1_000,
      exitedAt: 2_000,
    });
    expect(await kindOf(runtime.inspect(id.slice(0, 12)))).toBe('not-found');
    expect(await kindOf(runtime.start('a'))).toBe('not-found');
  });

  it('reads memory of running containers only', async () => {
    const runtime = engine();
    runtime.add({ name: 'up', memory: { usedBytes: 5, limitBytes: 9 } });
    runtime.add({ name: 'down', state: 'exited' });
    expect(await runtime.memory()).toMatchObject([{ name: 'up', usedBytes: 5, limitBytes: 9 }]);
    runtime.setMemory('up', 7);
    expect(await runtime.memory()).toMatchObject([{ name: 'up', usedBytes: 7, limitBytes: 9 }]);
  });

  it('gives the last lines of a log, each cut to 1,000 characters', async () => {
    const runtime = engine();
    const id = runtime.add({ name: 'a', log: ['one', 'two'] });
    runtime.write('a', 'x'.repeat(2_000));
    expect(await runtime.logs(id, 2)).toEqual(['two', 'x'.repeat(1_000)]);
    expect(await runtime.logs(id, 0)).toEqual([]);
  });
});

describe('InMemoryRuntime, acting', () => {
  it('starts what is down, and what that requires first', async () => {
    const runtime = engine();
    runtime.add({ name: 'db', state: 'exited' });
    runtime.add({ name: 'cache', state: 'exited', requires: ['db'] });
    const app = runtime.add({ name: 'app', state: 'exited', requires: ['cache'] });
    const listening = listen(runtime);
    expect(await runtime.start(app)).toBe('started');
    expect(await runtime.start(app)).toBe('already-running');
    runtime.goAway();
    await listening;
    expect(heard).toEqual(['started db', 'started cache', 'started app']);
    expect(runtime.acts).toMatchObject([
      { kind: 'start', name: 'app' },
      { kind: 'start', name: 'app' },
    ]);
  });

  it('refuses to restart one whose requirement is down, and to start one that is paused', async () => {
    const runtime = engine();
    runtime.add({ name: 'db', state: 'exited' });
    const app = runtime.add({ name: 'app', requires: ['db'] });
    expect(await kindOf(runtime.restart(app, { timeoutMs: 1_000 }))).toBe('refused');
    runtime.pause('app');
    expect(await kindOf(runtime.start(app))).toBe('refused');
  });

  it('kills what has not ended by the stop timeout', async () => {
    const runtime = engine();
    const id = runtime.add({ name: 'slow', onStop: { takesMs: 60_000 } });
    const stopped = runtime.stop(id, { timeoutMs: 10_000 });
    await clock.advanceAsync(9_999);
    expect(runtime.peek('slow').state).toBe('stopping');
    await clock.advanceAsync(1);
    expect(await stopped).toBe('stopped');
    expect(runtime.peek('slow')).toMatchObject({ state: 'exited', exitCode: 137, stoppedByUser: true });
    expect(await runtime.stop(id, { timeoutMs: 1 })).toBe('already-stopped');
  });

  it('lets two stops of one container end together, with one death', async () => {
    const runtime = engine({ tellsWhoStopped: 'events' });
    const id = runtime.add({ name: 'a', onStop: { takesMs: 100 } });
    void listen(runtime);
    const both = [runtime.stop(id, { timeoutMs: 1_000 }), runtime.userStop('a')];
    await clock.advanceAsync(1_000);
    await Promise.all(both);
    expect(heard).toEqual(['died a 0', 'cleaned-up a', 'cleaned-up a']);
  });

  it('restarts: the restart is told before the death, and the flag is gone afterwards', async () => {
    const runtime = engine();
    const id = runtime.add({ name: 'a', onStop: { exitCode: 143 } });
    void listen(runtime);
    await runtime.restart(id, { timeoutMs: 1_000 });
    await clock.advanceAsync(0);
    expect(heard).toEqual(['restarted a', 'died a 143', 'cleaned-up a', 'started a']);
    expect(runtime.peek('a')).toMatchObject({ state: 'running', stoppedByUser: false });
  });

  it('refuses starts as long as it is told to', async () => {
    const runtime = engine();
    const id = runtime.add({ name: 'a', state: 'exited', exitCode: 1 });
    runtime.refuseStart('a', 'no such command');
    await expect(runtime.start(id)).rejects.toMatchObject({ kind: 'refused', message: 'no such command' });
    expect(runtime.peek('a')).toMatchObject({ state: 'exited', exitCode: 1 });
    runtime.refuseStart('a', null);
    expect(await runtime.start(id)).toBe('started');
  });

  it('plays one behaviour a start, and the last one for ever', async () => {
    const runtime = engine();
    const id = runtime.add({ name: 'a', state: 'exited' });
    runtime.onStart('a', { diesAfterMs: 5_000, exitCode: 139 }, { refusal: 'busy' }, {});
    await runtime.start(id);
    clock.advance(4_999);
    expect(runtime.peek('a').state).toBe('running');
    clock.advance(1);
    expect(runtime.peek('a')).toMatchObject({ state: 'exited', exitCode: 139 });
    expect(await kindOf(runtime.start(id))).toBe('refused');
    await runtime.start(id);
    clock.advance(3_600_000);
    expect(runtime.peek('a').state).toBe('running');
  });

  it('does nothing in a later run that was to happen in an earlier one', async () => {
    const runtime = engine();
    const id = runtime.add({ name: 'a', state: 'exited' });
    runtime.onStart('a', { diesAfterMs: 5_000 }, {});
    await runtime.start(id);
    await runtime.userStop('a');
    await runtime.userStart('a');
    clock.advance(60_000);
    expect(runtime.peek('a').state).toBe('running');
  });

  it('checks health a second after a start', async () => {
    const runtime = engine();
    const id = runtime.add({ name: 'a', health: 'unhealthy', stopTimeoutMs: 1 });
    await runtime.restart(id, { timeoutMs: 1 });
    expect(runtime.peek('a').health).toBe('starting');
    clock.advance(1_000);
    expect(runtime.peek('a')).toMatchObject({ health: 'healthy', healthCheck: { lastRunAt: clock.now() } });
  });
});

describe('InMemoryRuntime, telling who stopped a container', () => {
  it.each([
    ['flag', ['died a 0', 'cleaned-up a'], true],
    ['events', ['died a 0', 'cleaned-up a', 'cleaned-up a'], null],
    ['never', ['died a 0', 'cleaned-up a'], null],
  ] as const)('%s: a person stops it', async (tellsWhoStopped, events, flag) => {
    const runtime = engine({ tellsWhoStopped });
    runtime.add({ name: 'a' });
    void listen(runtime);
    await runtime.userStop('a');
    await clock.advanceAsync(252);
    expect(heard).toEqual(events);
    expect(runtime.peek('a').stoppedByUser).toBe(flag);
  });

  it.each([
    ['flag', false],
    ['events', null],
    ['never', null],
  ] as const)('%s: it crashes', async (tellsWhoStopped, flag) => {
    const runtime = engine({ tellsWhoStopped });
    runtime.add({ name: 'a' });
    void listen(runtime);
    runtime.crash('a', 139);
    await clock.advanceAsync(1_000);
    expect(heard).toEqual(['died a 139', 'cleaned-up a']);
    expect(runtime.peek('a').stoppedByUser).toBe(flag);
  });

  it('flag: a signal that does not end it sets the flag, and a later crash looks like a stop', () => {
    const runtime = engine();
    runtime.add({ name: 'a' });
    runtime.userKill('a', 'SIGHUP');
    expect(runtime.peek('a')).toMatchObject({ state: 'running', stoppedByUser: true });
    runtime.crash('a', 1);
    expect(runtime.peek('a').stoppedByUser).toBe(true);
  });

  it('flag: a stop of one that is down already sets the flag', async () => {
    const runtime = engine();
    runtime.add({ name: 'a' });
    runtime.crash('a');
    await runtime.userStop('a');
    expect(runtime.peek('a').stoppedByUser).toBe(true);
  });

  it('events: two events of one moment differ in their time', async () => {
    const runtime = engine({ tellsWhoStopped: 'events' });
    runtime.add({ name: 'a' });
    runtime.crash('a');
    runtime.goAway();
    runtime.comeBack();
    const times: number[] = [];
    const abort = new AbortController();
    for await (const { at } of runtime.events({ since: 0, signal: abort.signal })) {
      if (times.push(at) === 4) abort.abort();
    }
    expect(new Set(times).size).toBe(4);
  });

  it('tells of an end for want of memory for ever after, or not at all', async () => {
    for (const [tellsWhoStopped, told] of [
      ['flag', true],
      ['events', false],
    ] as const) {
      const runtime = engine({ tellsWhoStopped });
      runtime.add({ name: 'a' });
      runtime.crash('a', undefined, { oomKilled: true });
      expect(runtime.peek('a')).toMatchObject({ exitCode: 137, oomKilled: told });
      await runtime.userStart('a');
      runtime.crash('a', 3);
      expect(runtime.peek('a')).toMatchObject({ exitCode: 3, oomKilled: told });
    }
  });
});

describe('InMemoryRuntime, with restart policies of its own', () => {
  it('restarts a crashed one at once, and counts that until a hand starts it', async () => {
    const runtime = engine();
    runtime.add({ name: 'a', restartPolicy: 'always' });
    void listen(runtime);
    runtime.crash('a');
    await clock.advanceAsync(100);
    expect(heard).toEqual(['died a 1', 'restarted a', 'started a']);
    expect(runtime.peek('a')).toMatchObject({ state: 'running', engineRestarts: 1 });
    await runtime.userStop('a');
    await clock.advanceAsync(60_000);
    expect(runtime.peek('a').state).toBe('exited');
    await runtime.userStart('a');
    expect(runtime.peek('a').engineRestarts).toBe(0);
  });

  it('ends its tries on-failure, and takes exit 0 for done', () => {
    const runtime = engine();
    runtime.add({ name: 'a', restartPolicy: 'on-failure', maxRestarts: 2 });
    for (const _ of [1, 2, 3]) {
      runtime.crash('a', 1);
      clock.advance(100);
    }
    expect(runtime.peek('a')).toMatchObject({ state: 'exited', engineRestarts: 2 });
    runtime.add({ name: 'b', restartPolicy: 'on-failure' });
    runtime.crash('b', 0);
    clock.advance(100);
    expect(runtime.peek('b').state).toBe('exited');
  });

  it('leaves them alone when told to', () => {
    const runtime = engine({ appliesRestartPolicies: false });
    runtime.add({ name: 'a', restartPolicy: 'always' });
    runtime.crash('a');
    clock.advance(60_000);
    expect(runtime.peek('a').state).toBe('exited');
  });
});

describe('InMemoryRuntime, removing', () => {
  it('gives a re-created container a new id', async () => {
    const runtime = engine();
    const before = runtime.add({ name: 'a', image: 'one' });
    void listen(runtime);
    const after = runtime.recreate('a', { image: 'two' });
    await clock.advanceAsync(0);
    expect(after).not.toBe(before);
    expect(heard).toEqual(['died a 137', 'removed a', 'created a', 'started a']);
    expect(await kindOf(runtime.inspect(before))).toBe('not-found');
    expect(runtime.peek('a').image).toBe('two');
  });

  it('says nothing of a new one that the old one of its name was about to say', async () => {
    const runtime = engine();
    const id = runtime.add({ name: 'a', state: 'exited', health: 'unhealthy' });
    runtime.onStart('a', { takesMs: 500 });
    const starting = runtime.start(id);
    await clock.advanceAsync(100);
    runtime.recreate('a');
    await clock.advanceAsync(5_000);
    await starting;
    expect(runtime.peek('a').health).toBe('unhealthy');
  });

  it('removes what is to be removed at its end', async () => {
    const runtime = engine({ tellsWhoStopped: 'events' });
    runtime.add({ name: 'a', autoRemove: true });
    void listen(runtime);
    await runtime.userStop('a');
    await clock.advanceAsync(1_000);
    expect(heard).toEqual(['died a 0', 'removed a']);
    expect(await runtime.list()).toEqual([]);
  });
});

describe('InMemoryRuntime, in trouble', () => {
  it('fails calls and breaks streams in an outage, and keeps the events of that time', async () => {
    const runtime = engine();
    const id = runtime.add({ name: 'a', onStop: { takesMs: 500 } });
    const from = clock.now();
    const listening = listen(runtime);
    const stopping = runtime.stop(id, { timeoutMs: 1_000 });
    await clock.advanceAsync(100);
    runtime.goAway('Podman is gone.');
    expect(await kindOf(stopping)).toBe('outage');
    expect(await kindOf(runtime.list())).toBe('outage');
    expect((await listening)?.kind).toBe('outage');
    expect((await listen(runtime))?.message).toBe('Podman is gone.');
    await clock.advanceAsync(1_000);
    runtime.comeBack();
    expect(await runtime.list()).toMatchObject([{ name: 'a', state: 'exited' }]);
    heard = [];
    void listen(runtime, from + 500);
    await clock.advanceAsync(0);
    expect(heard).toEqual(['died a 0', 'cleaned-up a']);
  });

  it('ends a call that hangs at its deadline, and does it all the same when released', async () => {
    const runtime = engine({ timeoutMs: 3_000 });
    const id = runtime.add({ name: 'a', state: 'exited' });
    const release = runtime.hang('start', 'a');
    const starting = kindOf(runtime.start(id));
    await clock.advanceAsync(120_000);
    expect(await starting).toBe('timeout');
    expect(runtime.peek('a').state).toBe('exited');
    release();
    await clock.advanceAsync(0);
    expect(runtime.peek('a').state).toBe('running');

    runtime.hang('list');
    const listing = kindOf(runtime.list());
    await clock.advanceAsync(3_000);
    expect(await listing).toBe('timeout');
  });

  it('ends a call that the caller aborts, and an event stream without an error', async () => {
    const runtime = engine();
    runtime.hang('list');
    const abort = new AbortController();
    const listing = kindOf(runtime.list({ signal: abort.signal }));
    const streaming = (async () => {
      for await (const _ of runtime.events({ signal: abort.signal }));
      return 'returned';
    })();
    abort.abort();
    expect(await listing).toBe('aborted');
    expect(await streaming).toBe('returned');
    expect(await kindOf(runtime.info({ signal: abort.signal }))).toBe('aborted');
  });

  it('tells events twice, or not at all, when told to', async () => {
    const runtime = engine();
    runtime.add({ name: 'a' });
    void listen(runtime);
    runtime.crash('a');
    runtime.redeliverEvents(1);
    runtime.muteEvents();
    await runtime.userStart('a');
    await clock.advanceAsync(0);
    expect(heard).toEqual(['died a 1', 'cleaned-up a', 'cleaned-up a']);
  });

  it('keeps one running whose conmon was killed, until it is stopped', async () => {
    const runtime = engine();
    const id = runtime.add({ name: 'a' });
    runtime.vanish('a');
    expect(await runtime.start(id)).toBe('already-running');
    expect(await runtime.inspect(id)).toMatchObject({ state: 'running', processVanished: true });
    expect(await kindOf(runtime.stop(id, { timeoutMs: 1 }))).toBe('refused');
    expect(await runtime.start(id)).toBe('started');
    expect((await runtime.inspect(id)).processVanished).toBe(false);
  });

  it.each([
    ['flag', 'exited'],
    ['events', 'created'],
  ] as const)('has nothing running after a reboot (%s)', (tellsWhoStopped, state) => {
    const runtime = engine({ tellsWhoStopped });
    runtime.add({ name: 'a' });
    runtime.reboot();
    expect(runtime.peek('a').state).toBe(state);
    expect(runtime.peek('a').startedAt).not.toBeNull();
  });

  it('tells the writer of a test what is wrong with it', () => {
    const runtime = engine();
    runtime.add({ name: 'a', state: 'exited' });
    expect(() => runtime.crash('a')).toThrow('a does not run: it is exited.');
    expect(() => runtime.crash('b')).toThrow('There is no container named b.');
    expect(() => runtime.add({ name: 'a' })).toThrow('There is a container named a already.');
    expect(() => runtime.setHealth('a', 'healthy')).toThrow('a has no health check');
  });

  it('works in real time with the clock of the system', async () => {
    const runtime = new InMemoryRuntime();
    const id = runtime.add({ name: 'a', onStop: { takesMs: 5, exitCode: 143 } });
    expect(await runtime.stop(id, { timeoutMs: 1_000 })).toBe('stopped');
    expect(runtime.peek('a').exitCode).toBe(143);
  });
});
