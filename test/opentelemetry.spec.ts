import { context, metrics, trace, type TracerProvider } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { Logger } from '@nestjs/common';
import diagnostics from 'node:diagnostics_channel';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WatchedHosts } from '../src/health-monitor/hosts/index.js';
import { exposition } from '../src/metrics/exposition.js';
import { MetricsService } from '../src/metrics/index.js';
import { WebhookService } from '../src/webhooks/index.js';
import { MINUTE } from './support/situation.js';
import { MIB, World, type WorldOptions } from './support/world.js';
import { Receiver } from './webhooks/receiver.js';

/** Is asked by hand. */
class Reader extends MetricReader {
  protected override onForceFlush = () => Promise.resolve();
  protected override onShutdown = () => Promise.resolve();
}

const spans = new InMemorySpanExporter();
const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const host = tracers.getTracer('host');
let reader: Reader;
let world: World;
let receiver: Receiver;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracers);
  receiver = await Receiver.start();
});

afterAll(async () => {
  await receiver.stop();
  trace.disable();
  context.disable();
});

beforeEach(() => {
  reader = new Reader();
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  receiver.answers(200);
});

afterEach(async () => {
  await world.stop();
  metrics.disable();
  spans.reset();
});

async function boot(options: WorldOptions = {}): Promise<void> {
  world = await new World({
    webhooks: { endpoints: [{ id: 'mine', url: receiver.url }], allowCidrs: ['127.0.0.0/8'] },
    ...options,
  })
    .running('web')
    .start();
}

const spansOf = (name: string): ReadableSpan[] =>
  spans.getFinishedSpans().filter((span) => span.name === name);

/** The first span of that name; time goes on until it has ended. */
async function spanOf(name: string): Promise<ReadableSpan> {
  await vi.waitFor(
    async () => {
      await world.advance(250);
      expect(spansOf(name)).not.toEqual([]);
    },
    { timeout: 30_000 },
  );
  return spansOf(name)[0]!;
}

/** What the host does, as a request of it that is traced. */
const withinRequest = <T>(run: () => Promise<T>): Promise<T> =>
  host.startActiveSpan('request', (span) => run().finally(() => span.end()));

describe('spans', () => {
  it('tell of a heal: what was done to whom, why, as which attempt, and how it ended', async () => {
    await boot();
    world.runtime.crash('web');
    const span = await spanOf('container start');
    expect(span.attributes).toEqual({
      'container.name': 'web',
      'container.id': world.runtime.peek('web').id,
      'health_monitor.act.by': 'monitor',
      'health_monitor.act.attempt': 1,
      'health_monitor.act.code': expect.stringMatching(/^[a-z-]+$/),
      'health_monitor.act.reason': expect.stringMatching(/^[A-Z].*\.$/),
      'health_monitor.act.outcome': 'done',
    });
    expect(span).toMatchObject({
      status: { code: 0 },
      instrumentationScope: { name: '@archipelago/health-monitor' },
    });
  });

  it('tell that the engine refused, in its words', async () => {
    await boot();
    world.runtime.refuseStart('web', 'no such image');
    world.runtime.crash('web');
    const { attributes, status } = await spanOf('container start');
    expect(attributes).toMatchObject({ 'health_monitor.act.outcome': 'refused', 'error.type': 'refused' });
    expect(status).toEqual({ code: 2, message: expect.stringContaining('no such image') });
  });

  it('of a heal begin a trace, also where a request has made the monitor look', async () => {
    await boot({ check: { events: false } });
    world.runtime.crash('web');
    await withinRequest(() => world.get(WatchedHosts).local.monitor.check(['web']));
    expect((await spanOf('container start')).parentSpanContext).toBeUndefined();
  });

  it("of what a person does belong to that person's request, and do not tell who it is", async () => {
    await boot();
    await withinRequest(() => world.monitor.stop('web', 'otto'));
    const { attributes, parentSpanContext } = await spanOf('container stop');
    const [request] = spansOf('request');
    expect(parentSpanContext?.spanId).toBe(request!.spanContext().spanId);
    expect(attributes).toEqual({
      'container.name': 'web',
      'container.id': expect.any(String),
      'health_monitor.act.by': 'person',
      'health_monitor.act.outcome': 'done',
    });
  });

  it('of what is asked of the engine belong to the act', async () => {
    await boot();
    const start = world.runtime.start.bind(world.runtime);
    vi.spyOn(world.runtime, 'start').mockImplementation((...call) => {
      host.startSpan('POST').end();
      return start(...call);
    });
    world.runtime.crash('web');
    const act = await spanOf('container start');
    expect(spansOf('POST')[0]!.parentSpanContext?.spanId).toBe(act.spanContext().spanId);
  });

  it('tell of a delivery: to which endpoint, of what, as which attempt, and what it answered', async () => {
    await boot();
    world.runtime.refuseStart('web', 'no such image');
    world.runtime.crash('web');
    const { attributes, status, parentSpanContext } = await spanOf('webhook delivery');
    expect(attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(receiver.url).port),
      'health_monitor.webhook.endpoint': 'mine',
      'health_monitor.webhook.event': receiver.events[0],
      'health_monitor.webhook.message_id': receiver.received[0]!.headers['webhook-id'],
      'health_monitor.webhook.attempt': 1,
      'health_monitor.incident.id': expect.any(String),
    });
    expect(status).toEqual({ code: 0 });
    expect(parentSpanContext).toBeUndefined();
  });

  it('tell that a delivery failed, and how often it was tried', async () => {
    await boot();
    receiver.answers(503, {}, 'out for lunch');
    world.runtime.refuseStart('web', 'no such image');
    world.runtime.crash('web');
    const { attributes, status } = await spanOf('webhook delivery');
    expect(attributes).toMatchObject({ 'http.response.status_code': 503, 'error.type': '503' });
    expect(status).toEqual({ code: 2, message: 'It answered 503: out for lunch' });
    await receiver.stop();
    await vi.waitFor(
      async () => {
        await world.advance(10_000);
        expect(spansOf('webhook delivery').at(-1)!.attributes).toMatchObject({ 'error.type': 'no-answer' });
      },
      { timeout: 30_000 },
    );
    expect(spansOf('webhook delivery').at(-1)!.attributes['health_monitor.webhook.attempt']).toBeGreaterThan(
      1,
    );
    await receiver.listen();
  });

  it('of a test of a webhook belong to the request; the URL is in none, also not by an HTTP client that is instrumented', async () => {
    const url = `${receiver.url}/s3cret-of-mine`;
    await boot({ webhooks: { endpoints: [{ id: 'mine', url }], allowCidrs: ['127.0.0.0/8'] } });
    const instrument = () => void host.startSpan(`POST ${url}`).end();
    diagnostics.subscribe('undici:request:create', instrument);
    await withinRequest(() => world.get(WebhookService).test('mine'));
    diagnostics.unsubscribe('undici:request:create', instrument);
    const { parentSpanContext } = await spanOf('webhook delivery');
    expect(parentSpanContext?.spanId).toBe(spansOf('request')[0]!.spanContext().spanId);
    expect(receiver.received.at(-1)!.path).toContain('s3cret-of-mine');
    expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(['webhook delivery', 'request']);
    expect(JSON.stringify(spans.getFinishedSpans().map(({ attributes }) => attributes))).not.toContain(
      's3cret',
    );
  });

  it('that cannot be made stop nothing from being done', async () => {
    trace.disable();
    const broken = {
      getTracer: () => ({
        startSpan: () => {
          throw new Error('broken');
        },
      }),
    };
    trace.setGlobalTracerProvider(broken as unknown as TracerProvider);
    const warn = vi.spyOn(Logger.prototype, 'warn');
    await boot();
    world.runtime.crash('web');
    await world.advance(30_000);
    expect(world.view('web').state).toBe('running');
    expect(warn.mock.calls.filter(([text]) => /OpenTelemetry failed/.test(String(text)))).toHaveLength(1);
    warn.mockRestore();
    trace.disable();
    trace.setGlobalTracerProvider(tracers);
  });
});

describe('metrics', () => {
  async function read() {
    const { resourceMetrics } = await reader.collect();
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  }

  const valuesOf = async (name: string) =>
    (await read()).find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];

  /** `name{attributes} value`, as Prometheus has it; of a histogram how many, and their sum. */
  async function lines(): Promise<string[]> {
    return (await read()).flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => {
        const figures = typeof value === 'number' ? value : `${value.count} in ${value.sum}`;
        return `${descriptor.name} ${JSON.stringify(attributes)} ${figures}`;
      }),
    );
  }

  it('have the names, labels and values that Prometheus is given', async () => {
    await boot();
    world.runtime.setMemory('web', 50_000_000);
    world.runtime.refuseStart('web', 'no such image');
    world.runtime.crash('web');
    await spanOf('webhook delivery');
    await world.advance(1_000);
    await reader.collect();
    const service = world.get(MetricsService);
    const told = await lines();
    for (const { name, type, samples } of service.families()) {
      if (type === 'histogram') continue;
      const expected = samples.map(({ labels, value }) => `${name} ${JSON.stringify(labels)} ${value}`);
      expect(told.filter((line) => line.startsWith(`${name} `))).toEqual(expected);
    }
    expect(told).toContain('health_monitor_container_healthy {"container":"web"} 0');
    const names = new Set((await read()).map(({ descriptor }) => descriptor.name));
    const written = exposition(service.families()).matchAll(/^# TYPE (\S+)/gm);
    const silent = ['health_monitor_container_recovery_seconds'];
    expect([...written].map(([, name]) => name!).filter((name) => !names.has(name))).toEqual(silent);
    expect(names).toContain('health_monitor_event_loop_delay_max_seconds');
  });

  it('have units, and the buckets of Prometheus', async () => {
    await boot();
    world.runtime.crash('web');
    await world.advance(30_000);
    const all = await read();
    const unitOf = (name: string) => all.find(({ descriptor }) => descriptor.name === name)?.descriptor.unit;
    expect(unitOf('health_monitor_start_time_seconds')).toBe('s');
    expect(unitOf('health_monitor_acts_total')).toBe('1');
    const [recovery] = await valuesOf('health_monitor_container_recovery_seconds');
    expect(recovery!.value).toMatchObject({
      count: 1,
      buckets: { boundaries: [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3_600] },
    });
  });

  it('end with a value that alarms nobody where there is no more to say, since SDKs go on with the last one', async () => {
    await boot();
    world.runtime.refuseStart('web', 'no such image');
    world.runtime.crash('web');
    await world.advance(30_000);
    expect(await lines()).toContain('health_monitor_container_healthy {"container":"web"} 0');
    const { status } = world.view('web');
    world.runtime.remove('web');
    await world.check();
    expect(world.monitor.containers()).toEqual([]);
    const told = await lines();
    expect(told).toContain('health_monitor_container_healthy {"container":"web"} 1');
    expect(told).toContain(`health_monitor_container_status {"container":"web","status":"${status}"} 0`);
    expect(told).toContain('health_monitor_container_memory_used_bytes {"container":"web"} 0');
    expect(await lines()).toEqual(expect.arrayContaining(told.filter((line) => line.includes('container_'))));
  });

  it('end with no size for a full disk that is taken away, so that no alert of little space goes on', async () => {
    await boot({ engine: { storageRoot: '/var/lib/containers' } });
    world.host.disk('/', 12 * MIB, '/var/lib/containers');
    await world.advance(2 * MINUTE);
    const name = 'health_monitor_file_system';
    expect(await lines()).toContain(`${name}_free_bytes {"mount":"/"} ${12 * MIB}`);
    world.host.disks = [];
    await world.advance(2 * MINUTE);
    const told = await lines();
    expect(told).toContain(`${name}_size_bytes {"mount":"/"} 0`);
    expect(told).toContain(`${name}_free_bytes {"mount":"/"} 0`);
  });

  it('are read no more once the app has ended', async () => {
    await boot();
    const families = vi.spyOn(world.get(MetricsService), 'families');
    await reader.collect();
    expect(families).toHaveBeenCalledOnce();
    await world.stop();
    await reader.collect();
    expect(families).toHaveBeenCalledOnce();
  });
});
