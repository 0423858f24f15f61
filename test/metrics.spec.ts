import { Logger, type INestApplication, type Provider } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  ContainerRuntime,
  HealthMonitorModule,
  HealthMonitorService,
  HealthStore,
  MemoryLeakService,
  RuntimeFactory,
} from '../src/index.js';
import type { HealthMonitorExtras, HealthMonitorOptions, MemoryView, StoreStatus } from '../src/index.js';
import { Host, SystemHost, type FileSystemSpace } from '../src/health-monitor/host/index.js';
import { MemoryStore } from '../src/common/store/index.js';
import { InMemoryRuntime } from '../src/testing/index.js';
import { freePort } from './support/free-port.js';
import { hasPrometheus, Prometheus, promtool } from './support/prometheus.js';
import { Receiver } from './webhooks/receiver.js';

const TOKENS: Record<string, 'viewer' | 'operator'> = { look: 'viewer', act: 'operator' };
const NASTY = 'a "b" \\ 🦊';
const DOCS = path.resolve(import.meta.dirname, '../docs');

/** A store that can be made to say that it cannot write. */
class FickleStore extends MemoryStore {
  durable = true;
  override readonly status: StoreStatus = Object.defineProperty(
    { kind: 'fickle', problem: null } as unknown as StoreStatus,
    'durable',
    { get: () => this.durable },
  );
}

/** A machine with a file system that fills up, and one that is full and cannot be written either. */
class TroubledHost extends SystemHost {
  override space(): Promise<readonly FileSystemSpace[]> {
    const sizeBytes = 100e9;
    const freeFilesShare = null;
    return Promise.resolve([
      {
        mount: '/',
        sizeBytes,
        freeBytes: 20e9,
        freeFilesShare,
        paths: ['/var/lib/containers'],
        readOnlyPaths: [],
      },
      {
        mount: '/mnt/data',
        sizeBytes,
        freeBytes: 1e6,
        freeFilesShare,
        paths: ['/mnt/data'],
        readOnlyPaths: ['/mnt/data'],
      },
    ]);
  }

  override memoryPressure(): Promise<number> {
    return Promise.resolve(0.02);
  }
}

/** How the first of them filled up until now, as an earlier process kept it. */
function keepHowItFilled(into: HealthStore): Promise<unknown> {
  const now = Math.floor(Date.now() / 1_000);
  const used = Array.from(
    { length: 53 },
    (_, index) => [now - (53 - index) * 900, 67e9 + index * 25e7] as const,
  );
  const value = { mount: '/', sizeBytes: 100e9, used };
  return into.commit({ put: [{ collection: 'file-system', key: '/', value }] });
}

/** Has found a leak, for which the real one needs hours. */
class LeakFinder extends MemoryLeakService {
  override view(name: string): MemoryView | null {
    const view = super.view(name);
    if (view === null || name !== 'leaky') return view;
    const { usedBytes: floorBytes } = view;
    const growth = { floorBytes, growthBytesPerHour: 75_000_000, sinceHours: 6 };
    return { ...view, trend: { leaking: true, ...growth, hoursToLimit: 2, reason: 'It grows.' } };
  }
}

let runtime: InMemoryRuntime;
let store: FickleStore;

async function boot(
  extras: HealthMonitorExtras & HealthMonitorOptions = {},
  overrides: readonly Provider[] = [],
): Promise<INestApplication> {
  const module = await Test.createTestingModule({
    imports: [
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({
        access: {
          authenticate: ({ token }) => {
            const role = TOKENS[token ?? ''];
            return role ? { id: role, role } : null;
          },
        },
        check: { startupDelayMs: 0, intervalMs: 500 },
        preset: 'none',
        ...extras,
        overrides: [
          { provide: ContainerRuntime, useValue: runtime },
          { provide: HealthStore, useValue: store },
          { provide: Host, useClass: TroubledHost },
          { provide: MemoryLeakService, useClass: LeakFinder },
          ...overrides,
        ],
      }),
    ],
  }).compile();
  const app = module.createNestApplication({ logger: false });
  Logger.overrideLogger(false);
  await app.listen(0, '127.0.0.1');
  return app;
}

async function ask(app: INestApplication, token?: string): Promise<Response> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${await app.getUrl()}/health-monitor/metrics`, { headers });
}

describe('the route', () => {
  let app: INestApplication;

  async function open(extras: HealthMonitorExtras = {}): Promise<void> {
    runtime = new InMemoryRuntime();
    store = new FickleStore();
    runtime.add({ name: 'web', startedAt: Date.now() - 3_600_000 });
    app = await boot(extras);
    await expect.poll(() => app.get(HealthMonitorService).containers(), { timeout: 5_000 }).toHaveLength(1);
  }

  afterEach(() => app.close());

  it('asks for a token, as the other calls that read', async () => {
    await open();
    expect((await ask(app)).status).toBe(401);
    expect((await ask(app, 'guess')).status).toBe(401);
    const answer = await ask(app, 'look');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toContain('health_monitor_container_healthy{container="web"} 1\n');
  });

  it('is open to anybody where the host says so, and nothing else is', async () => {
    await open({ metrics: { access: 'open' } });
    const answer = await ask(app);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await fetch(`${await app.getUrl()}/health-monitor/status`)).status).toBe(401);
  });

  it('is not there where it is switched off', async () => {
    await open({ metrics: false });
    expect((await ask(app, 'look')).status).toBe(404);
  });
});

/** The expressions of the dashboard, with what Grafana puts in place of its variables. */
function dashboardExpressions(): string[] {
  const { panels } = JSON.parse(readFileSync(path.join(DOCS, 'grafana-dashboard.json'), 'utf8')) as {
    panels: { targets: { expr: string }[] }[];
  };
  return panels
    .flatMap(({ targets }) => targets.map(({ expr }) => expr))
    .map((expr) => expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m'));
}

/** The expressions of the alerts, by name. */
function alertExpressions(): Record<string, string> {
  const text = readFileSync(path.join(DOCS, 'alert-rules.yml'), 'utf8');
  const rules = text.matchAll(/- alert: (\w+)\n\s+expr: (?:>-\n)?([\s\S]*?)\n\s+(?:for|labels):/g);
  return Object.fromEntries(
    Array.from(rules, ([, name, expr]) => [name!, expr!.replaceAll(/\s+/g, ' ').trim()]),
  );
}

describe.skipIf(!hasPrometheus)('a real Prometheus', () => {
  let app: INestApplication;
  let receiver: Receiver;
  let prometheus: Prometheus;
  let alerts: Record<string, string>;

  beforeAll(async () => {
    runtime = new InMemoryRuntime({ storageRoot: '/var/lib/containers' });
    store = new FickleStore();
    await keepHowItFilled(store);
    receiver = await Receiver.start();
    const startedAt = Date.now() - 3_600_000;
    const memory = { usedBytes: 50_000_000, limitBytes: 200_000_000 };
    const volumes = [{ path: '/mnt/data', isWritable: true }];
    for (const name of ['web', 'lost', 'leaky', NASTY]) runtime.add({ name, startedAt, memory, volumes });
    app = await boot({
      externals: {
        nas: { tcp: '127.0.0.1:1', name: NASTY, failureThreshold: 1 },
        itself: { tcp: new URL(receiver.url).host },
      },
      restart: { maxAttempts: 1, backoffMs: [0], stableAfterMs: 600_000 },
      webhooks: {
        endpoints: [
          { id: 'good', url: receiver.url },
          { id: 'gone', url: `http://127.0.0.1:${await freePort()}/` },
        ],
        allowCidrs: ['127.0.0.0/8'],
      },
    });
    prometheus = await Prometheus.start({
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      rule_files: [path.join(DOCS, 'alert-rules.yml')],
      scrape_configs: [
        {
          job_name: 'health-monitor',
          metrics_path: '/health-monitor/metrics',
          authorization: { credentials: 'look' },
          // The second one is not there: so `up` is 0 once.
          static_configs: [{ targets: [new URL(await app.getUrl()).host, `127.0.0.1:${await freePort()}`] }],
        },
      ],
    });
    alerts = alertExpressions();
    const state = app.get(HealthMonitorService);
    await vi.waitFor(() => expect(state.containers()).toHaveLength(4), 30_000);
    runtime.refuseStart('lost', 'no such image');
    runtime.crash('lost');
  });

  afterAll(async () => {
    await prometheus?.stop();
    await app?.close();
    await receiver?.stop();
  });

  const seriesOf = async (expression: string) => (await prometheus.query(expression)).length;
  const soon = { timeout: 30_000, interval: 200 };

  it('gets text that promtool has nothing to say about', async () => {
    const text = await (await ask(app, 'look')).text();
    expect(promtool(['check', 'metrics'], text)).toBe('');
    expect(promtool(['check', 'rules', path.join(DOCS, 'alert-rules.yml')])).toContain('12 rules found');
  });

  it('reads names as they are, whatever is in them', async () => {
    await expect
      .poll(
        async () =>
          (await prometheus.query('health_monitor_container_info')).map(({ metric }) => metric.container),
        soon,
      )
      .toContain(NASTY);
  });

  it('is told whether externals work, and what they are', async () => {
    await expect.poll(() => seriesOf('health_monitor_external_up{external="nas"} == 0'), soon).toBe(1);
    await expect.poll(() => seriesOf('health_monitor_external_up{external="itself"} == 1'), soon).toBe(1);
    const [info] = await prometheus.query('health_monitor_external_info{external="nas"}');
    expect(info?.metric).toMatchObject({ name: NASTY, asked: 'tcp 127.0.0.1:1' });
    expect(await seriesOf('health_monitor_incidents_open{kind="external",standing="wrong"} == 1')).toBe(1);
  });

  it('has an answer for every expression of the dashboard', async () => {
    // Crashed once it was scraped, so that rates have a 0 to begin with.
    await expect
      .poll(() => seriesOf('count_over_time(health_monitor_acts_total[1m]) > 1'), soon)
      .toBeGreaterThan(0);
    runtime.crash('web');
    const expressions = dashboardExpressions();
    expect(expressions.length).toBeGreaterThan(8);
    for (const expression of expressions) {
      await expect.poll(() => seriesOf(expression), { ...soon, message: expression }).toBeGreaterThan(0);
    }
    await expect
      .poll(
        () => seriesOf('health_monitor_webhook_deliveries_total{endpoint="good",result="delivered"} > 0'),
        soon,
      )
      .toBe(1);
    await expect.poll(() => seriesOf('health_monitor_container_recovery_seconds_count > 0'), soon).toBe(1);
    await expect
      .poll(() => seriesOf('health_monitor_acts_total{kind="start",outcome="done",by="monitor"} > 0'), soon)
      .toBe(1);
  });

  it('finds true of what is wrong each alert, with the container that it is about', async () => {
    const containersOf = async (alert: string) =>
      (await prometheus.query(alerts[alert]!)).map(({ metric }) => metric.container);
    await expect.poll(() => containersOf('ContainerGivenUp'), soon).toEqual(['lost']);
    await expect.poll(() => containersOf('ContainerDown'), soon).toEqual(['lost']);
    await expect.poll(() => containersOf('ContainerLeakNearLimit'), soon).toEqual(['leaky']);
    const externals = async () =>
      (await prometheus.query(alerts['ExternalDown']!)).map(({ metric }) => metric['external']);
    await expect.poll(externals, soon).toEqual(['nas']);
    await expect.poll(() => seriesOf(alerts['WebhookOutboxGrows']!), soon).toBe(1);
    await expect.poll(() => seriesOf(alerts['HealthMonitorAway']!), soon).toBe(1);
    const mountsOf = async (alert: string) =>
      (await prometheus.query(alerts[alert]!)).map(({ metric }) => metric['mount']);
    await expect.poll(() => mountsOf('FileSystemFillsUp'), soon).toEqual(['/']);
    await expect.poll(() => mountsOf('FileSystemHasNoSpace'), soon).toEqual(['/mnt/data']);
    await expect.poll(() => mountsOf('FileSystemReadOnly'), soon).toEqual(['/mnt/data']);
    expect(await seriesOf('health_monitor_memory_pressure_ratio == 0.02')).toBe(1);
    // Of what would take minutes, the left side is asked.
    const [left] = alerts['HealthMonitorNotChecking']!.split(' > ');
    expect(await seriesOf(left!)).toBe(1);
    expect(await seriesOf('health_monitor_check_interval_seconds * health_monitor_engine_up == 0.5')).toBe(1);
    expect(await seriesOf(alerts['HealthMonitorStoreCannotWrite']!)).toBe(0);
    expect(await seriesOf(alerts['ContainerEngineAway']!)).toBe(0);
    store.durable = false;
    runtime.goAway();
    await expect.poll(() => seriesOf(alerts['HealthMonitorStoreCannotWrite']!), soon).toBe(1);
    await expect.poll(() => seriesOf(alerts['ContainerEngineAway']!), soon).toBe(1);
  });
});

describe.skipIf(!hasPrometheus)('a real Prometheus that is told of several hosts', () => {
  let app: INestApplication;
  let prometheus: Prometheus;
  let attic: InMemoryRuntime;

  beforeAll(async () => {
    runtime = new InMemoryRuntime();
    attic = new InMemoryRuntime();
    store = new FickleStore();
    for (const engine of [runtime, attic]) {
      engine.add({ name: 'web', startedAt: Date.now() - 3_600_000 });
      engine.refuseStart('web', 'no such image');
    }
    app = await boot(
      { restart: { maxAttempts: 1, backoffMs: [0] }, hosts: { attic: { runtime: { ssh: 'attic' } } } },
      [{ provide: RuntimeFactory, useValue: { create: () => attic } }],
    );
    prometheus = await Prometheus.start({
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [
        {
          job_name: 'health-monitor',
          metrics_path: '/health-monitor/metrics',
          authorization: { credentials: 'look' },
          static_configs: [{ targets: [new URL(await app.getUrl()).host] }],
        },
      ],
    });
    await vi.waitFor(() => expect(app.get(HealthMonitorService).containers()).toHaveLength(2), 30_000);
    for (const engine of [runtime, attic]) engine.crash('web');
  });

  afterAll(async () => {
    await prometheus?.stop();
    await app?.close();
  });

  const hostsOf = async (expression: string) =>
    (await prometheus.query(expression)).map(({ metric }) => metric['host'] ?? 'this one').sort();

  it('tells containers of one name apart, and their engines and checks', async () => {
    const { ContainerGivenUp, HealthMonitorNotChecking } = alertExpressions();
    await expect.poll(() => hostsOf(ContainerGivenUp!)).toEqual(['attic', 'this one']);
    expect(await hostsOf('health_monitor_engine_up == 1')).toEqual(['attic', 'this one']);
    const longer = HealthMonitorNotChecking!.replace('+ 60', '- 60');
    expect(longer).not.toBe(HealthMonitorNotChecking);
    expect(await hostsOf(longer)).toEqual(['attic', 'this one']);
  });

  it('can be asked all that the dashboard asks, and shows there what is not well on each', async () => {
    const expressions = dashboardExpressions();
    for (const expression of expressions) await prometheus.query(expression);
    const notWell = expressions.find((one) => one.includes('group_left (status)'))!;
    await expect.poll(() => hostsOf(notWell)).toEqual(['attic', 'this one']);
  });

  it('knows whose engine does not answer', async () => {
    attic.goAway();
    await expect.poll(() => hostsOf(alertExpressions()['ContainerEngineAway']!)).toEqual(['attic']);
  });
});

describe.skipIf(!hasPrometheus)('the sentence of an alert', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'alerts-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** As promtool has it from `series` that last for half an hour. @throws what it should have been */
  function expectSentence(alert: string, series: string, expected: Record<string, unknown>): void {
    const [name = ''] = series.split('{');
    const file = path.join(folder, `${name}.yml`);
    const test = {
      rule_files: [path.join(DOCS, 'alert-rules.yml')],
      tests: [
        {
          interval: '1m',
          input_series: [{ series, values: '1x30' }],
          alert_rule_test: [{ eval_time: '30m', alertname: alert, exp_alerts: [expected] }],
        },
      ],
    };
    writeFileSync(file, JSON.stringify(test));
    promtool(['test', 'rules', file]);
  }

  it.each([
    ['', 'Container lnd was given up: it does not come back by itself. GET containers/lnd says why.'],
    [
      'attic',
      'Container attic/lnd was given up: it does not come back by itself. GET hosts/attic/containers/lnd says why.',
    ],
  ])('names the container, and its host where that is another one: %j', (host, summary) => {
    const labels = { ...(host !== '' && { host }), container: 'lnd', status: 'given-up' };
    const series = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    expectSentence('ContainerGivenUp', `health_monitor_container_status{${series.join()}}`, {
      exp_labels: { ...labels, severity: 'critical' },
      exp_annotations: { summary },
    });
  });

  it('names the host whose file system fills up', () => {
    const labels = { host: 'attic', mount: '/srv' };
    expectSentence(
      'FileSystemFillsUp',
      'health_monitor_file_system_time_to_full_seconds{host="attic",mount="/srv"}',
      {
        exp_labels: { ...labels, severity: 'warning' },
        exp_annotations: { summary: '/srv of attic is full in about 1s.' },
      },
    );
  });
});
