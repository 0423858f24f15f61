import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtPage } from './built-page.js';
import { chromiumPath, launch } from './chromium.js';
import { MockServer, OPERATOR, VIEWER } from './mock-server.js';
import { empty, fine, givenUp, hostile, incident, many, outage, type Scenario } from './scenarios.js';

const FOLDER = fileURLToPath(new URL('../../test-output/screens/', import.meta.url));
const DESKTOP = { width: 1180, height: 820 };
const PHONE = { width: 390, height: 780 };

interface Screen {
  readonly name: string;
  readonly scene: () => Scenario;
  readonly route: string;
  readonly token?: string;
  readonly prepare?: (page: Page, server: MockServer) => Promise<void>;
}

const SCREENS: readonly Screen[] = [
  { name: 'overview-fine', scene: fine, route: '/' },
  { name: 'overview-incident', scene: incident, route: '/' },
  { name: 'overview-given-up', scene: givenUp, route: '/' },
  { name: 'overview-viewer', scene: incident, route: '/', token: VIEWER },
  { name: 'overview-outage', scene: outage, route: '/' },
  { name: 'overview-many', scene: () => many(200), route: '/' },
  { name: 'overview-hostile', scene: hostile, route: '/' },
  { name: 'overview-empty', scene: empty, route: '/' },
  {
    name: 'overview-lost',
    scene: incident,
    route: '/',
    prepare: async (page, server) => {
      await server.stop();
      await page.getByText('Connection lost.').waitFor();
    },
  },
  { name: 'incidents', scene: incident, route: '/incidents' },
  { name: 'incident', scene: incident, route: '/incidents/incident-2' },
  { name: 'incident-resolved', scene: incident, route: '/incidents/incident-1' },
  { name: 'container', scene: incident, route: '/containers/jellyfin' },
  { name: 'container-down', scene: incident, route: '/containers/bitcoin' },
  { name: 'notifications', scene: incident, route: '/notifications' },
  {
    name: 'webhooks',
    scene: incident,
    route: '/webhooks',
    prepare: async (page) => page.getByRole('button', { name: 'Deliveries' }).last().click(),
  },
  {
    name: 'stop-dialog',
    scene: fine,
    route: '/containers/bitcoin',
    prepare: async (page) => page.getByRole('button', { name: 'Stop bitcoin' }).click(),
  },
  { name: 'access', scene: fine, route: '/', token: 'unknown' },
];

/** Screens are for people to look at; that they show something at all is all a test can say. */
describe.skipIf(chromiumPath === null)('screens', () => {
  let browser: Browser;
  beforeAll(async () => {
    await mkdir(FOLDER, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  const only = process.env['SCREENS']?.split(',');
  it.for(SCREENS.filter(({ name }) => !only || only.includes(name)))(
    '$name',
    async ({ name, scene, route, token, prepare }) => {
      const server = await new MockServer(scene(), await builtPage('dashboard')).start();
      const context = await browser.newContext({ reducedMotion: 'reduce' });
      const page = await context.newPage();
      await page.setViewportSize(DESKTOP);
      await page.goto(server.address(token ?? OPERATOR, route));
      await expect.poll(() => page.locator('h1').textContent()).not.toBe('Connecting to the server');
      await prepare?.(page, server);
      await page.waitForTimeout(150);
      for (const [size, viewport] of [
        ['desktop', DESKTOP],
        ['phone', PHONE],
      ] as const) {
        await page.setViewportSize(viewport);
        for (const scheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: scheme });
          await page.waitForTimeout(60);
          await page.screenshot({
            path: `${FOLDER}${name}-${size}-${scheme}.png`,
            fullPage: !name.includes('dialog'),
          });
        }
      }
      await context.close();
      await server.stop().catch(() => undefined);
    },
  );
});
