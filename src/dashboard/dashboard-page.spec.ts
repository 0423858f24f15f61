import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DashboardFiles, encodingFor } from './dashboard-files.js';
import { DashboardPage, type DashboardOptions } from './dashboard-page.js';

const SCRIPT = 'console.log(1);'.repeat(100);

describe('dashboard page', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dashboard-page-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(
      join(folder, 'index.html'),
      '<!-- where the server is --><script src="./assets/index-abc.js"></script>',
    );
    await writeFile(join(folder, 'assets/index-abc.js.br'), brotliCompressSync(SCRIPT));
    await writeFile(join(folder, 'assets/index-abc.js.gz'), gzipSync(SCRIPT));
    await writeFile(join(folder, 'assets/plain-abc.css'), 'p {}');
    await writeFile(join(folder, 'assets/notes.secret'), 'not of the page');
    await writeFile(join(folder, '../outside.js'), 'not of the page');
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await rm(join(folder, '../outside.js'));
  });

  const page = (mount: string, options?: DashboardOptions) =>
    new DashboardPage(mount, options, new DashboardFiles(folder));
  const metaOf = (html: string, name: string) =>
    new RegExp(`name="${name}" content="([^"]*)"`).exec(html)?.[1];
  async function html(mount: string, path: string, options?: DashboardOptions) {
    const answer = await page(mount, options).answer({ path });
    expect(answer.status).toBe(200);
    const text = answer.body.toString();
    const resolve = (address: string) => new URL(address, `http://host${path}`).pathname;
    return {
      answer,
      script: resolve(/src="([^"]*)"/.exec(text)?.[1] ?? ''),
      http: resolve(metaOf(text, 'health-monitor-http') ?? ''),
      socketPath: resolve(metaOf(text, 'health-monitor-socket-path') ?? ''),
      text,
    };
  }

  it.each([
    ['dashboard', '/dashboard', '/dashboard/assets/index-abc.js', '/health-monitor', '/socket.io'],
    ['dashboard', '/dashboard/', '/dashboard/assets/index-abc.js', '/health-monitor', '/socket.io'],
    ['ops/view', '/ops/view', '/ops/view/assets/index-abc.js', '/health-monitor', '/socket.io'],
    ['ops/view', '/api/ops/view/', '/api/ops/view/assets/index-abc.js', '/api/health-monitor', '/socket.io'],
    ['a/a', '/a/a/a', '/a/a/a/assets/index-abc.js', '/a/health-monitor', '/socket.io'],
    ['', '/', '/assets/index-abc.js', '/health-monitor', '/socket.io'],
  ])(
    'mounted at %s and asked for at %s, it finds its files and its server',
    async (mount, path, script, http, socket) => {
      expect(await html(mount, path)).toMatchObject({ script, http, socketPath: socket });
    },
  );

  it('tells where REST and the socket are, or that they are off', async () => {
    const { text } = await html('d', '/d', { http: null, socket: '/"><script>', socketPath: () => '/live' });
    expect(metaOf(text, 'health-monitor-http')).toBe('');
    expect(metaOf(text, 'health-monitor-socket')).toBe('/&quot;>&lt;script>');
    expect(metaOf(text, 'health-monitor-socket-path')).toBe('./d/../live');
  });

  it('is never kept itself, while its files may be kept for ever', async () => {
    expect((await html('d', '/d/')).answer.headers['Cache-Control']).toBe('no-store');
    const { headers } = await page('d').answer({ path: '/d/assets/index-abc.js' });
    expect(headers).toMatchObject({
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Content-Type': 'text/javascript; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
  });

  it('sends what was compressed at the build, as the browser can take it', async () => {
    const ask = (acceptEncoding?: string) =>
      page('d').answer({ path: '/d/assets/index-abc.js', acceptEncoding });
    const brotli = await ask('gzip, deflate, br');
    expect(brotli.headers).toMatchObject({ 'Content-Encoding': 'br', Vary: 'Accept-Encoding' });
    expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT);
    expect(gunzipSync((await ask('gzip')).body).toString()).toBe(SCRIPT);
    const plain = await ask();
    expect(plain.headers['Content-Encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe(SCRIPT);
    const { status, headers } = await page('d').answer({
      path: '/d/assets/plain-abc.css',
      acceptEncoding: 'br',
    });
    expect([status, headers['Content-Encoding']]).toEqual([200, undefined]);
    const file = { bodies: { identity: Buffer.alloc(0), br: Buffer.alloc(0), gzip: Buffer.alloc(0) } };
    const chosen = ['br;q=0, gzip', 'br;q=0.5', ''].map((accepted) => encodingFor(accepted, file));
    expect(chosen).toEqual(['gzip', 'br', 'identity']);
  });

  it.each([
    '/d/../outside.js',
    '/d/assets/../../outside.js',
    '/d/%2e%2e/outside.js',
    '/d/..%2foutside.js',
    '/d/assets/notes.secret',
    '/d/assets/index-abc.js.br',
    '/d/index.js',
    '/d//etc/passwd',
  ])('serves its own files and nothing else: %s', async (path) => {
    const answer = await page('d').answer({ path });
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).not.toContain('not of the page');
  });

  it('says so when it was not built', async () => {
    const missing = new DashboardPage('d', {}, new DashboardFiles(join(folder, 'nowhere')));
    expect(await missing.answer({ path: '/d' })).toMatchObject({ status: 503 });
  });

  it('lets a host be framed by whom it trusts, and by nobody by default', async () => {
    const policy = async (options?: DashboardOptions) =>
      (await html('d', '/d', options)).answer.headers['Content-Security-Policy'];
    expect(await policy()).toContain("frame-ancestors 'none';");
    expect(await policy({ frameAncestors: "'self' https://box.local" })).toContain(
      "frame-ancestors 'self' https://box.local;",
    );
    expect(() => page('d', { frameAncestors: "'self'; script-src *" })).toThrow('dashboard.frameAncestors');
  });
});
