import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ContainerView } from '../../src/common/events/index.js';
import type { ContainerRules } from '../../src/common/options/index.js';
import { referenceOf } from '../../src/common/reference/index.js';
import { readRecording, replay } from '../../src/health-monitor/recording/index.js';
import type { InMemoryRuntime } from '../../src/testing/index.js';
import { Hosts } from '../support/hosts.js';
import { Router } from '../support/router.js';
import { MINUTE, SECOND } from '../support/situation.js';
import type { WorldOptions } from '../support/world.js';

let hosts: Hosts;
afterEach(async () => {
  await hosts.world.stop();
  vi.restoreAllMocks();
});

async function begin(rules: Record<string, ContainerRules>, options: WorldOptions = {}): Promise<void> {
  hosts = new Hosts(rules, options);
  await hosts.world.start();
}

const pass = (ms: number): Promise<void> => hosts.world.advance(ms, SECOND);

function view(reference: string): ContainerView {
  const found = hosts.world.monitor.containers().find((one) => referenceOf(one) === reference);
  if (!found) throw new Error(`No view of ${reference}.`);
  return found;
}

const actsOf = ({ acts }: InMemoryRuntime): string[] => acts.map(({ kind, name }) => `${kind} ${name}`);

/** What people were told, with whom it is about. */
const told = (): string[] =>
  hosts.world.notifications.map(({ type, host, appId }) =>
    [type, host === undefined ? appId : `${host}/${appId}`].join(' '),
  );

const reasonsOf = (reference: string, type: string): string[] =>
  hosts.world.events.flatMap((event) =>
    event.container === reference && event.type === type && 'reason' in event.data
      ? [String(event.data.reason)]
      : [],
  );

/** What is decided of a host is decided again in the same way when its recording is replayed. */
function expectReplay(host: string | null): void {
  const replayed = [...replay(readRecording(hosts.world.monitor.recording(host)))];
  expect(replayed.some(({ fact }) => fact.kind === 'elsewhere-seen')).toBe(true);
  expect(replayed.filter(({ differs }) => differs)).toEqual([]);
}

describe('a container that needs one of another host', () => {
  it('waits until that is ready, spends nothing, and is started then', async () => {
    await begin({ lnd: { dependsOn: ['attic/db'] } });
    expect(view('lnd')).toMatchObject({ status: 'healthy', dependsOn: ['attic/db'], blockedBy: [] });
    hosts.attic.refuseStart('db', 'no such image');
    hosts.attic.crash('db');
    await pass(2 * SECOND);
    hosts.world.runtime.crash('lnd', 1);
    await pass(10 * MINUTE);
    expect(view('lnd')).toMatchObject({
      status: 'waiting',
      attempts: 0,
      blockedBy: ['attic/db'],
      decision: { code: 'waiting-for-dependency' },
    });
    expect(view('lnd').decision.reason).toBe('Waits: attic/db was given up.');
    expect(hosts.world.acts).toEqual([]);

    hosts.attic.refuseStart('db', null);
    await hosts.world.monitor.retry('attic/db', 'ann');
    await pass(4 * SECOND);
    expect(view('attic/db').status).not.toBe('waiting');
    expect(hosts.world.acts).toEqual([]);
    await pass(10 * SECOND);
    expect(hosts.world.acts).toEqual(['start lnd']);
    expect(view('lnd')).toMatchObject({ blockedBy: [] });
    expectReplay(null);
  });

  it('is no second problem that people hear of, or see', async () => {
    await begin({ lnd: { dependsOn: ['attic/db'] } });
    hosts.attic.refuseStart('db', 'no such image');
    hosts.attic.crash('db');
    // Before this host knows of it.
    hosts.world.runtime.onStart('lnd', { diesAfterMs: 300 }, {});
    hosts.world.runtime.crash('lnd', 1);
    await pass(20 * MINUTE);
    expect(hosts.world.acts).toEqual(['start lnd']);
    expect(told()).toEqual(['container.restart_failed attic/db', 'container.given_up attic/db']);
    const open = hosts.world.monitor.incidents().filter(({ status }) => status === 'open');
    expect(open.map(({ cause }) => cause.container)).toEqual(['attic/db']);

    hosts.attic.refuseStart('db', null);
    await hosts.world.monitor.retry('attic/db', 'ann');
    await pass(5 * MINUTE);
    expect([view('attic/db').status, view('lnd').status]).toEqual(['healthy', 'healthy']);
    expect(told()).toEqual([
      'container.restart_failed attic/db',
      'container.given_up attic/db',
      'container.recovered attic/db',
    ]);
    expectReplay(null);
  });

  it('may be on another host itself, and need one of this', async () => {
    await begin({ 'attic/lnd': { dependsOn: ['local/db'] } });
    expect(view('attic/lnd').dependsOn).toEqual(['db']);
    await hosts.world.monitor.stop('db', 'ann');
    hosts.attic.crash('lnd');
    await pass(2 * MINUTE);
    expect(view('attic/lnd')).toMatchObject({
      status: 'waiting',
      blockedBy: ['db'],
      decision: { reason: 'Waits: local/db is off by choice.' },
    });
    const waiting = hosts.world.events.find(({ type }) => type === 'container.waiting');
    expect(waiting).toMatchObject({ container: 'attic/lnd', data: { blockedBy: ['db'] } });
    await hosts.world.monitor.start('db', 'ann');
    await pass(20 * SECOND);
    expect(actsOf(hosts.attic)).toEqual(['start lnd']);
    expect(told()).toEqual([]);
    expectReplay('attic');
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a person stopped', () => hosts.world.monitor.stop('attic/db', 'ann'), 'attic/db is off by choice'],
    [
      'is on hold',
      async () => {
        await hosts.world.monitor.hold('attic/db', 'backup', 'ann');
        hosts.attic.crash('db');
      },
      'attic/db is on hold',
    ],
    [
      'is gone for the moment',
      () => Promise.resolve(hosts.attic.remove('db')),
      'attic/db is gone for the moment',
    ],
  ])('waits for one that %s, as for one of its own host', async (_, happen, what) => {
    await begin({ lnd: { dependsOn: ['attic/db'] } });
    await happen();
    await pass(MINUTE);
    hosts.world.runtime.crash('lnd', 1);
    await pass(MINUTE);
    expect(view('lnd').decision.reason).toBe(`Waits: ${what}.`);
    expect(hosts.world.acts).toEqual([]);
  });

  it('does not wait for what does not exist, and that is logged once', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await begin({ lnd: { dependsOn: ['attic/nobody'] } });
    hosts.world.runtime.crash('lnd', 1);
    await pass(10 * SECOND);
    expect(hosts.world.acts).toEqual(['start lnd']);
    const lines = warn.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('nobody'));
    expect(lines).toEqual([
      'lnd depends on attic/nobody, but there is no container of that name; it is not waited for.',
    ]);
  });

  it('knows it by its app id, and is shown with its name', async () => {
    hosts = new Hosts({ lnd: { dependsOn: ['attic/bitcoin'] } });
    hosts.attic.add({ name: 'archy-bitcoin', state: 'running' });
    await hosts.world.start();
    expect(view('lnd').dependsOn).toEqual(['attic/archy-bitcoin']);
    await hosts.world.monitor.stop('attic/bitcoin', 'ann');
    hosts.world.runtime.crash('lnd', 1);
    await pass(10 * SECOND);
    expect(view('lnd').blockedBy).toEqual(['attic/archy-bitcoin']);
  });

  it('says so by a label, in which its own host may stand, too', async () => {
    hosts = new Hosts();
    const label = (needs: string) => ({ labels: { 'health-monitor.depends-on': needs } });
    hosts.attic.add({ name: 'wiki', state: 'running', ...label('attic/db, local/db, cellar/db') });
    await hosts.world.start();
    expect(view('attic/wiki').dependsOn).toEqual(['attic/db', 'db']);
    await hosts.world.monitor.stop('db', 'ann');
    hosts.attic.crash('wiki');
    await pass(MINUTE);
    expect(view('attic/wiki').decision.reason).toBe('Waits: local/db is off by choice.');
    expectReplay('attic');
  });

  it('asks for the condition that is written', async () => {
    hosts = new Hosts({
      lnd: { dependsOn: { 'attic/node': { condition: 'started' } } },
      db: { dependsOn: { 'attic/lnd': { condition: 'completed' } } },
    });
    hosts.attic.add({ name: 'node', state: 'running', health: 'healthy' });
    await hosts.world.start();
    hosts.attic.setHealth('node', 'unhealthy');
    await pass(5 * SECOND);
    hosts.world.runtime.crash('lnd', 1);
    hosts.world.runtime.crash('db', 1);
    await pass(10 * SECOND);
    expect(hosts.world.acts).toEqual(['start lnd']);
    expect(view('db').blockedBy).toEqual(['attic/lnd']);
    hosts.attic.crash('lnd', 0);
    await pass(20 * SECOND);
    expect(hosts.world.acts).toEqual(['start lnd', 'start db']);
  });

  it('is given up no longer when that comes back', async () => {
    await begin({ lnd: { dependsOn: ['attic/db'] } });
    hosts.world.runtime.onStart('lnd', { diesAfterMs: 500 });
    hosts.world.runtime.crash('lnd', 1);
    await pass(5 * MINUTE);
    expect(view('lnd').status).toBe('given-up');
    hosts.world.runtime.onStart('lnd', {});
    await hosts.world.monitor.restart('attic/db', 'ann');
    await pass(20 * SECOND);
    expect(hosts.world.acts.at(-1)).toBe('start lnd');
    expect(view('lnd').status).not.toBe('given-up');
    expect(reasonsOf('lnd', 'container.rearmed')).toEqual([expect.stringContaining('attic/db')]);
  });

  it('is named before that is stopped, with whoever needs it', async () => {
    await begin({ lnd: { dependsOn: ['attic/db'] }, 'nas/nextcloud': { dependsOn: ['local/lnd'] } });
    expect(hosts.world.monitor.previewStop('attic/db').dependents).toEqual(['lnd', 'nas/nextcloud']);
    expect(hosts.world.monitor.previewStop('db').dependents).toEqual([]);
  });
});

describe('while the other host does not answer', () => {
  it('one that was ready when last seen holds nobody back, and the reason says so', async () => {
    await begin({ lnd: { dependsOn: ['attic/db'] } });
    hosts.attic.goAway();
    await pass(150 * SECOND);
    expect(told()).toEqual(['host.unreachable attic/undefined']);
    hosts.world.runtime.crash('lnd', 1);
    await pass(10 * SECOND);
    expect(hosts.world.acts).toEqual(['start lnd']);
    expect(reasonsOf('lnd', 'container.restarted').concat(startReasons())).toContainEqual(
      expect.stringMatching(
        /attic\/db is taken to be ready, as it was when last seen: its host has not answered since \d\d:\d\d\./,
      ),
    );
    await pass(2 * MINUTE);
    expect(view('lnd').status).toBe('healthy');
    expect(told()).toEqual(['host.unreachable attic/undefined']);
    expectReplay(null);
  });

  it('one that was not ready when last seen holds back, and the reason says that it is not known now', async () => {
    await begin({ lnd: { dependsOn: ['attic/db'] } });
    await hosts.world.monitor.stop('attic/db', 'ann');
    hosts.attic.goAway();
    await pass(150 * SECOND);
    hosts.world.runtime.crash('lnd', 1);
    await pass(10 * MINUTE);
    expect(hosts.world.acts).toEqual([]);
    expect(view('lnd').decision.reason).toMatch(
      /^Waits: attic\/db was not ready when last seen, and how it is now is not known: its host has not answered since \d\d:\d\d\.$/,
    );
    hosts.attic.comeBack();
    await hosts.attic.userStart('db');
    await pass(2 * MINUTE);
    expect(hosts.world.acts).toEqual(['start lnd']);
    expect(told()).toEqual(['host.unreachable attic/undefined', 'host.reachable attic/undefined']);
    expectReplay(null);
  });

  it('holds as well for a monitor that was started anew and has not seen that host itself', async () => {
    await begin({ lnd: { dependsOn: ['attic/db'] }, db: { dependsOn: ['attic/lnd'] } });
    await hosts.world.monitor.stop('attic/lnd', 'ann');
    await hosts.world.stop();
    hosts.attic.goAway();
    hosts.world.runtime.crash('lnd', 1);
    hosts.world.runtime.crash('db', 1);
    await hosts.world.start();
    await pass(30 * SECOND);
    expect(hosts.world.acts).toEqual(['start lnd']);
    expect(view('db').decision.reason).toContain('attic/lnd was not ready when last seen');
  });

  it('one of a host that nobody ever saw holds back', async () => {
    hosts = new Hosts({ lnd: { dependsOn: ['attic/db'] } });
    hosts.attic.goAway();
    await hosts.world.start();
    hosts.world.runtime.crash('lnd', 1);
    await pass(MINUTE);
    expect(hosts.world.acts).toEqual([]);
    expect(view('lnd').decision.reason).toBe('Waits: attic/db is not known: its host has not answered yet.');
    hosts.attic.comeBack();
    await pass(2 * MINUTE);
    expect(hosts.world.acts).toEqual(['start lnd']);
  });
});

/** What was decided about acts, as recordings have it. */
const startReasons = (): string[] =>
  [...replay(readRecording(hosts.world.monitor.recording()))].flatMap(({ now }) =>
    now.acts.map(({ reason }) => reason),
  );

describe('a circle across hosts', () => {
  it('keeps nobody down: its last step is ignored, and that is logged once', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await begin({
      lnd: { dependsOn: ['attic/db'] },
      'attic/db': { dependsOn: ['attic/lnd'] },
      'attic/lnd': { dependsOn: ['local/lnd'] },
    });
    hosts.world.runtime.crash('lnd', 1);
    hosts.attic.crash('db');
    hosts.attic.crash('lnd');
    await pass(MINUTE);
    expect(actsOf(hosts.attic)).toEqual(['start lnd', 'start db']);
    expect(hosts.world.acts).toEqual(['start lnd']);
    expect(view('attic/lnd').dependsOn).toEqual([]);
    const lines = warn.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('circle'));
    expect(lines).toEqual([
      'These depend on each other in a circle: lnd → attic/db → attic/lnd → lnd. The last step is ignored.',
    ]);
    expectReplay('attic');
  });
});

describe('restart: true', () => {
  it('restarts it once after the other ran anew, and not for that its host was silent', async () => {
    await begin({ lnd: { dependsOn: { 'attic/db': { restart: true } } } });
    hosts.attic.goAway();
    await pass(150 * SECOND);
    hosts.attic.comeBack();
    await pass(2 * MINUTE);
    expect(hosts.world.acts).toEqual([]);
    hosts.attic.crash('db');
    for (let waited = 0; actsOf(hosts.attic).length === 0 && waited < 2 * MINUTE; waited += SECOND)
      await pass(SECOND);
    await pass(3 * SECOND);
    expect(actsOf(hosts.attic)).toEqual(['start db']);
    // Not before it is ready.
    expect(hosts.world.acts).toEqual([]);
    await pass(MINUTE);
    expect(hosts.world.acts).toEqual(['restart lnd']);
    await pass(5 * MINUTE);
    expect(hosts.world.acts).toEqual(['restart lnd']);
    expect(view('lnd').status).toBe('healthy');
    expectReplay(null);
  });

  it('does so, too, where that happened while nobody watched', async () => {
    await begin({ lnd: { dependsOn: { 'attic/db': { restart: true } } } });
    await hosts.world.stop();
    await hosts.attic.userRestart('db');
    hosts.world.clock.advance(MINUTE);
    await hosts.world.start();
    await pass(MINUTE);
    expect(hosts.world.acts).toEqual(['restart lnd']);
  });

  it('asks nothing of one that was started after it', async () => {
    await begin({ lnd: { dependsOn: { 'attic/db': { restart: true } } } });
    await hosts.world.monitor.stop('lnd', 'ann');
    await hosts.world.monitor.restart('attic/db', 'ann');
    await pass(10 * SECOND);
    await hosts.world.monitor.start('lnd', 'ann');
    await pass(5 * MINUTE);
    expect(hosts.world.acts).toEqual(['stop lnd', 'start lnd']);
  });
});

describe('an external of this host', () => {
  let router: Router;
  beforeEach(async () => {
    router = await new Router().back();
  });
  afterEach(() => router.away());

  const behindTheRouter = (names: readonly string[]): Promise<void> =>
    begin(Object.fromEntries(names.map((name) => [name, { dependsOn: ['local/router'] }])), {
      externals: { router: { tcp: router.at, name: 'The router' } },
    });

  /** Time passes, and real sockets get their turn, until it is so. */
  async function until(isSo: () => boolean): Promise<void> {
    for (let passed = 0; !isSo() && passed < 10 * MINUTE; passed += SECOND) {
      await pass(SECOND);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(isSo()).toBe(true);
  }
  const statusOfRouter = () => hosts.world.monitor.externals()[0]?.status;

  it('is waited for by containers of other hosts while it is down, which spend nothing, and are started after it', async () => {
    await behindTheRouter(['attic/lnd', 'nas/nextcloud']);
    await until(() => statusOfRouter() === 'up');
    await router.away();
    await until(() => statusOfRouter() === 'down');
    hosts.attic.crash('lnd', 1);
    hosts.nas.crash('nextcloud', 1);
    await pass(10 * MINUTE);
    for (const reference of ['attic/lnd', 'nas/nextcloud'])
      expect(view(reference)).toMatchObject({
        status: 'waiting',
        attempts: 0,
        dependsOn: ['router'],
        blockedBy: ['router'],
        decision: { code: 'waiting-for-dependency' },
      });
    expect(view('attic/lnd').decision.reason).toContain('The router is down');
    expect([...actsOf(hosts.attic), ...actsOf(hosts.nas)]).toEqual([]);
    await router.back();
    await until(() => statusOfRouter() === 'up');
    await pass(10 * SECOND);
    expect(actsOf(hosts.attic)).toEqual(['start lnd']);
    expect(actsOf(hosts.nas)).toEqual(['start nextcloud']);
    expect(told().filter((type) => !type.startsWith('external.'))).toEqual([]);
    expectReplay('attic');
  });

  it('lets them start when it works, also while the engine of this host was never reached', async () => {
    hosts = new Hosts(
      { 'attic/lnd': { dependsOn: ['local/router'] } },
      { externals: { router: { tcp: router.at } } },
    );
    hosts.world.runtime.goAway();
    await hosts.world.start();
    await until(() => statusOfRouter() === 'up');
    hosts.attic.crash('lnd', 1);
    await until(() => actsOf(hosts.attic).length > 0);
    expect(actsOf(hosts.attic)).toEqual(['start lnd']);
  });

  it('is not what is meant where a container of this host has that name', async () => {
    await begin({ 'attic/lnd': { dependsOn: ['local/db'] } }, { externals: { db: { tcp: router.at } } });
    await router.away();
    await until(() => statusOfRouter() === 'down');
    hosts.attic.crash('lnd', 1);
    await pass(MINUTE);
    expect(actsOf(hosts.attic)).toEqual(['start lnd']);
  });
});
