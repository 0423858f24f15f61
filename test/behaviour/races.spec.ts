import { Injectable, Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HealthMonitorScheduler } from '../../src/health-monitor/health-monitor.scheduler.js';
import { RestartPolicy, type Decision, type Situation } from '../../src/health-monitor/policy/index.js';
import { RuntimeError } from '../../src/health-monitor/runtime/index.js';
import { HealthStore, MemoryStore } from '../../src/common/store/index.js';
import { HOUR, MINUTE } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));

afterEach(async () => {
  vi.restoreAllMocks();
  await world.stop();
});

/** Makes the next calls fail as an engine that goes away in the middle would. */
function failing(
  call: 'start' | 'stop' | 'inspect',
  kind: RuntimeError['kind'],
  times = Infinity,
): { calls: number } {
  const counted = { calls: 0 };
  const real = world.runtime[call].bind(world.runtime) as (...args: unknown[]) => Promise<unknown>;
  const failingCall = (...args: unknown[]): Promise<unknown> =>
    ++counted.calls > times ? real(...args) : Promise.reject(new RuntimeError(kind, 'The connection broke.'));
  Object.assign(world.runtime, { [call]: failingCall });
  return counted;
}

describe('what comes at the same time', () => {
  it('a start that was decided gives way to a person’s stop that was begun meanwhile', async () => {
    await make().running('app').start();
    const commit = world.store.commit.bind(world.store);
    const stopping: Promise<unknown>[] = [];
    world.store.commit = (change) => {
      const starts = change.put?.some(
        ({ collection, value }) => collection === 'container' && value.healing.attempts.length > 0,
      );
      if (starts && stopping.length === 0) stopping.push(world.monitor.stop('app', 'otto'));
      return commit(change);
    };
    world.runtime.crash('app', 1);
    await world.advance(5_000);
    await Promise.all(stopping);
    expect(stopping).toHaveLength(1);
    await world.advance(2 * MINUTE, 1_000);
    expect(world.runtime.peek('app').state).toBe('exited');
    expect(world.view('app')).toMatchObject({ wish: 'stopped', status: 'stopped', attempts: 0 });
    expect(world.acts.filter((act) => act === 'start app')).toEqual([]);
  });

  it('an engine that breaks off each start is not asked again and again', async () => {
    await make().running('app').start();
    const counted = failing('start', 'outage');
    world.runtime.crash('app', 1);
    await world.advance(MINUTE);
    expect(counted.calls).toBeGreaterThan(1);
    expect(counted.calls).toBeLessThanOrEqual(13);
    expect(world.view('app').attempts).toBe(0);
  });

  it('a crash is noticed although the container could not be looked at closely at first', async () => {
    await make({ check: { events: false } })
      .running('app')
      .start();
    const counted = failing('inspect', 'timeout', 1);
    world.runtime.crash('app', 1);
    await world.check();
    expect(counted.calls).toBeGreaterThan(0);
    await world.check();
    expect(world.acts).toEqual(['start app']);
  });

  it('nothing is started once the shutdown has begun', async () => {
    await make().running('app').start();
    world.get(HealthMonitorScheduler).onModuleDestroy();
    world.runtime.crash('app', 1);
    await world.advance(2_000);
    expect(world.acts).toEqual([]);
  });

  it('a person hears of it when the engine goes away while it should act', async () => {
    await make().running('app').start();
    failing('stop', 'outage');
    await expect(world.monitor.stop('app', 'otto')).rejects.toThrow('The connection broke.');
    expect(world.view('app').wish).toBe('running');
    expect(world.typesOf('app')).not.toContain('container.stopped');
  });
});

describe('what lasts long', () => {
  it('a loop that ended is not looked at each second while it is still told', async () => {
    await make().running('app').start();
    for (let crash = 0; crash < 4; crash++) {
      world.runtime.crash('app', 1);
      await world.advance(11 * MINUTE, 5_000);
    }
    expect(world.view('app').status).toBe('healthy');
    const counted = { calls: 0 };
    const inspect = world.runtime.inspect.bind(world.runtime);
    world.runtime.inspect = (id, options) => (counted.calls++, inspect(id, options));
    await world.advance(10 * MINUTE, 1_000);
    expect(counted.calls).toBeLessThan(20);
  });

  it('a stop by hand stays one after the clock was set back', async () => {
    await make().running('app').start();
    world.host.upSince = world.clock.now() - MINUTE;
    await world.restart();
    world.clock.jumpWallClock(-2 * HOUR);
    await world.advance(1_000);
    await world.runtime.userStart('app');
    world.runtime.crash('app', 1);
    await world.advance(MINUTE);
    const before = world.acts.length;
    await world.runtime.userStop('app');
    await world.advance(3 * MINUTE, 1_000);
    expect(world.view('app').status).toBe('stopped');
    expect(world.acts).toHaveLength(before);
  });
});

describe('a second process on the same store', () => {
  class Taken extends MemoryStore {
    override readonly writer: boolean = false;
  }

  it('only observes, and says that it does', async () => {
    await make({ overrides: [{ provide: HealthStore, useClass: Taken }] })
      .running('app')
      .start();
    world.runtime.crash('app', 1);
    await world.advance(5 * MINUTE, 1_000);
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual([]);
    expect(world.view('app').decision.code).toBe('standing-by');
    expect(world.monitor.status().mode).toBe('observe');
    await expect(world.monitor.stop('app', 'otto')).rejects.toThrow('only watches');
  });
});

describe('a host’s own policy that fails', () => {
  @Injectable()
  class Picky extends RestartPolicy {
    override decide(situation: Situation): Decision {
      if (situation.container.name === 'odd') throw new Error('I do not know this one.');
      return super.decide(situation);
    }
  }

  @Injectable()
  class Forgetful extends RestartPolicy {
    override decide(situation: Situation): Decision {
      return situation.container.name === 'odd' ? (undefined as never) : super.decide(situation);
    }
  }

  @Injectable()
  class Inventive extends RestartPolicy {
    override decide(situation: Situation): Decision {
      if (situation.container.name !== 'odd') return super.decide(situation);
      return { action: 'explode', code: 'start', reason: 'Bang.' } as never;
    }
  }

  @Injectable()
  class Restless extends RestartPolicy {
    override decide(situation: Situation): Decision {
      if (situation.container.name !== 'odd') return super.decide(situation);
      return { action: 'restart', code: 'healthy', reason: 'Again.', dueAt: null, blockedBy: [] };
    }
  }

  it('and leaves out what need not be said is followed', async () => {
    @Injectable()
    class Terse extends RestartPolicy {
      override decide(situation: Situation): Decision {
        if (situation.container.name !== 'odd') return super.decide(situation);
        return { action: 'leave', code: 'finished', reason: 'Enough.', blockedBy: undefined } as never;
      }
    }
    await make({ overrides: [{ provide: RestartPolicy, useClass: Terse }] })
      .running('odd', 'app')
      .start();
    world.runtime.crash('app', 1);
    await world.advance(5 * MINUTE, 1_000);
    expect(world.acts).toEqual(['start app']);
    expect(world.view('odd').decision.reason).toBe('Enough.');
  });

  it('is asked at each full check, also of one to which nothing happens', async () => {
    let asked = 0;
    @Injectable()
    class Counting extends RestartPolicy {
      override decide(situation: Situation): Decision {
        asked++;
        return super.decide(situation);
      }
    }
    await make({ overrides: [{ provide: RestartPolicy, useClass: Counting }] })
      .running('app')
      .start();
    const before = asked;
    await world.advance(5 * MINUTE, 1_000);
    expect(asked - before).toBeGreaterThanOrEqual(5);
  });

  it.each([
    ['throws', Picky],
    ['returns nothing', Forgetful],
    ['returns an action that does not exist', Inventive],
    ['starts for no reason that would count as an attempt', Restless],
  ])('and %s for one container keeps no other down, and is logged once', async (_, useClass) => {
    const error = vi.spyOn(Logger.prototype, 'error');
    await make({ overrides: [{ provide: RestartPolicy, useClass }] })
      .running('odd', 'app')
      .start();
    world.runtime.crash('app', 1);
    await world.advance(1_000);
    expect(world.acts).toEqual(['start app']);
    expect(world.view('odd').decision.reason).toContain('restart policy failed');
    await world.advance(5 * MINUTE, 1_000);
    const logged = error.mock.calls.filter(([line]) => String(line).includes('restart policy failed'));
    expect(logged).toEqual([[expect.stringContaining('failed for odd'), expect.stringContaining('Error')]]);
  });
});
