import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { builtPage } from './built-page.js';
import { MockServer, OPERATOR } from './mock-server.js';
import type { Scenario } from './scenarios.js';

export interface Visit {
  readonly page: Page;
  readonly server: MockServer;
  /** What a browser complained of: errors, refused by policy, and requests to somebody else. */
  readonly complaints: string[];
  readonly end: () => Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}
export interface VisitOptions extends PageOptions {
  readonly token?: string | null;
  readonly route?: string;
  readonly mount?: string;
}

const CONNECTING = 'Connecting to the server';

/** Opens the page on a server of its own, and waits until it shows something. */
export async function visit(browser: Browser, scene: Scenario, options: VisitOptions = {}): Promise<Visit> {
  const { token = OPERATOR, route = '/', mount = 'dashboard' } = options;
  const server = await new MockServer(scene, await builtPage(mount), mount).start();
  const { page, complaints } = await openPage(browser, server.address(token, route), options);
  return { page, server, complaints, end: () => end(page.context(), server) };
}

/** Opens the page of a server that is there already, and waits until it shows something. */
export async function openPage(
  browser: Browser,
  address: string,
  { width = 1180, height = 820, colorScheme = 'light' }: PageOptions = {},
): Promise<Pick<Visit, 'page' | 'complaints'>> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints = listen(page, new URL(address).origin);
  await page.goto(address);
  await page.locator('h1', { hasNotText: CONNECTING }).first().waitFor();
  return { page, complaints };
}

/** The tile of a container, once it has this status. */
export function tile(page: Page, name: string, status: string): Locator {
  return page.locator(`a.tile[data-name=${JSON.stringify(name)}][data-status="${status}"]`);
}

/** The value of an expression inside the page. A text, since the tests are compiled without a browser's types. */
export function inPage<T>(page: Page, expression: string): Promise<T> {
  return page.evaluate<T>(expression);
}

/** Shows another page of the same visit. */
export async function goTo(page: Page, route: string): Promise<void> {
  await inPage(page, `location.hash = ${JSON.stringify(route)}`);
  await inPage(page, 'new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))');
}

function listen(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A server that is gone is reported by the browser itself; that is what some visits are about.
    const expected = /net::ERR|WebSocket connection|status of (401|403|404|409|500|503)/.test(message.text());
    if (message.type() === 'error' && !expected) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) complaints.push(`request to ${request.url()}`);
  });
  return complaints;
}

async function end(context: BrowserContext, server: MockServer): Promise<void> {
  await context.close();
  await server.stop().catch(() => undefined);
}
