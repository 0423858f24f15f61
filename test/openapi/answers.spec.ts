import { Logger, type INestApplication } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTIFICATION_TYPES } from '../../src/common/events/index.js';
import { ContainerRuntime, HealthMonitorModule, RuntimeFactory } from '../../src/index.js';
import { InMemoryRuntime } from '../../src/testing/index.js';
import { Receiver } from '../webhooks/receiver.js';
import {
  admitsText,
  answerOf,
  bodyOf,
  calls,
  document,
  escaped,
  nameOf,
  problemsBy,
} from './described-api.js';

const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const ROLES = { look: 'viewer', act: 'operator' } as const;

interface Asked {
  /** For `{name}` and `{id}`. */
  readonly of?: string;
  readonly query?: string;
  readonly body?: unknown;
  readonly token?: string | null;
  readonly type?: string;
}

let app: INestApplication;
let runtime: InMemoryRuntime;
let receiver: Receiver;
/** The calls that were answered as they should be. */
let succeeded: Set<string>;

beforeEach(async () => {
  succeeded = new Set();
  receiver = await Receiver.start();
  runtime = new InMemoryRuntime();
  const attic = new InMemoryRuntime();
  const startedAt = Date.now() - 3_600_000;
  attic.add({ name: 'web', state: 'running', startedAt });
  for (const name of ['db', 'web']) runtime.add({ name, state: 'running', startedAt });
  const module = await Test.createTestingModule({
    imports: [
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({
        access: {
          authenticate: ({ token }) =>
            token === 'look' || token === 'act' ? { id: token, role: ROLES[token] } : null,
        },
        storage: { kind: 'memory' },
        check: { startupDelayMs: 0, intervalMs: 1_000 },
        restart: { backoffMs: [100], maxAttempts: 1 },
        containers: { web: { dependsOn: ['db'] } },
        hosts: { attic: { runtime: { socketPath: '/run/attic.sock' } } },
        externals: { nas: { tcp: '127.0.0.1:1', failureThreshold: 1 } },
        webhooks: {
          endpoints: [{ id: 'home', url: receiver.url, secret: SECRET }],
          allowCidrs: ['127.0.0.0/8'],
        },
        overrides: [
          { provide: ContainerRuntime, useValue: runtime },
          { provide: RuntimeFactory, useValue: { create: () => attic } },
        ],
      }),
    ],
  }).compile();
  app = module.createNestApplication({ logger: false });
  Logger.overrideLogger(false);
  await app.listen(0, '127.0.0.1');
  await expect.poll(async () => (await ask('GET /containers')).body).toHaveLength(3);
});

afterEach(async () => {
  await app.close();
  await receiver.stop();
});

/** Asks the running host, and holds its answer against the document. */
async function ask(name: string, asked: Asked = {}): Promise<{ status: number; body: any }> {
  const call = calls.find((one) => nameOf(one) === name);
  if (!call) throw new Error(`${name} is not in the document.`);
  const { status, type, body } = await send(call.method, call.path, asked);
  const answer = answerOf(call, status);
  expect(
    answer,
    `${name} answered ${status}, which is not in the document: ${JSON.stringify(body)}`,
  ).not.toBeNull();
  expect(type?.split(';')[0] ?? null).toBe(answer!.type?.split(';')[0] ?? null);
  if (answer!.type !== null) expect(problemsBy(answer!.pointer, body), `${name}, ${status}`).toEqual([]);
  if (status < 300) succeeded.add(name);
  return { status, body };
}

async function send(method: string, path: string, { of = '', query = '', body, token = 'act', type }: Asked) {
  const url = `${await app.getUrl()}/health-monitor${path.replace('{host}', 'attic').replace(/\{\w+\}/, encodeURIComponent(of))}${query}`;
  const response = await fetch(url, {
    method: method.toUpperCase(),
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const contentType = response.headers.get('content-type');
  return {
    status: response.status,
    type: contentType,
    body: contentType?.startsWith('application/json') ? JSON.parse(text) : text,
  };
}

/** A container that is given up, and thus notifications, an incident and webhooks. */
async function giveUp(): Promise<void> {
  runtime.refuseStart('db', 'a volume is gone');
  runtime.crash('db', 137);
  await expect
    .poll(async () => (await ask('GET /notifications')).body.map(({ type }: any) => type))
    .toContain('container.given_up');
}

describe('the document', () => {
  it('is OpenAPI 3.1', async () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(await new Validator().validate(document)).toEqual({ valid: true });
  });

  it('tells what each call answers, as a running host answers it', async () => {
    await giveUp();
    await ask('GET /status', { token: 'look' });
    await ask('GET /containers', { token: 'look' });
    await ask('GET /externals', { token: 'look' });
    await ask('GET /incidents', { token: 'look', query: '?status=open' });
    await ask('GET /containers/{name}', { of: 'db', query: '?points=2' });
    runtime.refuseStart('db', null);
    await ask('POST /containers/{name}/retry', { of: 'db' });
    await ask('POST /containers/{name}/start', { of: 'db' });
    await ask('POST /containers/{name}/restart', { of: 'web' });
    await ask('POST /containers/{name}/stop', { of: 'db', query: '?dryRun=true' });
    await ask('POST /containers/{name}/stop', { of: 'web' });
    await ask('POST /containers/{name}/hold', { of: 'web', body: { reason: 'backup', forMs: 60_000 } });
    await ask('GET /containers/{name}', { of: 'web' });
    await ask('POST /containers/{name}/release', { of: 'web' });
    await ask('GET /incidents');
    await ask('GET /recording');
    await ask('GET /hosts/{host}/containers/{name}', { of: 'web' });
    for (const act of ['stop', 'start', 'restart', 'release', 'retry'])
      await ask(`POST /hosts/{host}/containers/{name}/${act}`, { of: 'web' });
    await ask('POST /hosts/{host}/containers/{name}/hold', { of: 'web', body: { reason: 'backup' } });
    await ask('GET /hosts/{host}/recording');
    await ask('GET /metrics', { token: 'look' });
    await ask('GET /openapi.json', { token: null });

    const [{ id }] = (await ask('GET /notifications')).body;
    await ask('POST /notifications/{id}/read', { of: id });
    await ask('POST /notifications/read');
    await ask('DELETE /notifications/{id}', { of: id });

    const added = { id: 'more', url: receiver.url, events: ['container.*'] };
    await ask('POST /webhooks', { body: added });
    await ask('GET /webhooks', { token: 'look' });
    await ask('PATCH /webhooks/{id}', { of: 'more', body: { rotateSecret: true } });
    await ask('PATCH /webhooks/{id}', { of: 'more', body: { events: null } });
    await ask('POST /webhooks/{id}/test', { of: 'more' });
    await ask('DELETE /webhooks/{id}', { of: 'more' });
    await expect
      .poll(async () => (await ask('GET /webhooks/{id}/deliveries', { of: 'home' })).body.at(-1)?.status)
      .toBe('delivered');
    const deliveries = await ask('GET /webhooks/{id}/deliveries', { of: 'home', query: '?limit=5' });
    await ask('POST /deliveries/{id}/replay', { of: deliveries.body.at(-1).id });

    const unasked = calls.map(nameOf).filter((name) => !succeeded.has(name));
    expect(unasked, 'a new call is asked in this test, too').toEqual([]);
  });

  it('tells how a call is refused', async () => {
    const stop = 'POST /containers/{name}/stop';
    expect((await ask(stop, { of: 'web', token: null })).status).toBe(401);
    expect((await ask(stop, { of: 'web', token: 'look' })).status).toBe(403);
    expect((await ask(stop, { of: 'nobody' })).status).toBe(404);
    expect((await ask(stop, { of: 'web', query: '?dryRun=perhaps' })).status).toBe(400);
    const hold = 'POST /containers/{name}/hold';
    expect((await ask(hold, { of: 'web', body: {}, type: 'text/plain' })).status).toBe(415);
    expect((await ask(hold, { of: 'nobody', body: { reason: 'backup' } })).status).toBe(404);

    expect((await ask('GET /containers/{name}', { of: 'nobody' })).status).toBe(404);
    expect((await ask('POST /notifications/{id}/read', { of: 'none' })).status).toBe(404);
    expect((await ask('DELETE /notifications/{id}', { of: 'none' })).status).toBe(404);
    expect((await ask('POST /webhooks', { body: { id: 'home', url: receiver.url } })).status).toBe(409);
    expect((await ask('PATCH /webhooks/{id}', { of: 'home', body: {} })).status).toBe(409);
    expect((await ask('DELETE /webhooks/{id}', { of: 'home' })).status).toBe(409);
    expect((await ask('POST /webhooks/{id}/test', { of: 'none' })).status).toBe(404);
    expect((await ask('GET /webhooks/{id}/deliveries', { of: 'none' })).status).toBe(404);
    expect((await ask('POST /deliveries/{id}/replay', { of: 'none' })).status).toBe(404);

    const release = runtime.hang('stop', 'web');
    const stopping = ask(stop, { of: 'web' });
    await expect
      .poll(async () => (await ask('GET /containers/{name}', { of: 'web' })).body.wish)
      .toBe('stopped');
    expect((await ask('POST /containers/{name}/start', { of: 'web' })).status).toBe(409);
    release();
    await stopping;
    runtime.refuseStart('web', 'no such volume');
    expect((await ask('POST /containers/{name}/start', { of: 'web' })).status).toBe(502);
    runtime.goAway('The socket is gone.');
    await expect.poll(async () => (await ask('GET /status')).body.engine.reachable).toBe(false);
    expect((await ask('POST /containers/{name}/restart', { of: 'web' })).status).toBe(503);
  });

  it('names the role that a call needs', async () => {
    for (const { method, path, operation } of calls) {
      const { status: ofNobody } = await send(method, path, { of: 'nobody', token: null });
      const { status: ofViewer } = await send(method, path, { of: 'nobody', token: 'look', body: undefined });
      const role = ofNobody !== 401 ? null : ofViewer === 403 ? 'operator' : 'viewer';
      expect(operation.security, `${method} ${path}`).toEqual(role === null ? [] : [{ bearer: [role] }]);
    }
  });
});

describe('what the document forbids', () => {
  /** A body that is right, by the name of its schema: each field in turn is made wrong. */
  const RIGHT: Record<string, () => Record<string, unknown>> = {
    HoldDto: () => ({ reason: 'backup' }),
    NewWebhookDto: () => ({ url: receiver.url }),
    WebhookChangeDto: () => ({}),
  };
  const VALUES = [
    null,
    '',
    ' ',
    'x',
    '.',
    'x'.repeat(201),
    'x'.repeat(2_049),
    SECRET,
    SECRET.replace('8=', '9='),
    0,
    -1,
    1,
    1.5,
    1_000,
    1e15,
    true,
    false,
    [],
    ['x'],
    ['container.*'],
    ['container.'],
    [null],
    Array(51).fill('container.*'),
    {},
  ];
  /** At a bound of the schema, and behind it. */
  const edgesOf = ({ minimum = 0, maximum = 0, maxLength = 0, maxItems = 0, items = {} }: any): unknown[] => [
    ...[minimum, maximum].flatMap((bound) => [bound - 1, bound, bound + 1]),
    ...[maxLength, maxLength + 1].map((length) => 'x'.repeat(length)),
    ...[maxItems, maxItems + 1].map((length) => Array(length).fill(items.enum?.[0])),
  ];
  const TEXTS = ['', 'x', '0', '1', '2', '-1', '1.5', '3001', 'true', 'TRUE', 'open', 'closed'];

  it('in a body is answered with 400, and what it allows is not', async () => {
    await ask('POST /webhooks', { body: { id: 'mine', url: receiver.url } });
    const wrong: string[] = [];
    for (const call of calls) {
      const body = bodyOf(call);
      if (!body) continue;
      const name = call.operation.requestBody.content['application/json'].schema.$ref.split('/').at(-1);
      const right = RIGHT[name];
      expect(right, `write a right ${name} here`).toBeDefined();
      const of = call.path.startsWith('/webhooks') ? 'mine' : 'web';
      const bodies = [
        {},
        { ...right!(), more: 1 },
        ...Object.entries<any>(body.schema.properties).flatMap(([field, schema]) =>
          [...VALUES, ...edgesOf(schema)].map((value) => ({ ...right!(), [field]: value })),
        ),
      ];
      for (const sent of bodies) {
        const isAllowed = problemsBy(body.pointer, sent).length === 0;
        const { status, body: answer } = await send(call.method, call.path, { of, body: sent });
        // Which addresses may be sent to is a matter of the options.
        const isOfAddress = String(answer.message).startsWith('url: ');
        if (isAllowed === (status === 400) && !(isAllowed && isOfAddress)) {
          wrong.push(`${nameOf(call)} ${JSON.stringify(sent).slice(0, 200)}: ${status}`);
        }
        if (status === 201) await send('delete', `/webhooks/${answer.id}`, {});
      }
    }
    expect(wrong).toEqual([]);
  });

  it('in a query is answered with 400, and what it allows is not', async () => {
    const wrong: string[] = [];
    for (const call of calls) {
      for (const { in: place, name, schema } of call.operation.parameters ?? []) {
        if (place !== 'query') continue;
        for (const text of [...TEXTS, ...edgesOf(schema).map(String)]) {
          const of = call.path.startsWith('/webhooks') ? 'home' : 'web';
          const { status } = await send(call.method, call.path, { of, query: `?${name}=${text}` });
          if (admitsText(schema, text) === (status === 400))
            wrong.push(`${nameOf(call)}?${name}=${text}: ${status}`);
        }
        expect((await send(call.method, call.path, { of: 'web', query: '?more=1' })).status).toBe(400);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('the webhooks of the document', () => {
  it('are one for each type of notification, and the test', () => {
    expect(Object.keys(document.webhooks).sort()).toEqual([...NOTIFICATION_TYPES, 'webhook.test'].sort());
  });

  it('tell the headers and the body that an endpoint gets', async () => {
    await giveUp();
    await ask('POST /webhooks/{id}/test', { of: 'home' });
    await expect
      .poll(() => receiver.events)
      .toEqual(expect.arrayContaining(['container.given_up', 'webhook.test']));
    for (const { body, headers } of receiver.received) {
      const type = body['event'] as string;
      const at = `/webhooks/${escaped(type)}/post`;
      expect(problemsBy(`${at}/requestBody/content/application~1json/schema`, body), type).toEqual([]);
      for (const { $ref } of document.webhooks[type].post.parameters) {
        const name = $ref.split('/').at(-1);
        expect(problemsBy(`/components/parameters/${name}/schema`, headers[name]), name).toEqual([]);
      }
    }
  });

  it('tell one type from another', async () => {
    await ask('POST /webhooks/{id}/test', { of: 'home' });
    const [test] = receiver.received;
    expect(
      problemsBy('/webhooks/engine.reachable/post/requestBody/content/application~1json/schema', test!.body),
    ).toEqual(['/event must be equal to constant']);
  });
});
