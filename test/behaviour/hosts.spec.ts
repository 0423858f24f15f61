import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventStream } from '../../src/common/store/index.js';
import { applyEvents, fromSnapshot, type MonitorData } from '../../src/client/index.js';
import type { HealthEvent, HealthStatus } from '../../src/common/events/index.js';
import { NotificationsService } from '../../src/notifications/index.js';
import { Hosts } from '../support/hosts.js';
import { GIB } from '../support/world.js';

const about = (events: readonly HealthEvent[], reference: string): string[] =>
  events.filter(({ container }) => container === reference).map(({ type }) => type);

let hosts: Hosts;
afterEach(() => hosts.world.stop());

describe('several hosts', () => {
  beforeEach(async () => {
    hosts = new Hosts();
    await hosts.world.start();
  });

  it('are seen as one list, in which only what is elsewhere says where it is', () => {
    expect(hosts.world.monitor.containers().map(({ host, name }) => [host, name])).toEqual([
      [undefined, 'lnd'],
      [undefined, 'db'],
      ['attic', 'lnd'],
      ['attic', 'db'],
      ['nas', 'nextcloud'],
    ]);
    const { hosts: others, containers } = hosts.world.monitor.status();
    expect(others?.map(({ host, name, engine }) => [host, name, engine.reachable])).toEqual([
      ['attic', 'The attic', true],
      ['nas', 'nas', true],
    ]);
    expect(containers).toMatchObject({ total: 5, healthy: 5 });
  });

  it('heal each its own: one of the same name elsewhere is not touched', async () => {
    const startedAt = (await hosts.world.runtime.list()).map(({ startedAt: at }) => at);
    hosts.attic.crash('lnd');
    await hosts.world.advance(60_000, 1_000);
    expect(hosts.statusOf('lnd')).toBe('healthy');
    expect((await hosts.world.runtime.list()).map(({ startedAt: at }) => at)).toEqual(startedAt);
    expect(about(hosts.world.events, 'attic/lnd')).toContain('container.restarted');
    expect(about(hosts.world.events, 'lnd')).toEqual(['container.changed']);
  });

  it('are told apart in what people hear', async () => {
    hosts.attic.refuseStart('lnd', 'no such image');
    hosts.attic.crash('lnd');
    await hosts.world.advance(10_000, 1_000);
    const [incident] = hosts.world.monitor.incidents();
    expect(incident).toMatchObject({ host: 'attic', cause: { container: 'attic/lnd' } });
    expect(incident!.timeline.length).toBeGreaterThan(0);
    for (const event of incident!.timeline) expect(event).toMatchObject({ host: 'attic' });
  });

  it('take what people ask by the name with the host in it', async () => {
    await hosts.world.monitor.hold('attic/lnd', 'backup', 'ann');
    expect(hosts.statusOf('lnd')).toBe('held');
    expect(hosts.world.monitor.containers().find(({ name, host }) => name === 'lnd' && !host)?.status).toBe(
      'healthy',
    );
    await hosts.world.monitor.stop('attic/db', 'ann');
    expect(hosts.statusOf('db')).toBe('stopped');
    const detail = await hosts.world.monitor.container('attic/db');
    expect(detail).toMatchObject({ name: 'db', host: 'attic' });
    expect(detail.history.map(({ type }) => type)).toContain('container.stopped');
    const here = await hosts.world.monitor.container('local/db');
    expect(here.history.map(({ type }) => type)).toEqual(['container.changed']);
    await expect(hosts.world.monitor.container('cellar/db')).rejects.toThrow(
      'There is no container "cellar/db".',
    );
  });

  it('go on each with what it knew when the monitor is started anew', async () => {
    await hosts.world.monitor.hold('attic/lnd', 'backup', 'ann');
    await hosts.world.monitor.stop('db', 'ann');
    await hosts.world.restart();
    expect(hosts.statusOf('lnd')).toBe('held');
    expect(hosts.statusOf('db')).toBe('healthy');
    expect((await hosts.world.monitor.container('db')).status).toBe('stopped');
    expect((await hosts.world.monitor.container('lnd')).status).toBe('healthy');
  });
});

describe('the log of several hosts', () => {
  it('names the host in the context of each line about another one, and of no line about the local one', async () => {
    hosts = new Hosts();
    await hosts.world.start();
    const lines: string[] = [];
    const note = (line: string, ...more: string[]): unknown => lines.push(`[${more.at(-1)}] ${line}`);
    Logger.overrideLogger({ log: note, warn: note, error: note });
    hosts.attic.crash('lnd');
    hosts.world.runtime.crash('db');
    await hosts.world.advance(10_000, 1_000);
    hosts.nas.goAway('Nothing listens there.');
    await hosts.world.advance(120_000, 5_000);
    Logger.overrideLogger(false);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^\[HealthMonitor attic\] lnd: .+ Starting it now/),
        expect.stringMatching(/^\[HealthMonitor\] db: .+ Starting it now/),
        expect.stringMatching(/^\[HealthMonitor nas\] The engine does not answer\./),
        expect.stringMatching(/^\[HealthMonitor nas\] The engine's events are not heard/),
      ]),
    );
  });
});

describe('the store of several hosts', () => {
  it('is one: that it fails, and that it works again, is told once, as of no host', async () => {
    hosts = new Hosts();
    await hosts.world.start();
    const { store } = hosts.world;
    await store['announce']({ kind: 'degraded', reason: 'Full.' });
    await store['announce']({ kind: 'recovered', reason: 'There is space.' });
    const told = [
      ...hosts.world.events.map(({ type, host }) => [type, host]),
      ...hosts.world
        .get(NotificationsService)
        .list()
        .map(({ type, host }) => [`message ${type}`, host]),
    ].filter(([type]) => type!.includes('store.'));
    expect(told).toEqual([
      ['store.degraded', undefined],
      ['store.recovered', undefined],
      ['message store.recovered', undefined],
      ['message store.degraded', undefined],
    ]);
  });
});

describe('a host that does not answer', () => {
  let data: MonitorData;

  beforeEach(async () => {
    hosts = new Hosts();
    await hosts.world.start();
    const { monitor } = hosts.world;
    data = fromSnapshot(
      {
        containers: monitor.containers(),
        incidents: monitor.incidents(),
        notifications: [],
        status: monitor.status(),
      },
      '',
      0,
    );
    hosts.world.get(EventStream).subscribe((events) => (data = applyEvents(data, events)));
    hosts.attic.goAway();
    await hosts.world.advance(150_000, 5_000);
  });

  it('is one incident and one message, and its containers are not known; the others are as they were', () => {
    const { monitor } = hosts.world;
    expect(monitor.incidents().map(({ host, kind, cause }) => [host, kind, cause.container])).toEqual([
      ['attic', 'engine', null],
    ]);
    expect(
      hosts.world
        .get(NotificationsService)
        .list()
        .map(({ type, title, host }) => [type, title, host]),
    ).toEqual([['host.unreachable', 'The attic: The engine does not answer', 'attic']]);
    expect([hosts.statusOf('lnd'), hosts.statusOf('db')]).toEqual(['unknown', 'unknown']);
    const { hosts: others, engine, containers } = monitor.status();
    expect(others?.map(({ engine: { reachable } }) => reachable)).toEqual([false, true]);
    expect(engine.reachable).toBe(true);
    expect(containers).toMatchObject({ total: 5, healthy: 3, unknown: 2, down: 0 });
  });

  it('is shown so by a client that heard nothing but the events', () => {
    expect([...data.containers].map(([reference, { status }]) => [reference, status])).toEqual([
      ['lnd', 'healthy'],
      ['db', 'healthy'],
      ['attic/lnd', 'unknown'],
      ['attic/db', 'unknown'],
      ['nas/nextcloud', 'healthy'],
    ]);
    expect(reachable(data.status)).toEqual([false, true]);
  });

  it('makes nobody wait: others are healed meanwhile', async () => {
    hosts.nas.crash('nextcloud');
    await hosts.world.advance(60_000, 1_000);
    expect(about(hosts.world.events, 'nas/nextcloud')).toContain('container.restarted');
  });

  it('is known again when it answers, and what went down meanwhile is healed', async () => {
    hosts.attic.comeBack();
    hosts.attic.crash('db');
    await hosts.world.advance(120_000, 1_000);
    expect([hosts.statusOf('lnd'), hosts.statusOf('db')]).toEqual(['healthy', 'healthy']);
    expect(
      hosts.world
        .get(NotificationsService)
        .list()
        .map(({ type }) => type),
    ).toContain('host.reachable');
    expect(data.containers.get('attic/lnd')?.status).toBe('healthy');
    expect(reachable(data.status)).toEqual([true, true]);
  });
});

describe('a second engine of this machine that does not answer', () => {
  const runtime = { socketPath: '/run/user/1001/podman/podman.sock' };

  it('has containers that are not known until it answers, as those of any other host', async () => {
    hosts = new Hosts({}, { hosts: { attic: { runtime } } });
    await hosts.world.start();
    hosts.attic.goAway();
    await hosts.world.advance(150_000, 5_000);
    expect([hosts.statusOf('lnd'), hosts.statusOf('db')]).toEqual(['unknown', 'unknown']);
    expect(hosts.world.monitor.status().containers).toMatchObject({ total: 4, healthy: 2, unknown: 2 });
    hosts.attic.comeBack();
    await hosts.world.advance(60_000, 5_000);
    expect([hosts.statusOf('lnd'), hosts.statusOf('db')]).toEqual(['healthy', 'healthy']);
  });
});

describe('another host that was started anew', () => {
  it.each([
    ['while it was missed', 150_000],
    ['so quickly that it was not missed', 5_000],
  ])(
    '%s: what ran on it before is started again, whatever its exit code, and what was off stays off',
    async (_, awayMs) => {
      hosts = new Hosts();
      await hosts.world.start();
      await hosts.world.monitor.stop('attic/db', 'ann');
      hosts.attic.goAway();
      hosts.attic.reboot();
      await hosts.world.advance(awayMs, 5_000);
      hosts.attic.comeBack();
      await hosts.world.advance(180_000, 1_000);
      expect([hosts.statusOf('lnd'), hosts.statusOf('db')]).toEqual(['healthy', 'stopped']);
      const types = hosts.world
        .get(NotificationsService)
        .list()
        .map(({ type }) => type);
      expect(types.filter((type) => type.startsWith('container.'))).toEqual([]);
    },
  );
});

const reachable = (status: HealthStatus | null) => status?.hosts?.map(({ engine }) => engine.reachable);

describe('the disk of another host', () => {
  const diskOfAttic = (freeBytes: () => number): { readonly asked: () => number } => {
    const info = hosts.attic.info.bind(hosts.attic);
    let asked = 0;
    hosts.attic.info = async (...options) => {
      asked += 1;
      return {
        ...(await info(...options)),
        storageRoot: '/srv/containers',
        storageSpace: { sizeBytes: 100 * GIB, freeBytes: freeBytes() },
      };
    };
    return { asked: () => asked };
  };

  it('is known by what its engine tells, and little space on it is told with the name of the host', async () => {
    hosts = new Hosts();
    let freeBytes = 60 * GIB;
    diskOfAttic(() => freeBytes);
    await hosts.world.start();
    await hosts.world.advance(120_000, 5_000);
    expect(hosts.world.monitor.status().hosts?.[0]?.machine?.fileSystems).toMatchObject([
      { mount: '/srv/containers', freeBytes, ofEngine: true, standing: 'ok' },
    ]);
    freeBytes = 2 * GIB;
    await hosts.world.advance(900_000, 5_000);
    expect(
      hosts.world
        .get(NotificationsService)
        .list()
        .map(({ type, title, host }) => [type, title, host]),
    ).toEqual([['host.disk', expect.stringMatching(/^The attic: .*\/srv\/containers/), 'attic']]);
  });

  it('is asked about every five minutes, and at once when a start fails for want of space', async () => {
    hosts = new Hosts();
    let freeBytes = 60 * GIB;
    const { asked } = diskOfAttic(() => freeBytes);
    await hosts.world.start();
    await hosts.world.advance(600_000, 5_000);
    const before = asked();
    await hosts.world.advance(1_500_000, 5_000);
    // Every ten minutes it is asked for its time, too.
    expect(asked() - before).toBe(7);

    freeBytes = 0;
    hosts.attic.refuseStart('db', 'write /srv/containers/db: no space left on device');
    hosts.attic.crash('db', 1);
    await hosts.world.advance(20_000, 1_000);
    expect(hosts.world.monitor.status().hosts?.[0]?.machine?.fileSystems).toMatchObject([{ freeBytes: 0 }]);
    expect(hosts.statusOf('db')).toBe('waiting');
  });
});

describe('rules', () => {
  it('are those of the host that stands before the name', async () => {
    hosts = new Hosts({ 'attic/lnd': { ignore: true }, db: { ignore: true } });
    await hosts.world.start();
    expect(hosts.world.monitor.containers().map(({ host, name, status }) => [host, name, status])).toEqual([
      [undefined, 'lnd', 'healthy'],
      [undefined, 'db', 'ignored'],
      ['attic', 'lnd', 'ignored'],
      ['attic', 'db', 'healthy'],
      ['nas', 'nextcloud', 'healthy'],
    ]);
  });
});
