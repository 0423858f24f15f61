import { createServer, type AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ContainerView } from '../src/common/events/index.js';
import { chromiumPath, launch } from './browser/chromium.js';
import { goTo, inPage, openPage, tile } from './browser/visit.js';
import { BuiltDemo, DEMO_TOKEN, type RunningDemo } from './support/built-demo.js';

const eventually = { timeout: 15_000, interval: 50 };

let built: BuiltDemo;
beforeAll(async () => {
  built = await BuiltDemo.build();
}, 180_000);
afterAll(() => built?.remove());

async function view(origin: string, name: string): Promise<ContainerView> {
  const answer = await fetch(`${origin}/health-monitor/containers/${name}`, {
    headers: { authorization: `Bearer ${DEMO_TOKEN}` },
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as ContainerView;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// Windows has neither ps nor signals.
const hasSignals = process.platform !== 'win32';

describe('the demo', () => {
  afterEach(() => built.end());

  it.skipIf(!hasSignals)(
    'prints a link, asks for the token, heals what is killed, and takes everything with it when it ends',
    async () => {
      const demo = built.begin();
      const origin = new URL(await demo.link()).origin;
      expect(demo.said).toContain('0:15  archy-lnd crashes');

      const page = await fetch(origin);
      expect([page.status, page.url]).toEqual([200, `${origin}/dashboard`]);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect((await fetch(`${origin}/health-monitor/containers`)).status).toBe(401);
      const wrong = { headers: { authorization: 'Bearer guess' } };
      expect((await fetch(`${origin}/health-monitor/containers`, wrong)).status).toBe(401);

      await vi.waitFor(
        async () => expect((await view(origin, 'immich_redis')).state).toBe('running'),
        eventually,
      );
      const before = await demo.services();
      process.kill(before.get('immich_redis')!, 'SIGKILL');
      await vi.waitFor(async () => {
        const now = await demo.services();
        expect(now.get('immich_redis')).toBeGreaterThan(0);
        expect(now.get('immich_redis')).not.toBe(before.get('immich_redis'));
      }, eventually);
      expect(demo.said).toMatch(/^ +immich_redis: .*attempt 1 of 3/m);
      await vi.waitFor(async () => expect((await view(origin, 'immich_redis')).attempts).toBe(1), eventually);

      const last = await demo.services();
      expect(last.size).toBeGreaterThan(10);
      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(0);
      expect([...last.values()].filter(isAlive)).toEqual([]);
    },
    60_000,
  );

  it.skipIf(!hasSignals)('leaves no process behind even when it is killed', async () => {
    const demo = built.begin();
    await demo.link();
    const services = [...(await demo.services()).values()];
    expect(services.length).toBeGreaterThan(10);
    demo.child.kill('SIGKILL');
    await demo.ended;
    await vi.waitFor(() => expect(services.filter(isAlive)).toEqual([]), eventually);
  });

  it('says in one sentence that its port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const demo = built.begin([], { PORT: String(port) });
      expect(await demo.ended).toBe(1);
      expect(demo.said.trim()).toBe(`Port ${port} is in use: choose another one, such as PORT=${port + 1}.`);
    } finally {
      server.close();
    }
  });

  it.each([
    [['--heal'], {}, '--heal goes with --podman: the demo heals its own fleet anyway.'],
    [['--docker'], {}, "Unknown option '--docker'. See --help."],
    [[], { PORT: 'http' }, 'PORT must be a whole number from 0 to 65535.'],
    [
      [],
      { DEMO_TOKEN: 'a b' },
      'DEMO_TOKEN may have letters, digits and - . _ ~ + / in it, and = at its end.',
    ],
  ])('refuses %j with %j in one sentence', async (args, env, sentence) => {
    const demo = built.begin(args, env);
    expect(await demo.ended).toBe(1);
    expect(demo.said.trim()).toBe(sentence);
  });

  it('says in one sentence that there is no Podman', async () => {
    const demo = built.begin(['--podman'], { CONTAINER_HOST: 'unix:///no/such/podman.sock', PATH: '' });
    expect(await demo.ended).toBe(1);
    expect(demo.said.trim().split('\n')).toEqual([expect.stringMatching(/^There is no Podman to show: .+/)]);
  });
});

/** Keeps every status that a tile ever shows, however short: seen from inside the page. */
const REMEMBER_STATUSES = `
  window.seen = new Set();
  new MutationObserver(() => {
    for (const { dataset } of document.querySelectorAll('a.tile')) seen.add(dataset.name + ' ' + dataset.status);
  }).observe(document.body, { subtree: true, attributes: true, childList: true })`;

describe.skipIf(!hasSignals || chromiumPath === null)('the demo in a browser', () => {
  let demo: RunningDemo;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];

  beforeAll(async () => {
    browser = await launch();
    demo = built.begin();
    ({ page, complaints } = await openPage(browser, await demo.link()));
    await inPage(page, REMEMBER_STATUSES);
  });
  afterEach(() => expect(complaints).toEqual([]));
  afterAll(async () => {
    await browser?.close();
    await built.end();
  });

  const seen = () => inPage<string[]>(page, '[...seen]');
  const shows = (text: string) => page.locator('.status-line').getByText(text).waitFor();
  const press = (name: string) => page.getByRole('button', { name }).click();
  const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name }).click();
  const processOf = async (name: string) => (await demo.services()).get(name);
  const isGone = (name: string) => expect.poll(() => processOf(name), eventually).toBeUndefined();

  /** Kills their processes at once, without the monitor's knowledge. */
  async function kill(...names: string[]): Promise<void> {
    const services = await demo.services();
    for (const name of names) process.kill(services.get(name)!, 'SIGKILL');
  }

  /** By then, whatever was to be done about a death before this one has been done. */
  async function seeAnotherHealed(name = 'immich_postgres'): Promise<void> {
    const before = await processOf(name);
    await kill(name);
    await expect.poll(() => processOf(name), eventually).not.toBeOneOf([before, undefined]);
  }

  it('shows every service of its fleet', async () => {
    expect(new URL(page.url()).pathname).toBe('/dashboard');
    const services = [...(await demo.services()).keys()];
    for (const name of services) await tile(page, name, 'healthy').waitFor();
    expect(await page.locator('a.tile').count()).toBe(services.length);
  });

  it('shows a kill, and its healing', async () => {
    await kill('archy-bitcoin-knots');
    await expect.poll(seen, eventually).toContain('archy-bitcoin-knots starting');
    await tile(page, 'archy-bitcoin-knots', 'healthy').waitFor();
    await goTo(page, '/containers/archy-bitcoin-knots');
    await shows('Healthy');
    await page.getByText('1 of 3 used').waitFor();
    await page.locator('.story').getByText('137').first().waitFor();
  });

  it('shows one incident with who waited, instead of one for each', async () => {
    const waiting = ['archy-mempool-electrs', 'archy-nbxplorer'];
    await kill('archy-bitcoin-knots', ...waiting);
    await goTo(page, '/incidents');
    await page.getByRole('link', { name: /^archy-bitcoin-knots .* 2 containers / }).click();
    for (const name of waiting) {
      await page.getByRole('region', { name: /^Wait/ }).getByRole('link', { name }).waitFor();
    }
    await goTo(page, '/');
    for (const name of waiting) await tile(page, name, 'healthy').waitFor();
    await goTo(page, '/incidents');
    await page.getByRole('link', { name: /^archy-bitcoin-knots / }).waitFor();
    for (const name of waiting) {
      expect(await page.getByRole('link', { name: new RegExp(`^${name} `) }).count()).toBe(0);
    }
  });

  it('leaves alone what is on hold, until it is released', async () => {
    await goTo(page, '/containers/archy-btcpay-server');
    await press('Hold archy-btcpay-server');
    await page.getByRole('dialog').getByRole('textbox').fill('backup');
    await confirm('Hold archy-btcpay-server');
    await shows('On hold');
    await kill('archy-btcpay-server');
    await seeAnotherHealed();
    await isGone('archy-btcpay-server');
    await press('Release archy-btcpay-server');
    await shows('Healthy');
  });

  it('stops what was confirmed to be stopped, and leaves it so', async () => {
    await goTo(page, '/containers/immich_redis');
    await press('Stop immich_redis');
    await page.getByRole('dialog').getByText('immich_server needs it and will wait.').waitFor();
    await confirm('Stop immich_redis');
    await shows('Stopped');
    await seeAnotherHealed();
    await isGone('immich_redis');
    await shows('Stopped');
  });

  it('ends at once when it is told to, whoever is watching', async () => {
    demo.child.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    await page.getByText(/^Connection lost/).waitFor();
  });
});
