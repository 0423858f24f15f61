import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ProcessRuntime, type ServiceSpec } from '../demo/process-runtime/index.js';
import { RuntimeError, type EngineEvent } from '../src/health-monitor/runtime/index.js';

// The demo imports the package by its name; here that is the source.
vi.mock('@archipelago/health-monitor', () => import('../src/health-monitor/runtime/index.js'));

const services = new URL('../demo/services/', import.meta.url);
const kinds: Record<string, (name: string) => ServiceSpec['command']> = {
  node: (name) => [process.execPath, fileURLToPath(new URL('service.mjs', services)), name],
  ...(process.platform === 'win32'
    ? {}
    : { sh: (name) => ['sh', fileURLToPath(new URL('service.sh', services)), name] }),
};
const opened: ProcessRuntime[] = [];

function runtime(): ProcessRuntime {
  const made = new ProcessRuntime();
  opened.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

const eventually = { timeout: 30_000, interval: 20 };

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function collect(events: AsyncIterable<EngineEvent>, amount: number): Promise<EngineEvent[]> {
  const collected: EngineEvent[] = [];
  for await (const event of events) if (collected.push(event) === amount) break;
  return collected;
}

describe.each(Object.entries(kinds))('ProcessRuntime with services in %s', (_kind, command) => {
  const service = (name: string, more: Partial<ServiceSpec> = {}): ServiceSpec => ({
    name,
    image: 'localhost/service:demo',
    command: command(name),
    ...more,
  });

  it('starts a real process, tells what it wrote, and stops it', async () => {
    const engine = runtime();
    const id = engine.add(service('a'));
    expect(await engine.start(id)).toBe('started');
    expect(await engine.start(id)).toBe('already-running');
    const { pid } = await engine.inspect(id);
    expect(isAlive(pid!)).toBe(true);
    engine.tell('a', 'say one');
    engine.tell('a', 'warn two');
    await vi.waitFor(
      async () => expect([...(await engine.logs(id, 10))].sort()).toEqual(['a is ready', 'one', 'two']),
      eventually,
    );
    expect(await engine.logs(id, 0)).toEqual([]);
    expect(await engine.stop(id, { timeoutMs: 5_000 })).toBe('stopped');
    expect(await engine.stop(id, { timeoutMs: 5_000 })).toBe('already-stopped');
    expect(isAlive(pid!)).toBe(false);
    expect(await engine.inspect(id)).toMatchObject({ state: 'exited', pid: null, stoppedByUser: true });
  });

  it('tells the code a process ends with, and 128 + n for a signal', async () => {
    const engine = runtime();
    const id = engine.add(service('a'));
    for (const [order, code] of [
      ['exit 3', 3],
      ['exit 0', 0],
      ['signal SEGV', 139],
    ] as const) {
      await engine.start(id);
      engine.tell('a', order);
      await vi.waitFor(
        async () => expect(await engine.inspect(id)).toMatchObject({ state: 'exited', exitCode: code }),
        eventually,
      );
      expect((await engine.inspect(id)).stoppedByUser).toBe(false);
    }
  });

  it('asks for health', async () => {
    const engine = runtime();
    const id = engine.add(service('a', { healthCheck: { intervalMs: 50 } }));
    await engine.start(id);
    expect((await engine.inspect(id)).health).toBe('starting');
    const health = async (): Promise<unknown> => {
      const { health, healthCheck } = await engine.inspect(id);
      return [health, healthCheck?.lastOutput];
    };
    await vi.waitFor(async () => expect(await health()).toEqual(['healthy', 'ok']), eventually);
    engine.tell('a', 'sick out of disk');
    await vi.waitFor(async () => expect(await health()).toEqual(['unhealthy', 'out of disk']), eventually);
    await engine.restart(id, { timeoutMs: 5_000 });
    await vi.waitFor(async () => expect(await health()).toEqual(['healthy', 'ok']), eventually);
  });

  it.skipIf(process.platform === 'win32')('sees memory grow', async () => {
    const engine = runtime();
    const id = engine.add(service('a', { memoryLimitBytes: 1_000_000_000 }));
    engine.add(service('down'));
    await engine.start(id);
    const before = (await engine.memory())[0]!.usedBytes;
    engine.tell('a', 'grow 20000000');
    await vi.waitFor(async () => {
      const readings = await engine.memory();
      expect(readings).toMatchObject([{ id, name: 'a', limitBytes: 1_000_000_000 }]);
      expect(readings[0]!.usedBytes).toBeGreaterThan(before + 19_000_000);
    }, eventually);
  });

  it.skipIf(process.platform === 'win32')('kills what outgrows its limit', async () => {
    const engine = runtime();
    const id = engine.add(service('a', { memoryLimitBytes: 80_000_000 }));
    await engine.start(id);
    engine.tell('a', 'grow 80000000');
    await vi.waitFor(
      async () =>
        expect(await engine.inspect(id)).toMatchObject({
          exitCode: 137,
          oomKilled: true,
          stoppedByUser: false,
        }),
      eventually,
    );
    await engine.start(id);
    expect((await engine.inspect(id)).oomKilled).toBe(false);
  });

  it('leaves no process behind when it is closed, and starts none afterwards', async () => {
    const engine = runtime();
    const ids = ['a', 'b', 'c'].map((name) => engine.add(service(name, { restartPolicy: 'always' })));
    await Promise.all(ids.map((id) => engine.start(id)));
    const pids = await Promise.all(ids.map(async (id) => (await engine.inspect(id)).pid!));
    await engine.close();
    expect(pids.map(isAlive)).toEqual([false, false, false]);
    await expect(engine.start(ids[0]!)).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('ProcessRuntime', () => {
  const command = (kinds['sh'] ?? kinds['node'])!;
  const service = (name: string, more: Partial<ServiceSpec> = {}): ServiceSpec => ({
    name,
    image: 'localhost/service:demo',
    command: command(name),
    ...more,
  });

  it('tells events in order, and those of before on request', async () => {
    const engine = runtime();
    const abort = new AbortController();
    const heard: EngineEvent[] = [];
    const id = engine.add(service('a'));
    await engine.start(id);
    const listening = (async () => {
      for await (const event of engine.events({ since: 0, signal: abort.signal })) heard.push(event);
    })();
    await engine.restart(id, { timeoutMs: 5_000 });
    engine.tell('a', 'exit 4');
    await vi.waitFor(() => expect(heard.at(-1)?.action).toBe('cleaned-up'), eventually);
    await vi.waitFor(
      () =>
        expect(heard.map(({ action }) => action)).toEqual([
          'created',
          'started',
          'restarted',
          'died',
          'cleaned-up',
          'started',
          'died',
          'cleaned-up',
        ]),
      eventually,
    );
    expect(heard.filter(({ action }) => action === 'died').map(({ exitCode }) => exitCode)).toEqual([143, 4]);
    expect(new Set(heard.map(({ at }) => at)).size).toBe(heard.length);
    abort.abort();
    await listening;
  });

  it('kills what does not end by the stop timeout', async () => {
    const engine = runtime();
    const stubborn =
      'process.on("SIGTERM", () => {}); process.stdin.on("end", process.exit).resume(); console.log("on")';
    const id = engine.add({ name: 'a', image: 'x', command: [process.execPath, '-e', stubborn] });
    await engine.start(id);
    await vi.waitFor(async () => expect(await engine.logs(id, 1)).toEqual(['on']), eventually);
    expect(await engine.stop(id, { timeoutMs: 50 })).toBe('stopped');
    expect((await engine.inspect(id)).exitCode).toBe(137);
  });

  it('makes one process of two starts at a time, and starts what is required first', async () => {
    const engine = runtime();
    const db = engine.add(service('db'));
    const app = engine.add(service('app', { requires: ['db'] }));
    await Promise.all([engine.start(app), engine.start(app), engine.start(db)]);
    const abort = new AbortController();
    const started: string[] = [];
    for await (const { action, name } of engine.events({ since: 0, signal: abort.signal })) {
      if (action === 'started' && started.push(name) === 2) abort.abort();
    }
    expect(started).toEqual(['db', 'app']);
    expect((await engine.list()).map(({ state }) => state)).toEqual(['running', 'running']);
  });

  it('applies restart policies, but not after a stop by hand', async () => {
    const engine = runtime();
    const id = engine.add(service('a', { restartPolicy: 'always' }));
    await engine.startByHand('a');
    engine.tell('a', 'exit 1');
    await vi.waitFor(
      async () => expect(await engine.inspect(id)).toMatchObject({ state: 'running', engineRestarts: 1 }),
      eventually,
    );
    await engine.stopByHand('a');
    expect(await engine.inspect(id)).toMatchObject({ state: 'exited', stoppedByUser: true });
  });

  it('answers nobody while it is away, and tells afterwards what happened meanwhile', async () => {
    const engine = runtime();
    const id = engine.add(service('a'));
    await engine.startByHand('a');
    const { signal } = new AbortController();
    const outage = { status: 'rejected', reason: { kind: 'outage' } };
    const listening = collect(engine.events({ signal }), Infinity);
    await new Promise(setImmediate);
    engine.goAway();
    const answers = [listening, engine.list(), engine.start(id), collect(engine.events({ signal }), 1)];
    expect(await Promise.allSettled(answers)).toMatchObject(answers.map(() => outage));

    engine.tell('a', 'exit 3');
    engine.comeBack();
    await vi.waitFor(
      async () => expect(await engine.inspect(id)).toMatchObject({ state: 'exited', exitCode: 3 }),
      eventually,
    );
    const told = await collect(engine.events({ since: 0, signal }), 4);
    expect(told.map(({ action }) => action)).toEqual(['created', 'started', 'died', 'cleaned-up']);
  });

  it('refuses in the words of the port', async () => {
    const engine = runtime();
    const id = engine.add(service('a', { command: ['/no/such/program'] }));
    await expect(engine.start(id)).rejects.toThrow('a cannot be started: spawn /no/such/program ENOENT');
    await expect(engine.start(id)).rejects.toBeInstanceOf(RuntimeError);
    await expect(engine.inspect(id.slice(0, 12))).rejects.toMatchObject({ kind: 'not-found' });
    await expect(engine.list({ signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'aborted' });
    expect(await engine.inspect(id)).toMatchObject({ state: 'created', startedAt: null });
  });
});
