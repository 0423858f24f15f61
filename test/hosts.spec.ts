import {
  Injectable,
  Logger,
  Module,
  SetMetadata,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
  type Provider,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { useContainer } from 'class-validator';
import { map, tap, type Observable } from 'rxjs';
import type { Server, ServerOptions } from 'socket.io';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectHealthMonitor, type HealthMonitorClient } from '../src/client/index.js';
import { ContainerRuntime, HealthMonitorModule } from '../src/index.js';
import { InMemoryRuntime } from '../src/testing/index.js';
import { buildPageOfPackage } from './browser/built-page.js';

let app: INestApplication | undefined;
let client: HealthMonitorClient | undefined;

interface HostParts {
  /** What the host has of its own, such as a global guard. */
  providers?: Provider[];
  decorators?: ClassDecorator[];
  /** What `main.ts` does before the host listens. */
  prepare?: (app: INestApplication, root: new () => object) => void;
}

/** Boots a host with the page at `/admin/health`, and answers its address. */
async function boot({ providers = [], decorators = [], prepare }: HostParts): Promise<string> {
  const runtime = new InMemoryRuntime();
  runtime.add({ name: 'web', state: 'running', startedAt: Date.now() - 3_600_000 });
  @Module({
    imports: [
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({
        access: { authenticate: ({ token }) => (token === 'act' ? { id: 'otto', role: 'operator' } : null) },
        storage: { kind: 'memory' },
        check: { startupDelayMs: 0, intervalMs: 1_000 },
        dashboard: { path: 'health' },
        decorators,
        overrides: [{ provide: ContainerRuntime, useValue: runtime }],
      }),
    ],
    providers,
  })
  class Root {}
  const module = await Test.createTestingModule({ imports: [Root] }).compile();
  app = module.createNestApplication({ logger: false });
  Logger.overrideLogger(false);
  app.setGlobalPrefix('admin');
  prepare?.(app, Root);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  await expect.poll(async () => (await call(url, 'containers')).body).toHaveLength(1);
  return url;
}

async function call(url: string, path: string, body?: unknown): Promise<{ response: Response; body: any }> {
  const response = await fetch(`${url}/admin/health-monitor/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: 'Bearer act',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { response, body: text.startsWith('{') || text.startsWith('[') ? parsed(text) : text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The page, its first script, and where it is told that Socket.IO is. */
async function openPage(url: string) {
  const page = await fetch(`${url}/admin/health`);
  const html = await page.text();
  const addressIn = (pattern: RegExp) => new URL(pattern.exec(html)?.[1] ?? '', page.url);
  const script = await fetch(addressIn(/src="([^"]+)"/));
  return { page, html, script, socketPath: addressIn(/socket-path" content="([^"]+)"/).pathname };
}

async function expectPageToWork(url: string): Promise<void> {
  const { page, html, script, socketPath } = await openPage(url);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(html).toMatch(/^<!doctype html>/i);
  expect([script.status, script.headers.get('content-type')]).toEqual([
    200,
    'text/javascript; charset=utf-8',
  ]);
  expect(await script.text()).not.toMatch(/^[{"]/);
  client = connectHealthMonitor(url, { token: 'act', path: socketPath });
  await expect.poll(() => client?.state.connection.status).toBe('live');
  expect([...client.state.containers.keys()]).toEqual(['web']);
}

beforeAll(buildPageOfPackage);

afterEach(async () => {
  client?.close();
  await app?.close();
  app = undefined;
});

describe('a host whose Socket.IO is served elsewhere', () => {
  class HostAdapter extends IoAdapter {
    override createIOServer(port: number, options?: ServerOptions): Server {
      return super.createIOServer(port, { ...options, path: '/admin/live/' } as ServerOptions);
    }
  }

  it('has the page told where that is', async () => {
    const url = await boot({ prepare: (host) => host.useWebSocketAdapter(new HostAdapter(host)) });
    expect((await openPage(url)).socketPath).toBe('/admin/live');
    await expectPageToWork(url);
  });
});

describe('a host that wraps all of its answers', () => {
  let seen: unknown[];
  @Injectable()
  class Wrapping implements NestInterceptor {
    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      const response: { header(name: string, value: string): void } = context.switchToHttp().getResponse();
      return next.handle().pipe(
        tap((answer) => seen.push(answer)),
        map((answer) => ({ ok: true, answer: { data: answer as unknown } })),
        tap(() => response.header('x-host', 'was here')),
      );
    }
  }

  it.each<[string, HostParts]>([
    ['in its main.ts', { prepare: (host) => host.useGlobalInterceptors(new Wrapping()) }],
    ['in a module', { providers: [{ provide: APP_INTERCEPTOR, useClass: Wrapping }] }],
  ])('%s is sent the page and answers of REST as they are, with its own headers', async (_, parts) => {
    seen = [];
    const url = await boot(parts);
    await expectPageToWork(url);

    const { response, body } = await call(url, 'containers/web/hold', { reason: 'backup' });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-host')).toBe('was here');
    expect(body).toMatchObject({ name: 'web', status: 'held' });
    expect(seen).toContainEqual(body);

    const emptied = await call(url, 'notifications/read', {});
    expect([emptied.response.status, emptied.body]).toEqual([204, '']);
    const recording = await call(url, 'recording');
    expect(recording.response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(String(recording.body).split('\n').length).toBeGreaterThan(1);
    expect((await call(url, 'containers/nobody')).response.status).toBe(404);
  });

  it('still tells of a failure of its own', async () => {
    class Failing implements NestInterceptor {
      intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
        const { url }: { url: string } = context.switchToHttp().getRequest();
        return next.handle().pipe(
          tap(() => {
            if (url.endsWith('/status')) throw new Error('The host failed.');
          }),
        );
      }
    }
    const url = await boot({ prepare: (host) => host.useGlobalInterceptors(new Failing()) });
    expect((await call(url, 'status')).response.status).toBe(500);
    expect((await call(url, 'containers')).response.status).toBe(200);
  });
});

describe('a host that guards everything', () => {
  const IS_PUBLIC = 'isPublic';
  @Injectable()
  class OnlyPublic implements CanActivate {
    constructor(private readonly reflector: Reflector) {}

    canActivate(context: ExecutionContext): boolean {
      return this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()]);
    }
  }

  it.each<[string, HostParts]>([
    ['in its main.ts', { prepare: (host) => host.useGlobalGuards(new OnlyPublic(host.get(Reflector))) }],
    ['in a module', { providers: [{ provide: APP_GUARD, useClass: OnlyPublic }] }],
  ])('%s lets the page and REST in by a mark of its own', async (_, parts) => {
    const url = await boot({ ...parts, decorators: [SetMetadata(IS_PUBLIC, true)] });
    await expectPageToWork(url);
    const stranger = await fetch(`${url}/admin/health-monitor/status`);
    expect(stranger.status).toBe(401);
  });

  it('marks the controllers of one mount only', () => {
    const controllersOf = (decorators: ClassDecorator[]) =>
      HealthMonitorModule.forRoot({ access: 'open', dashboard: {}, decorators }).controllers ?? [];
    const marks = (controllers: readonly object[]) =>
      controllers.map((controller) => Reflect.getMetadata(IS_PUBLIC, controller) as unknown);
    const marked = controllersOf([SetMetadata(IS_PUBLIC, true)]);
    expect(marks(marked)).toEqual(marked.map(() => true));
    expect(marks(controllersOf([]))).toEqual(marked.map(() => undefined));
  });
});

describe('a host that gives its injectables to class-validator', () => {
  afterEach(() =>
    useContainer({ get: () => undefined as never }, { fallback: true, fallbackOnErrors: true }),
  );

  it('has input checked, and options, also when it boots anew', async () => {
    const prepare: HostParts['prepare'] = (host, root) => {
      useContainer(host.select(root), { fallbackOnErrors: true });
    };
    const url = await boot({ prepare });
    const refused = await call(url, 'containers/web/hold', { reason: '', more: 1 });
    expect(refused.response.status).toBe(400);
    expect(refused.body.message).toHaveLength(2);
    expect((await call(url, 'containers/web/hold', { reason: 'backup' })).response.status).toBe(200);
    await app?.close();

    await boot({ prepare });
    await expect(boot({ prepare, decorators: ['no decorator' as never] })).rejects.toThrow(
      'decorators: expected a list of class decorators',
    );
  });
});
