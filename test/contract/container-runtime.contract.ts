import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ContainerRuntime,
  type EngineEvent,
  RuntimeError,
  type RuntimeErrorKind,
} from '../../src/health-monitor/runtime/index.js';

/** An engine with its runtime, in which the suite can let things happen. */
export interface RuntimeHarness {
  readonly runtime: ContainerRuntime;
  /** Whether its containers are processes of this host that it can name. Default true. */
  readonly hasProcesses?: boolean;
  /** Whether it is reached as one of another host: then its addresses are not this host's. Default false. */
  readonly isRemote?: boolean;
  /** Adds a container that runs until told, with one line in its log; gives its full id. */
  run(name: string, labels?: Readonly<Record<string, string>>): Promise<string>;
  /** Adds one that runs in the network and ipc namespaces of another; gives its full id. Left out: its engine has none. */
  runInNamespacesOf?(name: string, other: string): Promise<string>;
  /**
   * Adds a pod and one that runs in it; gives its full id. `infra`: the name of the container that holds the pod's
   * namespaces. Left out: its engine has none.
   */
  runInPod?(name: string, pod: string, infra: string): Promise<string>;
  /** Adds a container that was never started; gives its full id. */
  create(name: string): Promise<string>;
  /** Adds a container that runs until told, and whose health check has failed; gives its full id. */
  runUnhealthy(name: string): Promise<string>;
  /** Adds one that runs in the network of its host; gives its full id. Left out: its engine has no networks. */
  runOnHostNetwork?(name: string): Promise<string>;
  /**
   * Adds one that was never started; its port 80 is to be published at 127.0.0.1:18080, its port 81 at port 18081 of all
   * interfaces. Gives its full id. Left out: its engine publishes no ports.
   */
  createPublished?(name: string): Promise<string>;
  /**
   * Adds one that was never started, with a folder of its host's to write to, and one that it may only read; gives its
   * full id and where they are. Left out: its engine knows no volumes.
   */
  createWithVolumes?(
    name: string,
  ): Promise<{ readonly id: string; readonly toWrite: string; readonly toRead: string }>;
  /** Where the engine keeps images and containers. Left out: it keeps nothing on a disk. */
  readonly storageRoot?: string;
  /** Whether it runs commands in its containers, with a shell in them. Default true. */
  readonly runsCommands?: boolean;
  /** Whether it has a last word before an act. Default true. */
  readonly asksBeforeActs?: boolean;
  /** The command lines in it. Left out: a command that is given up goes on. */
  commandsIn?(id: string): Promise<string>;
  /** Makes it exit by itself with `code`; resolves once the engine knows. */
  crash(id: string, code: number): Promise<void>;
  dispose(): Promise<void>;
}

const ABSENT = 'a'.repeat(64);
const STOP = { timeoutMs: 5_000 };

/** What every {@link ContainerRuntime} keeps to, whatever engine is behind it. */
export function describeContainerRuntime(name: string, start: () => Promise<RuntimeHarness>): void {
  describe(`${name} as a container runtime`, () => {
    let harness: RuntimeHarness;
    let runtime: ContainerRuntime;
    let hasProcesses: boolean;
    let isRemote: boolean;

    beforeAll(async () => {
      harness = await start();
      ({ runtime, hasProcesses = true, isRemote = false } = harness);
    }, 60_000);
    afterAll(() => harness?.dispose(), 60_000);

    it('says what it is', async () => {
      const info = await runtime.info();
      expect(info.kind).not.toBe('');
      expect(info.version).toMatch(/^\d+\.\d+/);
      expect(info.address).not.toBe('');
      expect(['flag', 'events', 'signals', 'never']).toContain(info.tellsWhoStopped);
    });

    it('answers when it is asked whether it does', async () => {
      await expect(runtime.ping()).resolves.toBeUndefined();
      await expectFailure(runtime.ping({ signal: AbortSignal.abort() }), 'aborted');
    });

    it('does nothing to a container when who asks may act no more', async ({ skip }) => {
      if (harness.asksBeforeActs === false) return skip('it has no last word');
      const running = await harness.run('fence-running');
      const created = await harness.create('fence-created');
      const { startedAt } = await runtime.inspect(running);
      let asked = 0;
      const beforeAsking = () => {
        asked++;
        throw new RuntimeError('aborted', 'Another one leads.');
      };
      for (const call of [
        () => runtime.start(created, { beforeAsking }),
        () => runtime.stop(running, { ...STOP, beforeAsking }),
        () => runtime.restart(running, { ...STOP, beforeAsking }),
      ])
        await expect(call()).rejects.toMatchObject({ kind: 'aborted', message: 'Another one leads.' });
      expect(asked).toBe(3);
      expect(await runtime.inspect(running)).toMatchObject({ state: 'running', startedAt });
      expect(await runtime.inspect(created)).toMatchObject({ state: 'created' });
    });

    it('acts when who asks may do so until the last moment', async ({ skip }) => {
      if (harness.asksBeforeActs === false) return skip('it has no last word');
      const id = await harness.create('fence-open');
      let asked = 0;
      expect(await runtime.start(id, { beforeAsking: () => asked++ })).toBe('started');
      expect(asked).toBeGreaterThan(0);
    });

    it('says where it keeps images and containers, where it keeps any', async () => {
      const { storageRoot } = await runtime.info();
      expect(storageRoot).toBe(harness.storageRoot);
    });

    it('names what a container has of the file systems of its host', async ({ skip }) => {
      if (!harness.createWithVolumes) {
        console.info('Not tested: volumes. This engine knows none.');
        return skip('its engine knows no volumes');
      }
      const { id, toWrite, toRead } = await harness.createWithVolumes('volumes');
      const { volumes = [] } = await runtime.inspect(id);
      expect(new Map(volumes.map(({ path, isWritable }) => [path, isWritable]))).toEqual(
        new Map([
          [toWrite, true],
          [toRead, false],
        ]),
      );
    });

    it('lists containers in every state, each as it is', async () => {
      const running = await harness.run('list-running', { 'health-monitor.tier': 'core' });
      const created = await harness.create('list-created');
      const exited = await harness.run('list-exited');
      await harness.crash(exited, 3);

      const listed = new Map((await runtime.list()).map((container) => [container.id, container]));
      expect(listed.get(running)).toMatchObject({
        name: 'list-running',
        state: 'running',
        health: 'none',
        exitCode: 0,
        autoRemove: false,
      });
      expect(listed.get(running)?.labels).toMatchObject({ 'health-monitor.tier': 'core' });
      expect(listed.get(created)).toMatchObject({ name: 'list-created', state: 'created', startedAt: null });
      expect(listed.get(exited)).toMatchObject({ name: 'list-exited', exitCode: 3 });
      expect(['exited', 'stopped']).toContain(listed.get(exited)?.state);
      const { startedAt, exitedAt } = listed.get(exited) ?? {};
      expect(exitedAt).toBeGreaterThanOrEqual(Number(startedAt));
    });

    it('shows one container in full, in agreement with the list', async () => {
      const id = await harness.run('inspect-running');
      const container = await runtime.inspect(id);
      expect(container).toMatchObject({
        id,
        name: 'inspect-running',
        state: 'running',
        health: 'none',
        healthCheck: null,
        exitCode: 0,
        restartPolicy: 'none',
        engineRestarts: 0,
        requires: [],
        stopTimeoutMs: 10_000,
        oomKilled: false,
        processVanished: false,
      });
      if (hasProcesses) expect(container.pid).toBeGreaterThan(0);
      else expect(container.pid).toBeNull();
      const listed = (await runtime.list()).find((one) => one.id === id);
      expect(container.image).toBe(listed?.image);
      expect(Math.floor(Number(container.startedAt) / 1000)).toBe(
        Math.floor(Number(listed?.startedAt) / 1000),
      );
    });

    it('names whose namespaces a container runs in, and requires that one', async ({ skip }) => {
      if (!harness.runInNamespacesOf) {
        console.info('Not tested: whose namespaces a container runs in. This engine knows none.');
        return skip('its engine knows no namespaces');
      }
      const parent = await harness.run('namespaces-parent');
      const kin = await harness.runInNamespacesOf('namespaces-kin', 'namespaces-parent');
      expect(await runtime.inspect(kin)).toMatchObject({
        requires: [parent],
        sharesNamespaces: [{ of: parent, which: ['network', 'ipc'] }],
      });
      expect(await runtime.inspect(parent)).not.toHaveProperty('sharesNamespaces');
    });

    it('lists what holds the namespaces of a pod with its members alone', async ({ skip }) => {
      if (!harness.runInPod) {
        console.info('Not tested: what holds the namespaces of a pod. This engine knows none.');
        return skip('its engine knows no pods');
      }
      const id = await harness.runInPod('pod-member', 'pod', 'pod-infra');
      const listed = await runtime.list();
      expect(listed.map(({ name }) => name)).not.toContain('pod-infra');
      const pod = listed.find((one) => one.id === id)?.pod;
      expect(pod).toMatchObject({ name: 'pod', infra: { state: 'running', processVanished: false } });
      const infra = pod!.infra.id;
      expect(await runtime.inspect(infra)).toMatchObject({ id: infra, isInfra: true, state: 'running' });
      const member = await runtime.inspect(id);
      expect(member).toMatchObject({ requires: [infra], sharesNamespaces: [{ of: infra }] });
      expect(member).not.toHaveProperty('isInfra');
      expect(listed.filter(({ pod: its }) => its !== undefined).map((one) => one.id)).toEqual([id]);
      expect((await runtime.memory()).map((reading) => reading.id)).not.toContain(infra);
    });

    it('shows that one has the network of its host, where that is this one', async ({ skip }) => {
      if (!harness.runOnHostNetwork) {
        console.info('Not tested: the network of its host. This engine knows no networks.');
        return skip('its engine knows no networks');
      }
      const id = await harness.runOnHostNetwork('reach-host');
      const reach = { published: [], addresses: [], hostNetwork: true };
      expect((await runtime.inspect(id)).reach).toEqual(isRemote ? undefined : reach);
      expect(await runtime.inspect(await harness.run('reach-none'))).not.toHaveProperty('reach');
    });

    it('shows where ports are published here, those of all interfaces at the loopback address', async ({
      skip,
    }) => {
      if (!harness.createPublished) {
        console.info('Not tested: where ports are published. This engine publishes none.');
        return skip('its engine publishes no ports');
      }
      const { reach } = await runtime.inspect(await harness.createPublished('reach-published'));
      if (isRemote) return expect(reach).toBeUndefined();
      expect(reach).toEqual({
        published: [
          { port: 80, host: '127.0.0.1', hostPort: 18080 },
          { port: 81, host: '127.0.0.1', hostPort: 18081 },
        ],
        addresses: [],
        hostNetwork: false,
      });
    });

    describe('asked to run a command in one', () => {
      const inShell = (script: string) => ['sh', '-c', script];
      let id: string;
      const refused = (call: Promise<unknown>) => expectFailure(call, 'refused');

      beforeAll(async () => {
        id = await harness.run('exec');
      }, 60_000);

      it('refuses it where the engine runs none', async ({ skip }) => {
        if (harness.runsCommands !== false) return skip('this engine runs them');
        await refused(runtime.exec(id, ['true']));
      });

      it('answers how it ended and what it wrote to both streams, also when it failed', async ({ skip }) => {
        if (harness.runsCommands === false) return skip('this engine runs none');
        expect(await runtime.exec(id, inShell('exit 0'))).toEqual({ exitCode: 0, output: '' });
        for (const exitCode of [3, 75, 125, 126, 127, 255]) {
          const failed = await runtime.exec(
            id,
            inShell(`echo out; sleep 0.01; echo err >&2; exit ${exitCode}`),
          );
          expect(failed.exitCode).toBe(exitCode);
          // Two streams may come in any order.
          expect(failed.output.split('\n').sort()).toEqual(['err', 'out']);
        }
      });

      it('hands over its words as they are', async ({ skip }) => {
        if (harness.runsCommands === false) return skip('this engine runs none');
        const words = ['sh', '-c', 'echo "$1 $2"', '--', '--all', '$(id)'];
        expect(await runtime.exec(id, words)).toEqual({ exitCode: 0, output: '--all $(id)' });
      });

      it('refuses what the container cannot run, and all where it does not run', async ({ skip }) => {
        if (harness.runsCommands === false) return skip('this engine runs none');
        await refused(runtime.exec(id, ['no-such-command']));
        await refused(runtime.exec(id, ['/bin']));
        await refused(runtime.exec(await harness.create('exec-created'), ['true']));
        for (const wrong of [ABSENT, id.slice(0, 12), 'exec', '--all'])
          await expectFailure(runtime.exec(wrong, ['true']), 'not-found');
      });

      it('gives up one that is no longer wanted, and lets it not go on where it can', async ({ skip }) => {
        if (harness.runsCommands === false) return skip('this engine runs none');
        const signal = AbortSignal.timeout(1_000);
        await expectFailure(runtime.exec(id, ['sleep', '4321'], { signal }), 'aborted');
        await expectFailure(runtime.exec(id, ['true'], { signal: AbortSignal.abort() }), 'aborted');
        if (harness.commandsIn)
          await expect.poll(() => harness.commandsIn?.(id), { timeout: 10_000 }).not.toContain('sleep 4321');
      });
    });

    it('shows how one ended', async () => {
      const id = await harness.run('inspect-exited');
      await harness.crash(id, 42);
      const container = await runtime.inspect(id);
      expect(container).toMatchObject({ exitCode: 42, health: 'none', pid: null, processVanished: false });
      expect(['exited', 'stopped']).toContain(container.state);
      expect(container.exitedAt).toBeGreaterThanOrEqual(Number(container.startedAt));
    });

    it('shows the health of one that runs, and what it last was of one that has exited', async () => {
      const id = await harness.runUnhealthy('unhealthy');
      const health = async () => {
        const listed = (await runtime.list()).find((one) => one.id === id);
        const container = await runtime.inspect(id);
        return [listed?.health, container.health, container.healthCheck?.lastStatus];
      };
      expect(await health()).toEqual(['unhealthy', 'unhealthy', 'unhealthy']);
      const { healthCheck, startedAt } = await runtime.inspect(id);
      expect(healthCheck?.onFailure).toBe('none');
      expect(healthCheck?.lastRunAt).toBeGreaterThanOrEqual(Number(startedAt));
      await harness.crash(id, 1);
      expect(await health()).toEqual(['none', 'none', 'unhealthy']);
    });

    it('flags a stop that was asked for exactly where the engine has such a flag', async () => {
      const { tellsWhoStopped } = await runtime.info();
      const id = await harness.run('flag-stop');
      await runtime.stop(id, STOP);
      const crashed = await harness.run('flag-crash');
      await harness.crash(crashed, 1);
      const flags = [await runtime.inspect(id), await runtime.inspect(crashed)].map(
        (one) => one.stoppedByUser,
      );
      const expected = {
        flag: [[true, false]],
        signals: [
          [true, false],
          [null, null],
        ],
      };
      expect(
        tellsWhoStopped in expected ? expected[tellsWhoStopped as 'flag'] : [[null, null]],
      ).toContainEqual(flags);
    });

    it('finds nothing under a wrong id, the beginning of an id, or a name', async () => {
      const id = await harness.run('ids');
      for (const wrong of [ABSENT, id.slice(0, 12), 'ids', '', '--all']) {
        await expectFailure(runtime.inspect(wrong), 'not-found');
        await expectFailure(runtime.start(wrong), 'not-found');
        await expectFailure(runtime.stop(wrong, STOP), 'not-found');
        await expectFailure(runtime.restart(wrong, STOP), 'not-found');
        await expectFailure(runtime.logs(wrong, 5), 'not-found');
      }
      expect((await runtime.inspect(id)).state).toBe('running');
    });

    it('starts one that is down, and answers that it runs when it does', async () => {
      const id = await harness.run('start');
      await harness.crash(id, 3);
      await expect(runtime.start(id)).resolves.toBe('started');
      await expect(runtime.start(id)).resolves.toBe('already-running');
      expect(await runtime.inspect(id)).toMatchObject({ state: 'running', exitCode: 0 });
    });

    it('starts one that was never started', async () => {
      const id = await harness.create('start-created');
      await expect(runtime.start(id)).resolves.toBe('started');
      expect((await runtime.inspect(id)).state).toBe('running');
    });

    it('stops one that runs, and answers that it is down when it is', async () => {
      const id = await harness.run('stop');
      await expect(runtime.stop(id, STOP)).resolves.toBe('stopped');
      await expect(runtime.stop(id, STOP)).resolves.toBe('already-stopped');
      expect(['exited', 'stopped']).toContain((await runtime.inspect(id)).state);
    });

    it('restarts one that runs, and one that is down', async () => {
      const id = await harness.run('restart');
      const before = await runtime.inspect(id);
      await runtime.restart(id, STOP);
      const after = await runtime.inspect(id);
      expect(after.state).toBe('running');
      if (hasProcesses) expect(after.pid).not.toBe(before.pid);
      expect(after.startedAt).toBeGreaterThanOrEqual(Number(before.startedAt));

      await harness.crash(id, 1);
      await runtime.restart(id, STOP);
      expect((await runtime.inspect(id)).state).toBe('running');
    });

    it('reads the memory of what runs, and of nothing else', async () => {
      const running = await harness.run('memory-running');
      const exited = await harness.run('memory-exited');
      await harness.crash(exited, 0);
      const readings = await runtime.memory();
      const reading = readings.find(({ id }) => id === running);
      expect(reading?.name).toBe('memory-running');
      // Of another host nobody here knows how much memory it has, so its engine's word for "no limit" is taken as one.
      expect(reading?.limitBytes).toEqual(isRemote ? expect.any(Number) : null);
      expect(reading?.usedBytes).toBeGreaterThan(0);
      expect(Number.isInteger(reading?.usedBytes)).toBe(true);
      const listed = (await runtime.list()).find(({ id }) => id === running);
      expect(reading?.startedAt).toBe(listed?.startedAt);
      expect(readings.some(({ id }) => id === exited)).toBe(false);
    });

    it('reads the end of a log, oldest line first', async () => {
      const id = await harness.run('logs');
      await runtime.restart(id, STOP);
      await expect.poll(async () => (await runtime.logs(id, 50)).length).toBeGreaterThan(0);
      const lines = await runtime.logs(id, 50);
      expect(await runtime.logs(id, 1)).toEqual(lines.slice(-1));
    });

    it('tells of a start and a crash as they happen, with the exit code', async () => {
      const id = await harness.run('events');
      await using seen = new Listening(runtime);
      await seen.until(async () => {
        // Until it has heard a death: nothing says from when on it listens.
        if (!seen.hasHeard(id, 'died')) await harness.crash(id, 7).then(() => runtime.start(id));
        return seen.hasHeard(id, 'died') && seen.of(id).at(-1)?.action === 'started';
      });
      const died = seen.of(id).findLast(({ action }) => action === 'died');
      const started = seen.of(id).at(-1);
      expect(died).toMatchObject({ name: 'events', exitCode: 7 });
      expect(started).toMatchObject({ name: 'events', exitCode: null });
      expect(started?.at).toBeGreaterThan(Number(died?.at));
    });

    it('tells again what happened since a moment, that moment included', async () => {
      const id = await harness.run('events-since');
      await harness.crash(id, 5);
      await using first = new Listening(runtime, 0);
      await first.until(() => first.hasHeard(id, 'died'));
      const died = first.of(id).find(({ action }) => action === 'died');

      await using second = new Listening(runtime, died?.at);
      await second.until(() => second.hasHeard(id, 'died'));
      expect(second.of(id).find(({ action }) => action === 'died')).toEqual(died);
      expect(second.hasHeard(id, 'created')).toBe(false);
    });

    it('stops telling, without an error, when it is no longer wanted', async () => {
      await expect(new Listening(runtime)[Symbol.asyncDispose]()).resolves.toBeUndefined();
      const aborted: EngineEvent[] = [];
      for await (const event of runtime.events({ signal: AbortSignal.abort() })) aborted.push(event);
      expect(aborted).toEqual([]);
    });

    it('gives up a call that is no longer wanted', async () => {
      const id = await harness.run('aborted');
      const signal = AbortSignal.abort();
      await expectFailure(runtime.info({ signal }), 'aborted');
      await expectFailure(runtime.list({ signal }), 'aborted');
      await expectFailure(runtime.inspect(id, { signal }), 'aborted');
      await expectFailure(runtime.memory({ signal }), 'aborted');
      await expectFailure(runtime.stop(id, { ...STOP, signal }), 'aborted');
      expect((await runtime.inspect(id)).state).toBe('running');
    });
  });
}

async function expectFailure(call: Promise<unknown>, kind: RuntimeErrorKind): Promise<void> {
  await expect(call).rejects.toMatchObject({ name: 'RuntimeError', kind });
}

/** Collects what a runtime tells. */
class Listening {
  private readonly events: EngineEvent[] = [];
  private readonly closing = new AbortController();
  private readonly ended: Promise<void>;

  constructor(runtime: ContainerRuntime, since?: number) {
    this.ended = this.listen(runtime.events({ since, signal: this.closing.signal }));
  }

  of(id: string): readonly EngineEvent[] {
    return this.events.filter((event) => event.id === id);
  }

  hasHeard(id: string, action: EngineEvent['action']): boolean {
    return this.of(id).some((event) => event.action === action);
  }

  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    await expect.poll(holds, { interval: 20 }).toBe(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort();
    await this.ended;
  }

  private async listen(events: AsyncIterable<EngineEvent>): Promise<void> {
    for await (const event of events) this.events.push(event);
  }
}
