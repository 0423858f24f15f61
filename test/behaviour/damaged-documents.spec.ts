import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Put } from '../../src/common/store/index.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(async () => {
  vi.restoreAllMocks();
  await world.stop();
});

type Document = Record<string, unknown>;

/** The monitor is gone, and the database is damaged meanwhile: `damage` gives what then stands there. */
async function damage(name: string, damaged: (record: Document) => unknown): Promise<void> {
  await world.stop();
  const records = await world.store.all('container');
  const record = records.find((one) => one.name === name) as unknown as Document;
  await put('container', name, damaged(JSON.parse(JSON.stringify(record)) as Document));
}

const put = (collection: string, key: string, value: unknown) =>
  world.store.commit({ put: [{ collection, key, value } as unknown as Put] });

const withoutWish = (record: Document) => ({
  ...record,
  intent: { ...(record['intent'] as object), wish: 7 },
});
const withoutHold = (record: Document) => ({
  ...record,
  intent: { ...(record['intent'] as object), hold: 7 },
});
const told = () => world.notifications.map(({ type }) => type);

describe('a wish or a hold that cannot be read', () => {
  it.each([
    ['wish', withoutWish],
    ['hold', withoutHold],
  ])('leaves off what is down until a person says so, and is told once (%s)', async (_, damaged) => {
    await make().running('app', 'other').start();
    await world.monitor.stop('app', 'ann');
    await world.advance(MINUTE, SECOND);
    await damage('app', damaged);
    await world.start();
    await world.advance(2 * HOUR, 10 * SECOND);
    expect(world.acts.filter((act) => act.startsWith('start'))).toEqual([]);
    expect(world.view('app')).toMatchObject({ desired: 'held', decision: { code: 'intent-unknown' } });
    expect(told()).toEqual(['container.intent_unknown']);
    expect(world.notifications[0]!.message).toMatch(/^It is down, .*could not be read from the database/);

    await world.restart();
    await world.advance(HOUR, 10 * SECOND);
    expect(told()).toEqual(['container.intent_unknown']);

    await world.monitor.start('app', 'ann');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ desired: 'running', status: 'healthy', hold: null });
  });

  it('leaves a running one running, and lets a crash be', async () => {
    await make().running('app').start();
    await damage('app', withoutWish);
    await world.start();
    await world.advance(HOUR, 10 * SECOND);
    expect(told()).toEqual(['container.intent_unknown']);
    expect(world.notifications[0]!.message).toMatch(
      /^It is left running, .*could not be read from the database/,
    );
    await world.restart();
    await world.advance(HOUR, 10 * SECOND);
    expect(told()).toEqual(['container.intent_unknown']);

    world.runtime.crash('app', 1);
    await world.advance(HOUR, 10 * SECOND);
    expect(world.acts).toEqual([]);
    expect(told().sort()).toEqual(['container.down', 'container.intent_unknown']);

    await world.monitor.release('app', 'ann');
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  it('is told in one message of however many', async () => {
    await make().running('app', 'db', 'other').start();
    for (const name of ['app', 'db']) await damage(name, withoutWish);
    await world.start();
    await world.advance(HOUR, 10 * SECOND);
    expect(world.notifications).toMatchObject([
      {
        type: 'container.intent_unknown',
        title: 'What is wished of 2 containers is not known',
        message: expect.stringMatching(/^Whether app, db are to run, .* could not be read/) as string,
      },
    ]);
  });

  it('is over when a person stops it', async () => {
    await make().running('app').start();
    await damage('app', withoutWish);
    await world.start();
    await world.monitor.stop('app', 'ann');
    await world.advance(HOUR, 10 * SECOND);
    expect(world.view('app')).toMatchObject({ desired: 'stopped', status: 'stopped' });
    expect(told()).toEqual(['container.intent_unknown']);
  });

  it('is told once of one that is unhealthy, too', async () => {
    await make().running({ name: 'app', health: 'healthy' }).start();
    world.runtime.setHealth('app', 'unhealthy');
    await world.advance(30 * SECOND, SECOND);
    await damage('app', withoutHold);
    await world.start();
    await world.advance(HOUR, 10 * SECOND);
    expect(world.acts).toEqual([]);
    expect(told()).toEqual(['container.intent_unknown']);
  });

  it('is held by the monitor, and is not mistaken for a hold by somebody of that name', async () => {
    await make().running('app', 'other').start();
    await world.monitor.hold('other', 'backup', 'monitor');
    await damage('app', withoutWish);
    await world.start();
    await world.advance(HOUR, 10 * SECOND);
    expect(world.view('app')).toMatchObject({
      hold: { by: 'monitor' },
      decision: { code: 'intent-unknown' },
    });
    expect(world.view('other')).toMatchObject({ hold: { by: 'monitor' }, decision: { code: 'held' } });
  });
});

/** One that was stopped and one that is held stay so when their records are damaged. */
async function expectWishAndHoldKept(damaged: (record: Document) => unknown): Promise<void> {
  await make().running('off', 'held').start();
  await world.monitor.stop('off', 'ann');
  await world.monitor.hold('held', 'backup', 'ann');
  await world.advance(MINUTE, SECOND);
  for (const name of ['off', 'held']) await damage(name, damaged);
  await world.start();
  world.runtime.crash('held', 1);
  await world.advance(2 * HOUR, 10 * SECOND);
  expect(world.acts.filter((act) => !act.startsWith('stop'))).toEqual([]);
  expect(world.view('off')).toMatchObject({ desired: 'stopped', status: 'stopped' });
  expect(world.view('held')).toMatchObject({ desired: 'held', hold: { reason: 'backup', by: 'ann' } });
}

describe('a part of a record that cannot be read', () => {
  it.each(['life', 'health', 'healing', 'loop', 'shown'])('costs neither wish nor hold: %s', async (part) => {
    await expectWishAndHoldKept((record) => ({ ...record, [part]: 'damaged' }));
    expect(told()).toEqual([]);
  });
});

describe('a record that does not say whose it is', () => {
  it.each([
    ['name', (record: Document) => ({ ...record, name: 7 })],
    ['id', (record: Document) => ({ ...record, id: null })],
  ])('keeps wish and hold, and is not taken for a new container: %s', async (_, damaged) => {
    await expectWishAndHoldKept(damaged);
    expect(await world.store.all('container')).toMatchObject([
      { name: 'off', id: world.view('off').id },
      { name: 'held', id: world.view('held').id },
    ]);
  });

  it.each([null, 7, 'text', [[]], {}])(
    'leaves off what is down when nothing of it fits: %j',
    async (document) => {
      await make().running('app').start();
      await world.monitor.stop('app', 'ann');
      await damage('app', () => document);
      await world.start();
      await world.advance(2 * HOUR, 10 * SECOND);
      expect(world.acts.filter((act) => act.startsWith('start'))).toEqual([]);
      expect(world.view('app')).toMatchObject({ desired: 'held', decision: { code: 'intent-unknown' } });
    },
  );
});

describe('documents that are none', () => {
  const COLLECTIONS = [
    'container',
    'incident',
    'host',
    'memory',
    'notification',
    'webhook-endpoint',
    'webhook-health',
    'webhook-delivery',
  ];

  it.each([null, 7, 'text', [[]], {}, { id: 'x', name: 'x', url: 5, aliveAt: 1e300, timestamp: 'late' }])(
    'are left out and named once, and cost nothing else: %j',
    async (document) => {
      await make().running('app').start();
      await world.stop();
      for (const collection of COLLECTIONS) await put(collection, 'odd', document);
      const warn = vi.spyOn(Logger.prototype, 'warn');
      await world.start();
      world.runtime.crash('app', 1);
      await world.advance(5 * MINUTE, SECOND);
      expect(world.acts).toEqual(['start app']);
      expect(world.view('app').status).toBe('healthy');
      world.runtime.refuseStart('app', 'no such file');
      world.runtime.crash('app', 1);
      await world.advance(5 * MINUTE, SECOND);
      expect(told()).toContain('container.restart_failed');
      const named = warn.mock.calls.map(([problem]) => String(problem)).filter((it) => it.includes('odd'));
      expect(named).toHaveLength(COLLECTIONS.length);
      expect(named).toContain('What is wished of odd cannot be read from the database.');
    },
  );
});
