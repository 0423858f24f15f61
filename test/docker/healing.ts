import { expect, it, vi } from 'vitest';
import { DEFAULT_OPTIONS } from '../../src/common/options/index.js';
import { createEngineRuntime } from '../../src/health-monitor/runtime/index.js';
import { itHealsWhatCrashed } from '../support/heals-what-crashed.js';
import { IMAGE, SERVICE, type Place } from '../support/real-engine.js';
import { endsWith, eventually } from '../support/monitored-engine.js';
import { MonitoredDocker } from './monitored-docker.js';

/** How they end when they are stopped; `null`: they do not, so the engine kills them. */
const ENDS = [0, 1, 143, null];
/** The verdict on a stop waits until the engine has outlived it by 15 s. */
const judged = { timeout: 90_000, interval: 100 };

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

export interface HealingSizes {
  /** How many containers a person stops. More by hand: `STOPS=100 npx vitest run test/docker`. */
  readonly stops: number;
  /** How many containers Docker takes down. */
  readonly fleet: number;
}

/** What healing is on a real Docker. */
export function describeHealing(sizes: HealingSizes, place?: Place): void {
  const stops = Number(process.env['STOPS'] ?? sizes.stops);
  const fleet = Number(process.env['FLEET'] ?? sizes.fleet);
  const docker = MonitoredDocker.forTheseTests({}, place);

  /** How one stands, for who reads of it that it should not. */
  const shown = (name: string): string => {
    const { wish, status, state, decision } = docker.view(name);
    return `${name}: ${wish}, ${status}, ${state}, ${decision.code}`;
  };

  it('is found where an engine is looked for', async () => {
    const { socketPath } = docker.engine;
    const options = { ...DEFAULT_OPTIONS.runtime, socketPath, command: ['no-such-command'] };
    expect(await createEngineRuntime(options).info()).toMatchObject({ kind: 'docker', address: socketPath });
  });

  itHealsWhatCrashed(docker);

  it('leaves to Docker what its own policy restarts, and tells of a loop once', async () => {
    // Docker waits twice as long after each end, so one who begins to watch late would see few of them.
    const loops = `test -e /exit-code && exit $(cat /exit-code); ${SERVICE}`;
    await docker.engine.run('loop', { args: ['--restart', 'always'], command: ['sh', '-c', loops] });
    await docker.watch();
    await docker.crash('loop', 7);
    await vi.waitFor(() => expect(docker.toldOf('loop')).toEqual(['container.crash_loop']), eventually);
    await docker.checks(2);
    expect(docker.launches).toEqual([]);
  }, 120_000);

  it('undoes no stop, in either order of its events', async () => {
    const names = numbers(stops).map((number) => `service-${number}`);
    for (const [index, name] of names.entries())
      await docker.engine.run(name, {
        args: ['--stop-timeout', '1'],
        command: endsWith(ENDS[index % ENDS.length]!),
      });
    await docker.run(['bystander']);
    await docker.watch();

    // Four people at once, so that stops overlap with each other and with what is decided about the earlier ones.
    const waiting = [...names];
    const stopOneAfterAnother = async () => {
      for (let name = waiting.pop(); name !== undefined; name = waiting.pop())
        await docker.engine.docker('stop', name);
    };
    await Promise.all(ENDS.map(stopOneAfterAnother));
    expect(docker.launches).toEqual([]);

    const undone = () =>
      names.flatMap((name) => {
        const { wish, status, state } = docker.view(name);
        const isOff = wish === 'stopped' && status === 'stopped' && state === 'exited';
        return isOff ? [] : [shown(name)];
      });
    await vi.waitFor(() => expect(undone()).toEqual([]), judged);
    expect(docker.launches).toEqual([]);
    expect(docker.told).toEqual([]);
  }, 300_000);

  it('brings back in order, without a message, what ran when Docker itself ended, by SIGTERM or SIGKILL, and nothing else', async () => {
    const names = numbers(fleet).map((number) => `fleet-${number}`);
    const [database, ...others] = names;
    await docker.run(names, () => ['--stop-timeout', '1']);
    await docker.run(['off', 'off-at-last'], () => ['--stop-timeout', '1']);
    await docker.run(['kept'], () => ['--stop-timeout', '1', '--restart', 'always']);
    const containers = {
      [database!]: { tier: 'database' as const },
      ...Object.fromEntries(others.map((name) => [name, { dependsOn: [database!] }])),
    };
    await docker.watch({ containers, check: { intervalMs: 60_000 } });
    await docker.engine.docker('stop', 'off', 'kept');
    for (const name of ['off', 'kept'])
      await vi.waitFor(() => expect(docker.view(name).wish).toBe('stopped'), judged);

    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      docker.launches.length = 0;
      // While it was not judged who did that, Docker ends, too.
      if (signal === 'SIGTERM') await docker.engine.docker('stop', 'off-at-last');
      await docker.engine.stopDaemon(signal);
      await docker.engine.startDaemon();
      const left = () => names.filter((name) => docker.launchesOf(name).length === 0).map(shown);
      await vi.waitFor(() => expect(left()).toEqual([]), judged);
      for (const name of names) await docker.healed(name);
      expect(docker.launches).toHaveLength(names.length);
      expect(docker.launches[0]?.name).toBe(database);
      for (const name of ['off', 'off-at-last'])
        expect(docker.view(name)).toMatchObject({ state: 'exited', wish: 'stopped', status: 'stopped' });
      expect(docker.view('kept')).toMatchObject({
        state: 'running',
        decision: { code: 'revived-by-engine' },
      });
    }
    // What it missed, it would find to do now.
    await docker.unwatch();
    await docker.watch({ containers });
    await docker.checks(2);
    expect(docker.launches).toHaveLength(names.length);
    expect(docker.told).toEqual([]);
  }, 300_000);

  it('restarts what runs in the network of a container that was restarted', async () => {
    const parent = await docker.engine.run('parent');
    await docker.engine.run('kid', { args: ['--network', `container:${parent}`] });
    await docker.watch();
    await docker.crash('parent', 1);
    await docker.healed('parent');
    await vi.waitFor(() => expect(docker.launchesOf('kid')).toHaveLength(1), eventually);
    await vi.waitFor(() => expect(docker.view('kid').state).toBe('running'), eventually);
  }, 120_000);

  it('reads from its files whom a person stopped while nobody watched', async () => {
    await docker.run(['stopped', 'crashed'], () => ['--stop-timeout', '1']);
    await docker.watch();
    await docker.unwatch();
    await docker.engine.docker('stop', 'stopped');
    await docker.crash('crashed', 143);
    // What happens in its containers pushes older events out of its memory.
    await docker.engine.run('busy', { command: ['sleep', '1000'] });
    for (let count = 0; count < 90; count += 15)
      await Promise.all(numbers(15).map(() => docker.engine.docker('exec', 'busy', 'true')));
    await docker.watch();
    await docker.healed('crashed');
    await vi.waitFor(() => expect(docker.view('stopped').wish).toBe('stopped'), judged);
    expect(docker.launchesOf('stopped')).toEqual([]);
  }, 120_000);

  it('starts nothing that has no image to start from, and says so in the words of Docker', async () => {
    await docker.engine.docker('create', '--name', 'broken', '--network', 'none', IMAGE, 'no-such-command');
    await docker.watch();
    expect((await docker.post('containers/broken/start')).status).toBeGreaterThanOrEqual(400);
    expect(docker.view('broken').state).toBe('created');
  }, 120_000);
}
