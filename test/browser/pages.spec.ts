import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launch } from './chromium.js';
import { OPERATOR, VIEWER, type MockServer } from './mock-server.js';
import {
  cutOff,
  empty,
  fine,
  givenUp,
  hostile,
  incident,
  machine,
  many,
  outage,
  severalHosts,
  type Scenario,
} from './scenarios.js';
import { goTo, inPage, visit } from './visit.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = fileURLToPath(new URL('../../test-output/screens/', import.meta.url));
const DESKTOP = { width: 1180, height: 820 };
const PHONE = { width: 390, height: 780 };

/** In this order, each changes one thing. `rules`: those that depend on what was changed; none: nothing new to find. */
const LOOKS = [
  { name: 'desktop-light', viewport: DESKTOP, colorScheme: 'light', rules: 'all' },
  { name: 'desktop-dark', viewport: DESKTOP, colorScheme: 'dark', rules: ['color-contrast'] },
  {
    name: 'phone-dark',
    viewport: PHONE,
    colorScheme: 'dark',
    rules: ['color-contrast', 'target-size', 'scrollable-region-focusable'],
  },
  { name: 'phone-light', viewport: PHONE, colorScheme: 'light', rules: [] },
] as const;

interface Stop {
  readonly route: string;
  /** Name of its pictures, for people to look at. */
  readonly picture?: string;
  /** Names of buttons, pressed before anybody looks. */
  readonly press?: readonly (string | RegExp)[];
}
interface Tour {
  readonly of: string;
  readonly scene: () => Scenario;
  readonly token?: string;
  /** After the first of the stops was shown. */
  readonly prepare?: (page: Page, server: MockServer) => Promise<unknown>;
  readonly stops: readonly Stop[];
}

const everyPage = (pictures: Readonly<Record<string, string>>): readonly Stop[] =>
  ['/', '/incidents', '/incidents/incident-2', '/containers/jellyfin', '/notifications', '/webhooks'].map(
    (route) => ({ route, ...(pictures[route] && { picture: pictures[route] }) }),
  );

const TOURS: readonly Tour[] = [
  { of: 'a good day', scene: fine, stops: everyPage({ '/': 'overview-fine' }) },
  {
    of: 'an incident',
    scene: incident,
    stops: [
      ...everyPage({
        '/': 'overview-incident',
        '/incidents': 'incidents',
        '/incidents/incident-2': 'incident',
        '/containers/jellyfin': 'container',
        '/notifications': 'notifications',
      }),
      { route: '/incidents/incident-1', picture: 'incident-resolved' },
      { route: '/containers/bitcoin', picture: 'container-down' },
      { route: '/webhooks', picture: 'webhooks', press: ['Deliveries'] },
      { route: '/', picture: 'hold-dialog', press: ['Hold bitcoin'] },
      { route: '/', picture: 'stop-dialog', press: ['Stop bitcoin'] },
      { route: '/', picture: 'server-panel', press: [/^Live/] },
    ],
  },
  { of: 'what was given up', scene: givenUp, stops: everyPage({ '/': 'overview-given-up' }) },
  {
    of: 'a machine without space',
    scene: machine,
    stops: [
      { route: '/', picture: 'overview-machine' },
      { route: '/incidents', picture: 'incidents-machine' },
      { route: '/incidents/incident-2', picture: 'incident-machine' },
      { route: '/', picture: 'server-panel-machine', press: [/^Live/] },
    ],
  },
  { of: 'an engine outage', scene: outage, stops: everyPage({ '/': 'overview-outage' }) },
  {
    of: 'a replica that is cut off',
    scene: cutOff,
    stops: [
      { route: '/', picture: 'overview-cut-off' },
      { route: '/containers/redis', picture: 'container-cut-off' },
    ],
  },
  {
    of: 'several hosts',
    scene: severalHosts,
    stops: [
      { route: '/', picture: 'overview-hosts' },
      { route: '/?host=nas', picture: 'overview-one-host' },
      { route: '/containers/attic%2Flnd', picture: 'container-silent-host' },
      { route: '/', picture: 'server-panel-hosts', press: [/^Live/] },
    ],
  },
  { of: 'a viewer', scene: incident, token: VIEWER, stops: everyPage({ '/': 'overview-viewer' }) },
  {
    of: 'a lost connection',
    scene: incident,
    prepare: async (page, server) => {
      // What the pages load over REST is there before the server is gone.
      await goTo(page, '/containers/jellyfin');
      await server.stop();
      await page.getByText(/^Connection lost/).waitFor();
    },
    stops: everyPage({ '/': 'overview-lost' }),
  },
  { of: '200 containers', scene: () => many(200), stops: [{ route: '/', picture: 'overview-many' }] },
  { of: 'hostile names', scene: hostile, stops: [{ route: '/', picture: 'overview-hostile' }] },
  { of: 'an empty server', scene: empty, stops: [{ route: '/', picture: 'overview-empty' }] },
  { of: 'an unknown token', scene: fine, token: 'unknown', stops: [{ route: '/', picture: 'access' }] },
];

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly string[];
}

/** Violations of WCAG 2.2 AA and of good practice. */
function violations(page: Page, rules: 'all' | readonly string[]): Promise<readonly Violation[]> {
  const options = rules === 'all' ? {} : { runOnly: { type: 'rule', values: rules } };
  return inPage(
    page,
    `axe.run(document, { resultTypes: ['violations'], ...${JSON.stringify(options)} }).then(({ violations }) =>
       violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 3).map(({ html, any }) => html.slice(0, 160) + ' ' + (any[0]?.message ?? '')) })))`,
  );
}

describe.skipIf(chromiumPath === null)('every page', () => {
  let browser: Browser;
  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  /** Looks at what is shown in every way; takes pictures of it, and finds no violation. */
  async function look(page: Page, { route, picture, press }: Stop): Promise<void> {
    for (const { name, viewport, colorScheme, rules } of LOOKS) {
      if (rules.length === 0 && picture === undefined) continue;
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      if (rules.length > 0) {
        const found = await violations(page, rules);
        expect({ route, press, look: name, found }).toEqual({ route, press, look: name, found: [] });
      }
      // Only what fits the screen, where a dialog lies over the page.
      const fullPage = (await page.getByRole('dialog').count()) === 0;
      if (picture) await page.screenshot({ path: `${PICTURES}${picture}-${name}.png`, fullPage });
    }
  }

  it.for(TOURS)(
    'is accessible, and is pictured: $of',
    { timeout: 90_000 },
    async ({ scene, token = OPERATOR, prepare, stops }) => {
      const { page, server, end } = await visit(browser, scene(), { token });
      try {
        await prepare?.(page, server);
        await page.evaluate(AXE);
        for (const stop of stops) {
          await page.setViewportSize(DESKTOP);
          await goTo(page, stop.route);
          for (const name of stop.press ?? []) await page.getByRole('button', { name }).first().click();
          await look(page, stop);
          expect(await page.locator('h1').innerText()).not.toBe('');
          if (stop.press) await page.keyboard.press('Escape');
        }
      } finally {
        await end();
      }
    },
  );
});
