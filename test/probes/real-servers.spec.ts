import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { Servers, serverFolders } from '../support/servers.js';
import { SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let servers: Servers;
let world: World;
beforeEach(() => {
  servers = new Servers();
});
afterEach(async () => {
  await world.stop();
  await servers.remove();
});

/** With a dependent that needs the app healthy, and one for which it need only be started. */
const dependentsOf = (app: string): WorldOptions => ({
  preset: 'archipelago',
  containers: {
    strict: { dependsOn: { [app]: { condition: 'healthy' } } },
    lenient: { dependsOn: { [app]: { condition: 'started' } } },
  },
});

/** Lets time pass, but none while a command runs. */
async function pass(): Promise<void> {
  for (let second = 0; second < 5; second++) {
    await world.advance(SECOND, SECOND);
    await servers.idle();
  }
}

/** Lets time pass, and real servers get their turn, until the app is as it is to be. */
const until = (app: string, expected: object): Promise<void> =>
  expect
    .poll(() => pass().then(() => world.view(app)), { timeout: 30_000, interval: 10 })
    .toMatchObject(expected);

describe.skipIf(serverFolders === null)('a PostgreSQL', () => {
  const app = 'immich_postgres';

  it('recovers, works, fails and returns, and its dependents do as it says', async () => {
    const data = servers.in('data');
    const socket = { PGHOST: servers.folder };
    const made = await servers.run(['initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync']);
    expect(made).toMatchObject({ exitCode: 0 });
    writeFileSync(`${data}/standby.signal`, '');
    const start = () =>
      servers.start(
        'postgres',
        ...['-D', data, '-k', servers.folder, '-c', 'listen_addresses=', '-c', 'hot_standby=off'],
      );
    world = new World(dependentsOf(app)).running(app, 'strict', 'lenient');
    world.runtime.onExec(app, (command) => servers.run(command, socket));
    await world.start();
    await until(app, { status: 'healthy', probe: { health: 'unanswered' } });

    start();
    await until(app, {
      status: 'not-yet',
      probe: { sentence: expect.stringContaining('rejecting connections') as string },
    });
    for (const name of ['strict', 'lenient']) world.runtime.crash(name, 139);
    await until('strict', { status: 'waiting', blockedBy: [app], attempts: 0 });
    expect(world.acts).toEqual(['start lenient']);

    expect(await servers.run(['pg_ctl', 'promote', '-D', data])).toMatchObject({ exitCode: 0 });
    await until(app, { status: 'healthy', probe: { health: 'ok' } });
    await until('strict', { state: 'running' });
    expect(world.acts).toEqual(['start lenient', 'start strict']);

    await servers.stop('postgres', 'SIGINT');
    await until(app, {
      status: 'unhealthy',
      probe: { sentence: expect.stringContaining('no response') as string },
    });
    start();
    await until(app, { status: 'healthy', probe: { health: 'ok' } });
    // A restart could harm its data.
    expect(world.acts).toEqual(['start lenient', 'start strict']);
  });
});

describe.skipIf(serverFolders === null)('a Redis', () => {
  const app = 'immich_redis';

  it('loads its data, works, fails and returns, and its dependents do as it says', async () => {
    const socket = servers.in('redis.sock');
    const client = (...args: string[]) => servers.run(['redis-cli', '-s', socket, ...args]);
    const start = (...args: string[]) =>
      servers.start(
        'redis-server',
        '--port',
        '0',
        '--unixsocket',
        socket,
        '--save',
        '',
        '--rdbcompression',
        'no',
        ...args,
      );
    const fill = `for i = 1, 3000 do redis.call('set', i, string.rep('x', 100) .. i) end`;
    start();
    await expect.poll(() => client('eval', fill, '0')).toMatchObject({ exitCode: 0, output: '' });
    await expect.poll(() => client('save')).toMatchObject({ output: 'OK' });
    await servers.stop('redis-server');

    world = new World(dependentsOf(app)).running(app, 'strict', 'lenient');
    world.runtime.onExec(app, ([command, ...args]) => servers.run([command!, '-s', socket, ...args]));
    await world.start();
    await until(app, { status: 'healthy', probe: { health: 'unanswered' } });

    // Microseconds a key: a minute in all.
    start('--key-load-delay', '20000', '--loading-process-events-interval-bytes', '1024');
    await until(app, {
      status: 'not-yet',
      probe: { sentence: expect.stringContaining('LOADING') as string },
    });
    for (const name of ['strict', 'lenient']) world.runtime.crash(name, 139);
    await until('strict', { status: 'waiting', blockedBy: [app], attempts: 0 });
    expect(world.acts).toEqual(['start lenient']);

    await client('config', 'set', 'key-load-delay', '0');
    await until(app, { status: 'healthy', probe: { health: 'ok' } });
    await until('strict', { state: 'running' });

    await servers.stop('redis-server');
    await until(app, { status: 'unhealthy' });
    start('--requirepass', 'secret');
    await until(app, { status: 'healthy', probe: { health: 'ok' } });
    expect(world.acts).toEqual(['start lenient', 'start strict']);
  });
});

describe.skipIf(serverFolders === null)('an nginx', () => {
  let port: number;
  beforeEach(async () => {
    port = await freePort();
    mkdirSync(servers.in('www'));
    writeFileSync(
      servers.in('nginx.conf'),
      `pid ${servers.in('pid')}; error_log ${servers.in('log')}; daemon off; events {}
      http {
        access_log off; default_type application/json;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((use) => `${use}_temp_path ${servers.in('temp')};`).join(' ')}
        server {
          listen 127.0.0.1:${port}; root ${servers.in('www')};
          location / { try_files $uri $uri/index.html =503; }
        }
      }`,
    );
  });
  const start = () =>
    servers.start('nginx', '-p', servers.folder, '-e', servers.in('log'), '-c', servers.in('nginx.conf'));
  const reach = (own: number) => ({
    published: [{ port: own, host: '127.0.0.1', hostPort: port }],
    addresses: [],
    hostNetwork: false,
  });

  it('in front of a Nextcloud tells of maintenance and of an upgrade, which keep only those waiting that need it healthy', async () => {
    const app = 'nextcloud';
    const status = (now: { maintenance?: boolean; needsDbUpgrade?: boolean }) =>
      writeFileSync(
        servers.in('www/status.php'),
        JSON.stringify({ installed: true, maintenance: false, needsDbUpgrade: false, ...now }),
      );
    world = new World(dependentsOf(app)).running({ name: app, reach: reach(80) }, 'strict', 'lenient');
    await world.start();
    await until(app, {
      probe: { health: 'unanswered', sentence: expect.stringContaining('Connection refused') as string },
    });
    status({ maintenance: true });
    start();
    await until(app, {
      status: 'not-yet',
      decision: { reason: 'Not ready yet: It is in maintenance mode.' },
    });
    for (const name of ['strict', 'lenient']) world.runtime.crash(name, 139);
    await until('strict', { status: 'waiting', blockedBy: [app], attempts: 0 });
    status({ needsDbUpgrade: true });
    await until(app, {
      status: 'not-yet',
      decision: { reason: 'Not ready yet: Its database is to be upgraded.' },
    });
    expect(world.acts).toEqual(['start lenient']);
    status({});
    await until(app, { status: 'healthy', probe: { health: 'ok' } });
    await until('strict', { state: 'running' });
    expect(world.acts).toEqual(['start lenient', 'start strict']);
  });

  it('that fails is restarted, once it has been asked rightly', async () => {
    const app = 'mempool-web';
    world = new World({ preset: 'archipelago' }).running({ name: app, reach: reach(8080) });
    world.runtime.onStart(app, {});
    const page = servers.in('www/index.html');
    start();
    await world.start();
    await until(app, {
      status: 'healthy',
      probe: { health: 'unanswered', sentence: expect.stringMatching(/It answered (?:403|503)/) as string },
    });
    expect(world.acts).toEqual([]);
    writeFileSync(page, '<html>');
    await until(app, { status: 'healthy', probe: { health: 'ok' } });
    rmSync(page);
    await expect
      .poll(() => pass().then(() => world.acts), { timeout: 30_000, interval: 10 })
      .toContain(`restart ${app}`);
    writeFileSync(page, '<html>');
    await until(app, { status: 'healthy', probe: { health: 'ok' } });
  });
});
