import { Module, VersioningType, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { DashboardPage } from './dashboard-page.js';
import { createDashboardController } from './dashboard.controller.js';

describe('dashboard controller', () => {
  let app: INestApplication;
  afterEach(() => app.close());

  async function listen(
    path: string,
    prepare: (app: INestApplication) => void = () => undefined,
  ): Promise<string> {
    @Module({
      controllers: [createDashboardController(path)],
      providers: [{ provide: DashboardPage, useValue: new DashboardPage(path) }],
    })
    class Host {}
    const testing = await Test.createTestingModule({ imports: [Host] }).compile();
    app = testing.createNestApplication();
    prepare(app);
    await app.listen(0, '127.0.0.1');
    return `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`;
  }

  it('serves the page, or says that it was not built, with the same strict headers', async () => {
    const origin = await listen('ops/dashboard');
    for (const path of ['/ops/dashboard', '/ops/dashboard/', '/ops/dashboard?x=1']) {
      const answer = await fetch(origin + path);
      expect([200, 503]).toContain(answer.status);
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('knows nothing outside its assets', async () => {
    const origin = await listen('dashboard');
    for (const path of [
      '/dashboard/assets/missing.js',
      '/dashboard/assets/..%2findex.html',
      '/dashboard/package.json',
    ]) {
      expect((await fetch(origin + path)).status).toBe(404);
    }
  });

  it('is found under a host’s prefix, and whatever its versioning is', async () => {
    const origin = await listen('dashboard', (host) => {
      host.setGlobalPrefix('api');
      host.enableVersioning({ type: VersioningType.URI });
    });
    expect((await fetch(`${origin}/api/dashboard`)).status).not.toBe(404);
    expect((await fetch(`${origin}/dashboard`)).status).toBe(404);
  });
});
