import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeContainerRuntime } from '../contract/container-runtime.contract.js';
import { describeHealthStore } from '../store/health-store.contract.js';
import { exited, noticesOf, notification, putNotification, StoreFolder } from '../store/store-fixtures.js';
import { RestartPolicy } from '../../src/index.js';
import { aChecked, DAY, HOUR, MINUTE, NOON, situation } from '../support/situation.js';
import { World } from '../support/world.js';
import { JsonFileStore } from './parts/json-file.store.js';
import { LabWeekends } from './parts/lab-weekends.policy.js';
import { QuietNights } from './parts/quiet-nights.policy.js';
import { ToyEngineRuntime } from './parts/toy-engine.runtime.js';
import { ToyEngine } from './parts/toy-engine.js';

// A host imports the package by its name; here that is the source.
vi.mock('@archipelago/health-monitor', () => import('../../src/index.js'));
Logger.overrideLogger(false);

describeHealthStore('json', ({ path: folder }) => new JsonFileStore(path.join(folder, 'health.json')));

describeContainerRuntime('ToyEngineRuntime', () => {
  const engine = new ToyEngine();
  const run = (name: string, tags?: Readonly<Record<string, string>>) => {
    const toy = engine.make(name, tags);
    engine.switchOn(toy);
    return toy;
  };
  return Promise.resolve({
    runtime: new ToyEngineRuntime(engine),
    hasProcesses: false,
    runsCommands: false,
    asksBeforeActs: false,
    run: (name, tags) => Promise.resolve(run(name, tags).id),
    create: (name) => Promise.resolve(engine.make(name).id),
    runUnhealthy: (name) => {
      const toy = run(name);
      engine.selfTest(toy, false);
      return Promise.resolve(toy.id);
    },
    crash: (id, code) => Promise.resolve(engine.end(engine.toys.get(id)!, code)),
    dispose: () => Promise.resolve(),
  });
});

describe('JsonFileStore', () => {
  let folder: StoreFolder;
  let file: string;
  beforeEach(() => {
    folder = new StoreFolder();
    file = path.join(folder.path, 'data', 'health.json');
  });
  afterEach(() => folder.dispose());

  async function opened(): Promise<JsonFileStore> {
    const store = new JsonFileStore(file);
    await store.open();
    return store;
  }

  it('goes on where it was after a restart', async () => {
    await mkdir(path.dirname(file));
    const first = await opened();
    await first.commit({ put: [putNotification('n')], events: [exited('a')] });

    const second = await opened();
    expect([second.epoch, second.head]).toEqual([first.epoch, 1]);
    expect(await second.all('notification')).toEqual([notification('n')]);
    expect(await second.commit({ events: [exited('b')] })).toMatchObject([{ seq: 2, container: 'b' }]);
  });

  it('goes on in memory while its file cannot be written, and announces the beginning and the end of that', async () => {
    const store = await opened();
    const notices = noticesOf(store);
    const { epoch } = store;
    expect(await store.commit({ events: [exited('a')] })).toHaveLength(1);
    expect(store.status).toMatchObject({ durable: false, problem: expect.stringContaining(file) });
    await store.tick();
    await store.tick();
    expect(notices.map(({ kind }) => kind)).toEqual(['degraded']);

    await mkdir(path.dirname(file));
    await store.tick();
    expect(notices.map(({ kind }) => kind)).toEqual(['degraded', 'recovered']);
    expect(store.status).toEqual({ kind: 'json', durable: true, problem: null });
    const restarted = await opened();
    expect([restarted.epoch, restarted.head]).toEqual([epoch, 1]);
  });

  it('does not write over a file that it cannot read', async () => {
    await mkdir(path.dirname(file));
    await writeFile(file, 'not JSON');
    await expect(opened()).rejects.toThrow('JSON');
    expect(await readFile(file, 'utf8')).toBe('not JSON');
  });
});

describe('QuietNights', () => {
  const policy = new QuietNights();
  const atHour = (hour: number) => NOON - 12 * HOUR + hour * HOUR;

  it.each([
    ['late in the evening', 23.5, 31],
    ['early in the morning', 30.9, 31],
  ])('has what crashed %s wait until seven', (_, hour, seven) => {
    const decision = policy.decide(situation({ death: { at: atHour(hour) }, now: atHour(hour) + MINUTE }));
    expect(decision).toMatchObject({ action: 'wait', dueAt: atHour(seven) });
  });

  it('has what is unhealthy wait, too', () => {
    const night = atHour(26);
    const container = aChecked('unhealthy');
    const healthCheck = { ...container.healthCheck!, lastRunAt: night };
    const record = { unhealthySince: night - HOUR, readySince: null };
    const given = situation({ container: { ...container, healthCheck }, record, now: night });
    expect(policy.decide(given)).toMatchObject({ action: 'wait', dueAt: atHour(31) });
    const short = new QuietNights(3, 4);
    expect(short.decide(given)).toMatchObject({ action: 'restart' });
  });

  it('heals by day as ever, and leaves alone at night what is left alone by day', () => {
    expect(policy.decide(situation({ death: { at: NOON }, now: NOON + MINUTE }))).toMatchObject({
      action: 'start',
    });
    expect(policy.decide(situation({ now: atHour(26) }))).toMatchObject({ code: 'healthy' });
  });
});

describe('LabWeekends', () => {
  it('leaves the lab alone until Monday, without an incident even while healing has not begun', async () => {
    const world = new World({ overrides: [{ provide: RestartPolicy, useClass: LabWeekends }] });
    // From Thursday to five minutes before Monday.
    world.clock.advance(4 * DAY - 5 * MINUTE);
    await world.running('lab-1', 'shop').start({ healing: false });
    world.runtime.crash('lab-1', 1);
    world.runtime.crash('shop', 1);
    await world.advance(3 * MINUTE, 1_000);
    expect(world.acts).toEqual(['start shop']);
    expect(world.view('lab-1')).toMatchObject({ status: 'down', decision: { code: 'left-by-policy' } });
    expect(world.monitor.incidents().map(({ cause }) => cause.container)).toEqual(['shop']);

    await world.advance(3 * MINUTE, 1_000);
    expect(world.acts).toEqual(['start shop', 'start lab-1']);
    await world.stop();
  });
});

describe('docs/replacing-parts.md', () => {
  const parts = path.join(import.meta.dirname, 'parts');
  const page = path.resolve(import.meta.dirname, '../../docs/replacing-parts.md');

  it.each([
    'quiet-nights.policy.ts',
    'lab-weekends.policy.ts',
    'json-file.store.ts',
    'toy-engine.ts',
    'toy-engine.runtime.ts',
  ])('shows %s as it is', async (file) => {
    const code = await readFile(path.join(parts, file), 'utf8');
    expect(await readFile(page, 'utf8')).toContain(`\n\`\`\`ts\n${code}\`\`\`\n`);
  });
});
