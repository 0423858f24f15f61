import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launch } from './chromium.js';
import { OPERATOR, VIEWER, type MockServer } from './mock-server.js';
import { empty, fine, givenUp, hostile, incident, many, outage, type Scenario } from './scenarios.js';
import { goTo, visit } from './visit.js';

const FOLDER = fileURLToPath(new URL('../../test-output/screens/', import.meta.url));
const DESKTOP = { width: 1180, height: 820 };
const PHONE = { width: 390, height: 780 };

interface Shot {
  readonly name: string;
  readonly route?: string;
  readonly prepare?: (page: Page, server: MockServer) => Promise<unknown>;
  /** Only what fits the screen, where something lies over the page. */
  readonly clipped?: boolean;
}
interface Sitting {
  readonly of: string;
  readonly scene: () => Scenario;
  readonly token?: string;
  readonly shots: readonly Shot[];
}

const SITTINGS: readonly Sitting[] = [
  {
    of: 'a good day',
    scene: fine,
    shots: [
      { name: 'overview-fine' },
      {
        name: 'stop-dialog',
        route: '/containers/bitcoin',
        prepare: (page) => page.getByRole('button', { name: 'Stop bitcoin' }).click(),
        clipped: true,
      },
    ],
  },
  {
    of: 'an incident',
    scene: incident,
    shots: [
      { name: 'overview-incident' },
      { name: 'incidents', route: '/incidents' },
      { name: 'incident', route: '/incidents/incident-2' },
      { name: 'incident-resolved', route: '/incidents/incident-1' },
      { name: 'container', route: '/containers/jellyfin' },
      { name: 'container-down', route: '/containers/bitcoin' },
      { name: 'notifications', route: '/notifications' },
      {
        name: 'webhooks',
        route: '/webhooks',
        prepare: (page) => page.getByRole('button', { name: 'Deliveries' }).last().click(),
      },
      {
        name: 'overview-lost',
        route: '/',
        prepare: async (page, server) => {
          await server.stop();
          await page.getByText('Connection lost.').waitFor();
        },
      },
    ],
  },
  { of: 'given up', scene: givenUp, shots: [{ name: 'overview-given-up' }] },
  { of: 'an engine outage', scene: outage, shots: [{ name: 'overview-outage' }] },
  { of: 'a viewer', scene: incident, token: VIEWER, shots: [{ name: 'overview-viewer' }] },
  { of: '200 containers', scene: () => many(200), shots: [{ name: 'overview-many' }] },
  { of: 'hostile names', scene: hostile, shots: [{ name: 'overview-hostile' }] },
  { of: 'an empty server', scene: empty, shots: [{ name: 'overview-empty' }] },
  { of: 'an unknown token', scene: fine, token: 'unknown', shots: [{ name: 'access' }] },
];

/** For people to look at; that each shows a heading and nothing too wide is all that a test can say of them. */
describe.skipIf(chromiumPath === null)('screens', () => {
  let browser: Browser;
  beforeAll(async () => {
    await mkdir(FOLDER, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.for(SITTINGS)('$of', { timeout: 60_000 }, async ({ scene, token = OPERATOR, shots }) => {
    const { page, server, end } = await visit(browser, scene(), { token });
    try {
      for (const { name, route = '/', prepare, clipped = false } of shots) {
        await goTo(page, route);
        await page.setViewportSize(DESKTOP);
        await prepare?.(page, server);
        for (const [size, viewport] of [
          ['desktop', DESKTOP],
          ['phone', PHONE],
        ] as const) {
          await page.setViewportSize(viewport);
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            await page.waitForTimeout(50);
            const picture = `${FOLDER}${name}-${size}-${colorScheme}.png`;
            const bytes = await page.screenshot({ path: picture, fullPage: !clipped });
            expect(bytes.length).toBeGreaterThan(5_000);
          }
        }
        expect(await page.locator('h1').innerText()).not.toBe('');
        await page.keyboard.press('Escape');
      }
    } finally {
      await end();
    }
  });
});
