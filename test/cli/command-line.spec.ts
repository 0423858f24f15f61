import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Logger, type INestApplication } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ContainerRuntime, HealthMonitorModule, HealthMonitorService } from '../../src/index.js';
import { InMemoryRuntime } from '../../src/testing/index.js';
import { exited, putNotification, StoreFolder } from '../store/store-fixtures.js';
import { freePort } from '../support/free-port.js';

const PROGRAM = path.resolve(import.meta.dirname, '../../dist/cli/health-monitor.js');
const PEOPLE: Record<string, { id: string; role: 'viewer' | 'operator' }> = {
  look: { id: 'vera', role: 'viewer' },
  act: { id: 'otto', role: 'operator' },
};
/** Seen in whatever a command prints, it would be a leak. */
const WRONG_TOKEN = 'hunter2-hunter2';

let app: INestApplication;
let runtime: InMemoryRuntime;
let monitor: HealthMonitorService;
let url: string;

beforeAll(async () => {
  expect(existsSync(PROGRAM), 'npm run build comes first').toBe(true);
  runtime = new InMemoryRuntime();
  for (const name of ['db', 'web', 'archy-lnd']) {
    runtime.add({ name, state: 'running', startedAt: Date.now() - 3_600_000 });
  }
  const module = await Test.createTestingModule({
    imports: [
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({
        access: { authenticate: ({ token }) => PEOPLE[token ?? ''] ?? null },
        storage: { kind: 'memory' },
        check: { startupDelayMs: 0, intervalMs: 1_000 },
        restart: { backoffMs: [600_000] },
        externals: { router: { tcp: '127.0.0.1:1', name: 'The router', everyMs: 86_400_000 } },
        containers: {
          web: { dependsOn: ['db'] },
          'archy-lnd': { dependsOn: ['router'], probe: { tcp: ':9735' } },
        },
        overrides: [{ provide: ContainerRuntime, useValue: runtime }],
      }),
    ],
  }).compile();
  app = module.createNestApplication({ logger: false });
  Logger.overrideLogger(false);
  await app.listen(0, '127.0.0.1');
  url = `${await app.getUrl()}/health-monitor`;
  monitor = app.get(HealthMonitorService, { strict: false });
  await vi.waitUntil(() => monitor.status().containers.healthy === 3, { timeout: 10_000 });
});

afterAll(() => app.close());

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function begin(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { TZ: 'UTC', HEALTH_MONITOR_URL: url, HEALTH_MONITOR_TOKEN: 'act', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (printed.out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (printed.err += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, ...printed }));
  });
  return { child, printed, ended };
}

const health = (args: readonly string[], env?: Record<string, string>): Promise<Ended> =>
  begin(args, env).ended;

const viewOf = (name: string) => monitor.containers().find((one) => one.name === name)!;
const isToldOf = (name: string) => monitor.incidents().some(({ cause }) => cause.container === name);

describe('status', () => {
  it('ends with 0 when all is well, and shows a viewer the counts', async () => {
    const { code, out, err } = await health(['status'], { HEALTH_MONITOR_TOKEN: 'look' });
    expect(err).toBe('');
    expect(out).toMatch(
      /^containers {2}3, 3 healthy\nexternals {3}1, 1 unknown\nincidents {3}none open\nengine {6}\S.*, reachable since/,
    );
    expect(out).not.toContain('NAME');
    expect(code).toBe(0);
  });

  it('prints what REST answers as JSON', async () => {
    const { code, out } = await health(['status', '--json']);
    expect(JSON.parse(out)).toMatchObject({ mode: 'heal', containers: { total: 3, healthy: 3 } });
    expect(code).toBe(0);
  });
});

describe('an external', () => {
  it('is shown by status while it does not work, and explained by id and by name', async () => {
    await vi.waitUntil(() => monitor.externals()[0]?.since !== null, { timeout: 30_000 });
    const [status, byId, byName, json] = await Promise.all([
      health(['status']),
      health(['why', 'router']),
      health(['why', 'The router'], { HEALTH_MONITOR_TOKEN: 'look' }),
      health(['why', 'router', '--json']),
    ]);
    expect(status.out).toMatch(
      /^EXTERNAL {4}STATUS.*\nThe router {2}unknown {2}\d\d:\d\d:\d\d {2}Connection refused/m,
    );
    expect(byId.out).toMatch(
      /^The router is unknown since \d\d:\d\d:\d\d\.\nConnection refused at 127\.0\.0\.1:1\.\n/,
    );
    expect(byId.out).toMatch(/^asked {6}tcp 127\.0\.0\.1:1\nneeded by {2}archy-lnd$/m);
    expect(byName).toEqual(byId);
    expect(JSON.parse(json.out)).toMatchObject({ id: 'router', status: 'unknown' });
    expect(await health(['why', 'router', '--at', '03:12'])).toMatchObject({ code: 2, out: '' });
  });
});

describe('a hold', () => {
  it('is set for so long, shown by status without an alarm, and released', async () => {
    const held = await health(['hold', 'web', '--for', '2h', '--reason', 'backup\u001b[2J']);
    expect(held).toMatchObject({ code: 0, err: '' });
    expect(held.out).toMatch(/^web is held: On hold until .*: backup\n$/);
    const { hold } = viewOf('web');
    expect(Date.parse(hold!.until!) - Date.parse(hold!.since)).toBe(7_200_000);

    const [status, why] = await Promise.all([health(['status']), health(['why', 'web'])]);
    expect(status.out).toMatch(/^web {2,}held {2,}\d\d:\d\d:\d\d {2}On hold until/m);
    expect(status.code).toBe(0);
    expect(why.out).toMatch(/^hold {2,}backup, by otto since \d\d:\d\d:\d\d, until /m);

    expect(await health(['release', 'web'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^web is \w/),
    });
    expect(viewOf('web').status).not.toBe('held');
  });

  it('is refused by the app in its words when it says nothing', async () => {
    const { code, out, err } = await health(['hold', 'web', '--reason', '  ']);
    expect(err).toContain('reason must say something');
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

describe('acting', () => {
  it('stops a container, leaves it off, and starts it again', async () => {
    const stopped = await health(['stop', 'lnd']);
    expect(stopped).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^archy-lnd is stopped: Stopped by otto/),
    });
    expect(runtime.peek('archy-lnd').state).toBe('exited');
    const started = await health(['start', 'archy-lnd', '--json']);
    expect(JSON.parse(started.out)).toMatchObject({ name: 'archy-lnd', state: 'running', wish: 'running' });
    expect(started.code).toBe(0);
  });

  it('ends with 4 and the words of the engine when that refuses', async () => {
    await monitor.stop('archy-lnd', 'otto');
    runtime.refuseStart('archy-lnd', 'no such volume');
    const { code, err } = await health(['start', 'archy-lnd']);
    expect(err).toMatch(/^Not done: .*no such volume/);
    expect(code).toBe(4);
    runtime.refuseStart('archy-lnd', null);
    await monitor.start('archy-lnd', 'otto');
  });

  it('ends with 4 when somebody else is at it', async () => {
    const release = runtime.hang('stop', 'archy-lnd');
    const stopping = monitor.stop('archy-lnd', 'otto');
    await expect.poll(() => viewOf('archy-lnd').wish, { timeout: 5_000 }).toBe('stopped');
    expect(await health(['start', 'archy-lnd'])).toMatchObject({
      code: 4,
      err: expect.stringContaining('right now'),
    });
    release();
    await stopping;
    await monitor.start('archy-lnd', 'otto');
  });
});

describe('a container that is down', () => {
  beforeAll(async () => {
    runtime.refuseStart('db', 'a volume\u001b[31m is gone');
    runtime.crash('db', 139);
    await vi.waitUntil(() => isToldOf('db') && viewOf('db').attempts === 1, { timeout: 10_000 });
  });

  afterAll(async () => {
    runtime.refuseStart('db', null);
    await monitor.retry('db', 'otto');
  });

  it('makes status end with 1, and is shown with its reason', async () => {
    const { code, out } = await health(['status']);
    expect(out).toMatch(/^containers {2}3, 1 backing-off, 2 healthy$/m);
    expect(out).toMatch(
      /^db {2,}backing-off {2,}\d\d:\d\d:\d\d {2}Attempt 1 was refused; attempt 2 follows at /m,
    );
    expect(out).toMatch(/^down {2,}db {2,}wrong {2,}\d\d:\d\d:\d\d {2}/m);
    // eslint-disable-next-line no-control-regex -- none may be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(code).toBe(1);
  });

  it('is explained by why: exit, attempts, next attempt, incident, events', async () => {
    const { code, out } = await health(['why', 'db']);
    expect(out).toMatch(
      /^db is backing-off since \d\d:\d\d:\d\d\.\nAttempt 1 was refused; attempt 2 follows at /,
    );
    expect(out).toMatch(/^exit {2,}code 139, SIGSEGV, at \d\d:\d\d:\d\d$/m);
    expect(out).toMatch(/^attempts {2,}1 of \d$/m);
    expect(out).toMatch(/^next attempt {2,}\d\d:\d\d:\d\d$/m);
    expect(out).toMatch(/^last attempt {2,}\d\d:\d\d:\d\d: .*a volume is gone/m);
    expect(out).toMatch(/^incident {2,}down since /m);
    expect(out).toMatch(/^\d\d:\d\d:\d\d {2}container\.exited {2,}Stopped with code 139/m);
    expect(out).toMatch(/^\d\d:\d\d:\d\d {2}container\.restart_failed .*volume is gone/m);
    expect(code).toBe(0);
  });

  it('is explained as of a moment: what held then, and what came before', async () => {
    const at = (time: string) => health(['why', 'db', '--at', time]);
    const now = new Date().toISOString().slice(0, 19);
    const [later, earlier] = await Promise.all([at(now), at('2020-01-01 03:12')]);
    expect(later.out).toMatch(/^db at \d\d:\d\d:\d\d, as decided at \d\d:\d\d:\d\d: Attempt 1 was refused; /);
    expect(earlier.out).toMatch(/^Nothing is kept of db before /);
    expect(earlier.out).not.toContain('container.');
    expect(earlier.code).toBe(0);
  });

  it('has what its probe came to, also where nobody can ask', async () => {
    const { out } = await health(['why', 'lnd']);
    expect(out).toMatch(/^probe {2,}not answered yet: Its port 9735 cannot be reached/m);
    expect((await health(['why', 'web'])).out).not.toMatch(/^probe/m);
  });

  it('is all in the JSON of why', async () => {
    const { out } = await health(['why', 'db', '--json']);
    expect(JSON.parse(out)).toMatchObject({ name: 'db', attempts: 1, history: expect.any(Array) });
  });
});

describe('watch', () => {
  it('prints a line a change where it prints to no terminal, and ends with 0 on Ctrl-C', async () => {
    const { child, printed, ended } = begin(['watch']);
    await expect.poll(() => printed.out, { timeout: 10_000 }).toMatch(/ {2}engine {2}reachable/);
    await monitor.hold('web', 'update', 'otto');
    await expect.poll(() => printed.out, { timeout: 10_000 }).toMatch(/ {2}web {2}held {2}On hold.*update/);
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    await monitor.release('web', 'otto');
  });
});

describe('what cannot be done', () => {
  it('ends with 2 and one sentence where it cannot be understood', async () => {
    const { code, out, err } = await health(['status', '--token', 'act']);
    expect(err).toBe("Unknown option '--token'. See health-monitor --help.\n");
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('tells which containers there are, of one that is not; of why, which externals, too', async () => {
    const { code, err } = await health(['stop', '../nobody']);
    const known = 'Containers: archy-lnd, db, web.';
    expect(err).toBe(`There is no container ../nobody. ${known}\n`);
    expect(code).toBe(2);
    const { code: codeOfWhy, err: why } = await health(['why', '../nobody']);
    expect(why).toBe(
      `There is no container or external ../nobody. ${known} Externals: router (The router).\n`,
    );
    expect(codeOfWhy).toBe(2);
  });

  it('tells that nothing can be done to an external', async () => {
    const { code, err } = await health(['hold', 'Router', '--reason', 'backup']);
    expect(err).toBe('Router is an external: only `why` knows those.\n');
    expect(code).toBe(2);
  });

  it('is no matter of upper and lower case, of why', async () => {
    const found = await Promise.all(['WEB', 'LND', 'ROUTER'].map((name) => health(['why', name])));
    expect(found.map(({ out }) => out.split(' is ')[0])).toEqual(['web', 'archy-lnd', 'The router']);
  });

  it('tells whose token is not known, without the token', async () => {
    const { code, out, err } = await health(['status'], { HEALTH_MONITOR_TOKEN: WRONG_TOKEN });
    expect(err).toBe(
      `${url} does not know this token: set HEALTH_MONITOR_TOKEN to one that the app knows.\n`,
    );
    expect(out + err).not.toContain(WRONG_TOKEN);
    expect(code).toBe(3);
  });

  it('tells that a viewer may not act', async () => {
    const { code, err } = await health(['stop', 'web'], { HEALTH_MONITOR_TOKEN: 'look' });
    expect(err).toContain("HEALTH_MONITOR_TOKEN needs to be an operator's token");
    expect(code).toBe(3);
    expect(runtime.peek('web').state).toBe('running');
  });

  it('tells that nobody listens, and where', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const { code, err } = await health(['stop', 'web'], { HEALTH_MONITOR_URL: nowhere });
    expect(err).toBe(
      `Nobody listens at ${nowhere}: start the app, or set HEALTH_MONITOR_URL to where it is.\n`,
    );
    expect(code).toBe(3);
  });

  it('tells that the address is none of a monitor', async () => {
    const { code, err } = await health(['stop', 'web'], { HEALTH_MONITOR_URL: `${url}/of/nobody` });
    expect(err).toContain(`No health monitor answers at ${url}/of/nobody`);
    expect(code).toBe(3);
  });

  it('explains everything when it is asked for help', async () => {
    const { code, out } = await health(['status', '--help']);
    expect(out).toMatch(/^Usage: health-monitor COMMAND/);
    expect(out).toContain('hold NAME --reason TEXT [--for 2h]');
    expect(code).toBe(0);
  });
});

describe('store copy', () => {
  const folder = new StoreFolder();
  afterAll(() => folder.dispose());

  it('copies what a stopped app kept, and says how much', async () => {
    const store = await folder.opened();
    await store.commit({ put: [putNotification('one')], events: [exited('db'), exited('web')] });
    await store.close();
    const { code, out, err } = await health(['store', 'copy', folder.file, `${folder.file}.copy`]);
    expect(err).toBe('');
    expect(out).toBe(`Copied to ${folder.file}.copy. Documents: 1, events: 2, memory samples: 0.\n`);
    expect(code).toBe(0);
    const again = await health(['store', 'copy', folder.file, `${folder.file}.copy`]);
    expect(again.err).toContain('has data already (documents: 1, log up to 2).');
    expect(again.code).toBe(4);
  });

  it.each([
    [['move', 'a', 'b'], 2, 'It is: health-monitor store copy FROM TO'],
    [['copy', '/nowhere/health.db', '/nowhere/copy.db'], 4, 'There is no database /nowhere/health.db.'],
    [['copy', 'mysql://db/x', 'copy.db'], 2, 'Expected the path of a SQLite file, or a URL'],
    [['copy', 'postgres://me:hunter2-hunter2@127.0.0.1:1/x', 'copy.db'], 3, 'does not answer'],
  ])('says what is wrong with %j', async (args, exitCode, sentence) => {
    const { code, err } = await health(['store', ...args]);
    expect(err).toContain(sentence);
    expect(err).not.toContain('hunter2');
    expect(code).toBe(exitCode);
  });
});
