import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ProcessRuntime } from '../../demo/process-runtime/index.js';
import { ContainerRuntime } from '../../src/health-monitor/runtime/index.js';
import { describeWithPodman, PodmanEngine, whyNoPodman } from '../podman/podman-engine.js';
import { buildPageOfPackage } from './built-page.js';
import { chromiumPath, launch } from './chromium.js';
import { LiveMonitor } from './live-monitor.js';
import { VIEWER } from './mock-server.js';
import { goTo, inPage, openPage, tile } from './visit.js';

// The demo imports the package by its name; here that is the source.
vi.mock('@archipelago/health-monitor', () => import('../../src/health-monitor/runtime/index.js'));

const SERVICE = fileURLToPath(new URL('../../demo/services/service.sh', import.meta.url));
const HOSTILE = '<img src=x onerror="document.title=1">\u202Egnp.exe';
/** Real processes on a machine that may be busy: what happens at all, happens within this. */
const EVENTUALLY = { timeout: 30_000 };

let browser: Browser;
beforeAll(async () => {
  if (chromiumPath === null) return;
  await buildPageOfPackage();
  browser = await launch();
}, 60_000);
afterAll(() => browser?.close());

async function show(monitor: LiveMonitor, token?: string, route?: string): Promise<Page> {
  return (await openPage(browser, monitor.address(token, route))).page;
}

describe.skipIf(chromiumPath === null || process.platform === 'win32')(
  'dashboard on a server whose containers are processes',
  () => {
    let runtime: ProcessRuntime;
    let monitor: LiveMonitor;
    let folder: string;
    let page: Page;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'dashboard-live-'));
      runtime = new ProcessRuntime();
      for (const name of ['api', 'db', HOSTILE]) {
        const id = runtime.add({
          name,
          image: `localhost/${name}`,
          command: ['sh', SERVICE, 'service'],
          stopTimeoutMs: 2_000,
        });
        await runtime.start(id);
      }
      monitor = await new LiveMonitor(
        {
          storage: { kind: 'sqlite', path: join(folder, 'health-monitor.db') },
          restart: { backoffMs: [4_000, 4_000, 4_000], tierSettleMs: 0, stableAfterMs: 60_000 },
        },
        [{ provide: ContainerRuntime, useValue: runtime }],
      ).start();
      page = await show(monitor);
    }, 60_000);
    afterAll(async () => {
      await page?.context().close();
      await monitor?.stop();
      await runtime?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('shows all of them, and whatever their names are, as text', async () => {
      await expect.poll(() => page.locator('a.tile').count(), EVENTUALLY).toBe(3);
      await tile(page, 'api', 'healthy').waitFor(EVENTUALLY);
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('body').innerText()).toContain('⟨U+202E⟩gnp.exe');
      await goTo(page, `/containers/${encodeURIComponent(HOSTILE)}`);
      await page.getByRole('button', { name: /^Restart <img/ }).waitFor(EVENTUALLY);
      expect(await page.title()).toContain('<img src=x');
      await goTo(page, '/');
    });

    it('reconnects after a restart of the server, with nothing lost', async () => {
      const told = (text: string) => page.locator('.story').getByText(text).first().waitFor(EVENTUALLY);
      await goTo(page, '/containers/api');
      runtime.tell('api', 'exit 3');
      await told('Stopped with code 3.');
      await monitor.stop();
      await page.getByText(/^Connection lost/).waitFor(EVENTUALLY);
      runtime.tell('api', 'exit 4');
      await monitor.start();
      await page.getByText(/^Connection lost/).waitFor({ state: 'detached', ...EVENTUALLY });
      await told('Stopped with code 4.');
      await told('Stopped with code 3.');
      await page.locator('.status-line').getByText('Healthy').waitFor(EVENTUALLY);
    }, 90_000);

    it('lets a viewer look, and nothing else', async () => {
      const watched = await show(monitor, VIEWER, '/containers/api');
      await watched.getByRole('heading', { name: 'api', level: 1 }).waitFor(EVENTUALLY);
      await watched.getByText('View only').waitFor(EVENTUALLY);
      expect(await watched.getByRole('button', { name: /Stop|Restart|Hold|Start/ }).count()).toBe(0);
      const stop = `fetch('/health-monitor/containers/api/stop', { method: 'POST', headers: { Authorization: 'Bearer ' + sessionStorage['health-monitor-token'] } }).then(({ status }) => status)`;
      expect(await inPage(watched, stop)).toBe(403);
      await watched.context().close();
    });
  },
);

const missing = chromiumPath === null ? 'there is no Chromium' : await whyNoPodman();
describeWithPodman(
  'dashboard on a real Podman',
  () => {
    let engine: PodmanEngine;
    let monitor: LiveMonitor;
    let page: Page;

    beforeAll(async () => {
      engine = await PodmanEngine.start();
      for (const name of ['archy-lnd', 'bitcoin']) await engine.run(name);
      monitor = await new LiveMonitor({
        storage: { kind: 'memory' },
        runtime: { kind: 'podman', socketPath: engine.socketPath },
        containers: { 'archy-lnd': { dependsOn: ['bitcoin'] } },
      }).start();
      page = await show(monitor);
    }, 120_000);
    afterAll(async () => {
      await page?.context().close();
      await monitor?.stop();
      await engine?.dispose();
    }, 60_000);

    it('shows a kill and its healing', async () => {
      await tile(page, 'bitcoin', 'healthy').waitFor(EVENTUALLY);
      await goTo(page, '/containers/bitcoin');
      process.kill(await engine.pid('bitcoin'), 'SIGKILL');
      await page.locator('.story').getByText('137').first().waitFor(EVENTUALLY);
      await page.locator('.status-line').getByText('Healthy').waitFor(EVENTUALLY);
      await page.getByText('1 of 3 used').waitFor(EVENTUALLY);
    }, 60_000);

    it('stops and starts', async () => {
      await page.getByRole('button', { name: 'Stop bitcoin' }).click();
      await page.getByRole('dialog').getByText('archy-lnd needs it and will wait.').waitFor(EVENTUALLY);
      await page.getByRole('dialog').getByRole('button', { name: 'Stop bitcoin' }).click();
      await page.locator('.status-line').getByText('Stopped').waitFor(EVENTUALLY);
      await page.getByRole('button', { name: 'Start bitcoin' }).click();
      await page.locator('.status-line').getByText('Healthy').waitFor(EVENTUALLY);
    }, 60_000);
  },
  missing,
);
