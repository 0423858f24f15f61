import {
  Body,
  Get,
  HttpCode,
  Inject,
  Logger,
  Module,
  Post,
  ServiceUnavailableException,
  UnauthorizedException,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { IsInt, IsString } from 'class-validator';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HEALTH_MONITOR_OPTIONS, type Access, type Handshake, type Principal } from '../options/index.js';
import {
  authenticate,
  CurrentPrincipal,
  mountControllers,
  ProtectedController,
  RequireRole,
} from './index.js';

class Input {
  @IsInt()
  forMs!: number;

  @IsString()
  reason!: string;
}

@ProtectedController('things')
class ThingsController {
  constructor(@Inject('NAME') private readonly name: string) {}

  @Get()
  @RequireRole('viewer')
  list(@CurrentPrincipal() principal: Principal): object {
    return { name: this.name, principal };
  }

  @Post('act')
  @HttpCode(200)
  @RequireRole('operator')
  act(@Body() input: Input): object {
    return { ...input };
  }

  @Post('poke')
  @HttpCode(200)
  @RequireRole('operator')
  poke(): string {
    return 'poked';
  }

  @Get('whoami')
  @RequireRole('viewer')
  whoAmI(@CurrentPrincipal() { id }: Principal): string {
    return id;
  }

  @Get('forgotten')
  forgotten(): string {
    return 'a secret';
  }
}

const people: Record<string, Principal> = {
  'viewer-token': { id: 'vera', role: 'viewer' },
  'operator-token': { id: 'otto', role: 'operator' },
};
const byToken: Access = { authenticate: ({ token }) => people[token ?? ''] ?? null };

let app: INestApplication | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  await app?.close();
  app = undefined;
});

function thingsModule(name: string, path: string, access: Access | null): Type {
  @Module({
    controllers: mountControllers(path, [ThingsController]),
    providers: [
      { provide: 'NAME', useValue: name },
      { provide: HEALTH_MONITOR_OPTIONS, useValue: { access } },
    ],
  })
  class ThingsModule {}
  return ThingsModule;
}

async function serve(...modules: Type[]): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const testing = await Test.createTestingModule({ imports: modules }).compile();
  app = testing.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return (path, init) => fetch(`${url}${path}`, init);
}

const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });
const post = (token: string, body: unknown): RequestInit => ({
  method: 'POST',
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe('a call', () => {
  it('without a token is answered 401 with a challenge', async () => {
    const call = await serve(thingsModule('a', 'monitor', byToken));
    const response = await call('/monitor/things');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="health-monitor"');
    expect(await response.json()).toMatchObject({ statusCode: 401, error: 'Unauthorized' });
  });

  it('with a token nobody knows is answered 401, and the challenge says why', async () => {
    const call = await serve(thingsModule('a', 'monitor', byToken));
    const response = await call('/monitor/things', bearer('guess'));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it.each(['Bearer viewer-token', 'bearer viewer-token', 'BEARER   viewer-token'])(
    'with "%s" is let in',
    async (authorization) => {
      const call = await serve(thingsModule('a', 'monitor', byToken));
      const response = await call('/monitor/things', { headers: { authorization } });
      expect(await response.json()).toEqual({ name: 'a', principal: people['viewer-token'] });
    },
  );

  it.each([
    'viewer-token',
    'Basic viewer-token',
    'Bearerviewer-token',
    'Bearer viewer-token x',
    'Bearer viewer-token, Bearer y',
  ])('with "%s" is not', async (authorization) => {
    const call = await serve(thingsModule('a', 'monitor', byToken));
    expect((await call('/monitor/things', { headers: { authorization } })).status).toBe(401);
  });

  it('that acts is refused to a viewer and open to an operator', async () => {
    const call = await serve(thingsModule('a', 'monitor', byToken));
    const input = { forMs: 1, reason: 'backup' };
    expect((await call('/monitor/things/act', post('viewer-token', input))).status).toBe(403);
    expect(await (await call('/monitor/things/act', post('operator-token', input))).json()).toEqual(input);
  });

  it('to a route whose role was forgotten is refused to everybody', async () => {
    const call = await serve(thingsModule('a', 'monitor', byToken));
    expect((await call('/monitor/things/forgotten', bearer('operator-token'))).status).toBe(403);
  });

  it('is refused where the host gave no access, and open where it wrote so', async () => {
    const call = await serve(thingsModule('none', 'closed', null), thingsModule('open', 'open', 'open'));
    expect((await call('/closed/things', bearer('operator-token'))).status).toBe(401);
    expect(await (await call('/open/things')).json()).toEqual({
      name: 'open',
      principal: { id: 'anyone', role: 'operator' },
    });
  });

  describe('of a page of another origin', () => {
    const byCookie: Access = {
      authenticate: ({ token, headers }) =>
        token === 'operator-token' || headers['cookie'] === 'sid=1' ? { id: 'otto', role: 'operator' } : null,
    };
    const input = { forMs: 1, reason: 'backup' };
    const from = (headers: Record<string, string>): RequestInit => ({
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'sid=1', ...headers },
      body: JSON.stringify(input),
    });
    const evil = { origin: 'https://evil.example' };

    it.each([
      ['access is open', 'open' as const],
      ['a cookie says who it is', byCookie],
    ])('that acts is refused where %s, in words', async (_, access) => {
      const call = await serve(thingsModule('a', 'monitor', access));
      for (const headers of [evil, { 'sec-fetch-site': 'cross-site' }]) {
        const response = await call('/monitor/things/act', from(headers));
        expect(response.status).toBe(403);
        expect(await response.json()).toMatchObject({ message: expect.stringContaining('token') as string });
      }
      const origin = await app!.getUrl();
      expect((await call('/monitor/things/act', from({ origin }))).status).toBe(200);
      expect((await call('/monitor/things/act', from({}))).status).toBe(200);
    });

    it('that acts with a token is let in by that alone', async () => {
      const call = await serve(thingsModule('a', 'monitor', byCookie));
      const act = (token: string) =>
        call('/monitor/things/act', from({ ...evil, authorization: `Bearer ${token}` }));
      expect((await act('operator-token')).status).toBe(200);
      expect((await act('guess')).status).toBe(401);
    });

    it('that reads is left to the CORS of the host', async () => {
      const call = await serve(thingsModule('a', 'monitor', 'open'));
      expect((await call('/monitor/things', { headers: evil })).status).toBe(200);
    });
  });

  it('is answered 503, and never 401, while the host cannot tell whose token it is', async () => {
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const failing: Access = { authenticate: () => Promise.reject(new Error('the users are away')) };
    const call = await serve(thingsModule('a', 'monitor', failing));
    const response = await call('/monitor/things', bearer('operator-token'));
    expect(response.status).toBe(503);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.json()).toMatchObject({
      message: 'Who you are could not be checked just now. Try again in a moment.',
    });
  });

  it('with bad input is answered 400 with every problem, though the host has no pipes', async () => {
    const call = await serve(thingsModule('a', 'monitor', byToken));
    const response = await call('/monitor/things/act', post('operator-token', { forMs: 'x', more: 1 }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      message: [
        'property more should not exist',
        'forMs must be an integer number',
        'reason must be a string',
      ],
    });
  });

  it.each([
    ['objects', '{"a":', '}'],
    ['lists', '[', ']'],
  ])('with %s nested 5,000 deep is answered 400, in words', async (_, open, close) => {
    const call = await serve(thingsModule('a', 'monitor', byToken));
    const reason = `${open.repeat(5_000)}1${close.repeat(5_000)}`;
    const input = { ...post('operator-token', {}), body: `{"forMs":1,"reason":${reason}}` };
    const response = await call('/monitor/things/act', input);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: [expect.stringContaining('nested too deeply')] });
  });

  it.each([
    ['null'],
    ['[]'],
    ['"text"'],
    ['7'],
    ['[{"forMs":1,"reason":"x"}]'],
    ['{"__proto__":{"forMs":1}}'],
  ])('with %s for a body is answered 400', async (body) => {
    const call = await serve(thingsModule('a', 'monitor', byToken));
    const response = await call('/monitor/things/act', { ...post('operator-token', {}), body });
    expect(response.status).toBe(400);
  });

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/json-seq',
  ])('with a body of %s is answered 415, also where no input is read', async (type) => {
    const call = await serve(thingsModule('a', 'monitor', byToken));
    const form = (token: string): RequestInit => ({
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: 'reason=x&forMs=1',
    });
    for (const path of ['act', 'poke']) {
      const response = await call(`/monitor/things/${path}`, form('operator-token'));
      expect([path, response.status]).toEqual([path, 415]);
      expect(await response.json()).toMatchObject({
        message: 'Send JSON, with the header content-type: application/json.',
      });
    }
    expect((await call('/monitor/things/act', form('guess'))).status).toBe(401);
  });

  it('may be of somebody whom the host describes at any depth', async () => {
    const otto: Principal & { self?: unknown } = { id: 'otto', role: 'operator' };
    const access: Access = { authenticate: () => Object.assign(otto, { self: otto }) };
    const call = await serve(thingsModule('a', 'monitor', access));
    expect((await call('/monitor/things/whoami')).status).toBe(200);
  });

  it('without a body needs no JSON, and JSON may name its character set', async () => {
    const call = await serve(thingsModule('a', 'monitor', byToken));
    const authorization = 'Bearer operator-token';
    const poke = (headers: Record<string, string>, body?: string): Promise<Response> =>
      call('/monitor/things/poke', {
        method: 'POST',
        headers: { authorization, ...headers },
        body: body ?? null,
      });
    expect((await poke({})).status).toBe(200);
    expect((await poke({ 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(200);
    expect((await poke({ 'content-type': 'application/JSON; charset=utf-8' }, '{}')).status).toBe(200);
  });

  it('is answered with what nobody may store, also when it is refused', async () => {
    const call = await serve(thingsModule('a', 'monitor', byToken));
    const answers = await Promise.all([
      call('/monitor/things', bearer('viewer-token')),
      call('/monitor/things'),
      call('/monitor/things/forgotten', bearer('viewer-token')),
      call('/monitor/things/act', post('operator-token', {})),
    ]);
    expect(answers.map(({ status, headers }) => [status, headers.get('cache-control')])).toEqual(
      [200, 401, 403, 400].map((status) => [status, 'no-store']),
    );
  });

  it('reaches its own mount when there are two', async () => {
    const call = await serve(thingsModule('a', 'one', 'open'), thingsModule('b', 'two/three', 'open'));
    expect(await (await call('/one/things')).json()).toMatchObject({ name: 'a' });
    expect(await (await call('/two/three/things')).json()).toMatchObject({ name: 'b' });
    expect((await call('/things')).status).toBe(404);
  });
});

describe('authenticate', () => {
  const handshake: Handshake = {
    token: 's3cret-token',
    headers: { authorization: 'Bearer s3cret-token', cookie: 'sid=c00kie' },
    address: '192.0.2.1',
  };

  it('gets the token, the headers and the address, and keeps its object', async () => {
    class Door {
      readonly seen: Handshake[] = [];
      authenticate(given: Handshake): Promise<Principal> {
        this.seen.push(given);
        return Promise.resolve({ id: 'x', role: 'viewer' });
      }
    }
    const door = new Door();
    expect(await authenticate(door, handshake)).toEqual({ id: 'x', role: 'viewer' });
    expect(door.seen).toEqual([handshake]);
  });

  it('that throws lets nobody in, and neither token nor cookie is logged', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const broken: Access = {
      authenticate: () => {
        throw new Error('no entry for Bearer s3cret-token of sid=c00kie');
      },
    };
    const rejecting: Access = { authenticate: () => Promise.reject(new Error('late s3cret-token')) };
    await expect(authenticate(broken, handshake)).rejects.toThrow(ServiceUnavailableException);
    await expect(authenticate(rejecting, handshake)).rejects.toThrow(ServiceUnavailableException);
    const logged = warn.mock.calls.map(([line]) => String(line));
    expect(logged).toHaveLength(2);
    expect(logged.join()).toContain('no entry for [hidden]');
    expect(logged.join()).not.toMatch(/s3cret|c00kie/);
  });

  it("that throws Nest's own refusal does not know them", async () => {
    const strict: Access = { authenticate: () => Promise.reject(new UnauthorizedException()) };
    expect(await authenticate(strict, handshake)).toBeNull();
  });

  it.each([
    [undefined],
    [true],
    [{ id: 'x' }],
    [{ id: 'x', role: 'admin' }],
    [{ id: '', role: 'viewer' }],
    ['operator'],
  ])('that answers %j lets nobody in', async (answer) => {
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    expect(await authenticate({ authenticate: () => answer as never }, handshake)).toBeNull();
  });
});
