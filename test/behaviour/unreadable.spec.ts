import { afterEach, describe, expect, it } from 'vitest';
import { RuntimeError } from '../../src/index.js';
import { MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

/** From now on this one is listed and cannot be inspected. Returns what ends that. */
function spoil(name: string, error: Error): () => void {
  const { runtime } = world;
  const inspect = runtime.inspect.bind(runtime);
  const { id } = runtime.peek(name);
  runtime.inspect = (wanted, options) => (wanted === id ? Promise.reject(error) : inspect(wanted, options));
  return () => (runtime.inspect = inspect);
}

const LAYER = new RuntimeError('refused', 'layer not known');

describe('a container that is listed and cannot be inspected', () => {
  it('is shown as the list has it, told once, and over when it can be inspected', async () => {
    await make().running('app', 'other').start();
    const mend = spoil('app', LAYER);
    world.runtime.refuseStart('app', 'layer not known');
    world.runtime.crash('app', 137);
    await world.advance(3 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({
      state: 'exited',
      exit: { code: 137 },
      unreadable: 'layer not known',
    });
    await world.advance(20 * MINUTE, 5 * SECOND);
    const told = world.notifications.filter(({ type }) => type === 'container.unreadable');
    expect(told).toHaveLength(1);
    expect(told[0]!.message).toContain('layer not known');
    expect(told[0]!.message).toContain('exited (137)');

    mend();
    world.runtime.refuseStart('app', null);
    await world.monitor.retry('app', 'ann');
    await world.advance(3 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ state: 'running', status: 'healthy', unreadable: null });
    expect(world.notifications.filter(({ type }) => type === 'container.readable')).toHaveLength(1);
    expect(world.monitor.incidents().filter(({ status }) => status === 'open')).toEqual([]);
  });

  it('is healed after a kill at the next full check, and left off after exits that a stop may have caused', async () => {
    await make().running('killed', 'stopped', 'ended').start();
    const { runtime } = world;
    for (const name of ['killed', 'stopped', 'ended']) spoil(name, LAYER);
    runtime.crash('killed', 137);
    runtime.crash('stopped', 143);
    runtime.crash('ended', 0);
    await world.advance(3 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start killed']);
    for (const name of ['stopped', 'ended']) expect(world.view(name).status).toBe('stopped');
  });

  it('keeps its hold and its wish', async () => {
    await make().running('held', 'off').start();
    await world.monitor.hold('held', 'backup', 'ann');
    await world.monitor.stop('off', 'ann');
    for (const name of ['held', 'off']) spoil(name, LAYER);
    world.runtime.crash('held', 1);
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts.filter((act) => act.startsWith('start'))).toEqual([]);
    expect(world.view('held')).toMatchObject({ status: 'held', state: 'exited' });
  });

  it('is told of when it fails in a way that no engine should, and the others are watched', async () => {
    await make().running('app', 'other').start();
    spoil('app', new TypeError('labels is undefined'));
    world.runtime.crash('app', 1);
    world.runtime.crash('other', 1);
    await world.advance(3 * MINUTE, SECOND);
    expect(world.view('other').status).toBe('healthy');
    expect(world.notifications.filter(({ type }) => type === 'container.unreadable')).toHaveLength(1);
  });

  it('is not told of for one look that failed', async () => {
    await make().running('app').start();
    const mend = spoil('app', LAYER);
    world.runtime.crash('app', 1);
    await world.advance(2 * SECOND);
    mend();
    await world.advance(5 * MINUTE, SECOND);
    expect(world.view('app').status).toBe('healthy');
    expect(world.told).toEqual([]);
  });
});

describe('a container that the engine lists and does not find', () => {
  it('is told once, and not gone and back at each check', async () => {
    await make().running('app', 'other').start();
    spoil('app', new RuntimeError('not-found', 'no such container'));
    world.runtime.crash('app', 143);
    await world.advance(12 * MINUTE, SECOND);
    expect(world.typesOf('app').filter((type) => type === 'container.removed').length).toBeLessThanOrEqual(1);
    expect(world.told).toEqual(['container.unreadable app']);
  });
});

describe('a container that can neither be inspected nor is listed', () => {
  it('is gone, and the engine is not asked again and again', async () => {
    await make().running('app', 'other').start();
    const { runtime } = world;
    runtime.refuseStart('app', 'no');
    runtime.crash('app', 1);
    await world.advance(3 * SECOND);
    const list = runtime.list.bind(runtime);
    let lists = 0;
    runtime.list = async (options) => {
      lists++;
      return (await list(options)).filter(({ name }) => name !== 'app');
    };
    spoil('app', LAYER);
    await world.advance(12 * SECOND);
    expect(lists).toBeLessThan(10);
  });

  it('that was unreadable before ends its incident in silence', async () => {
    await make().running('app', 'other').start();
    const mend = spoil('app', LAYER);
    world.runtime.crash('app', 143);
    await world.advance(5 * MINUTE, SECOND);
    mend();
    world.runtime.remove('app');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.unreadable app']);
    expect(world.monitor.incidents().filter(({ status }) => status === 'open')).toEqual([]);
  });
});

describe('a check that throws', () => {
  it('is told of as its own kind of outage, in status and once, and is over when checks succeed', async () => {
    await make().running('app').start();
    const { runtime } = world;
    const list = runtime.list.bind(runtime);
    runtime.list = () => {
      throw new TypeError('rows.map is not a function');
    };
    await world.advance(3 * MINUTE, SECOND);
    expect(world.monitor.status().engine).toMatchObject({
      reachable: false,
      problem: expect.stringContaining('rows.map') as string,
    });
    runtime.list = list;
    await world.advance(2 * MINUTE, SECOND);
    expect(world.notifications.map(({ type }) => type)).toEqual([
      'monitor.check_failed',
      'monitor.check_succeeded',
    ]);
  });
});
