import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launch } from './chromium.js';
import { OPERATOR, VIEWER, type MockServer } from './mock-server.js';
import { fine, givenUp, incident, outage, type Scenario } from './scenarios.js';
import { goTo, inPage, visit } from './visit.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PAGES = [
  '/',
  '/incidents',
  '/incidents/incident-2',
  '/containers/jellyfin',
  '/notifications',
  '/webhooks',
];

interface State {
  readonly name: string;
  readonly scene: () => Scenario;
  readonly token?: string;
  readonly prepare?: (page: Page, server: MockServer) => Promise<void>;
}
const STATES: readonly State[] = [
  { name: 'fine', scene: fine },
  { name: 'an incident', scene: incident },
  { name: 'a verdict', scene: givenUp },
  { name: 'an engine outage', scene: outage },
  { name: 'a viewer', scene: incident, token: VIEWER },
  {
    name: 'a lost connection',
    scene: incident,
    prepare: async (page, server) => {
      // What the pages load over REST is there before the server is gone.
      await goTo(page, '/containers/jellyfin');
      await server.stop();
      await page.getByText(/^Connection lost/).waitFor();
    },
  },
];

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly string[];
}

/** Violations of WCAG 2.2 AA and of good practice, by rule. `only`: rules that depend on what was just changed. */
function violations(page: Page, only?: readonly string[]): Promise<readonly Violation[]> {
  const options = only ? { runOnly: { type: 'rule', values: only } } : {};
  return inPage(
    page,
    `axe.run(document, { resultTypes: ['violations'], ...${JSON.stringify(options)} }).then(({ violations }) =>
       violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 3).map(({ html, any }) => html.slice(0, 160) + ' ' + (any[0]?.message ?? '')) })))`,
  );
}

describe.skipIf(chromiumPath === null)('accessibility', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.for(STATES)(
    'has no violation on any page: $name',
    { timeout: 60_000 },
    async ({ scene, token, prepare }) => {
      const { page, server, end } = await visit(browser, scene(), { token: token ?? OPERATOR });
      try {
        await prepare?.(page, server);
        await page.evaluate(AXE);
        for (const route of PAGES) {
          await goTo(page, route);
          const check = async (how: string, only?: readonly string[]) =>
            expect({ route, how, found: await violations(page, only) }).toEqual({ route, how, found: [] });
          await check('light');
          await page.emulateMedia({ colorScheme: 'dark' });
          await check('dark', ['color-contrast']);
          await page.setViewportSize({ width: 390, height: 780 });
          await check('phone', ['color-contrast', 'target-size', 'scrollable-region-focusable']);
          await page.setViewportSize({ width: 1180, height: 820 });
          await page.emulateMedia({ colorScheme: 'light' });
        }
      } finally {
        await end();
      }
    },
  );

  it('has no violation in its dialogs', { timeout: 60_000 }, async () => {
    const { page, end } = await visit(browser, incident());
    try {
      await page.evaluate(AXE);
      const dialogs = ['Hold bitcoin', 'Stop bitcoin', /^Live/];
      for (const name of dialogs) {
        await page.getByRole('button', { name }).first().click();
        await page.getByRole('dialog').waitFor();
        expect({ name, found: await violations(page) }).toEqual({ name, found: [] });
        await page.keyboard.press('Escape');
      }
    } finally {
      await end();
    }
  });
});
