import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/common/events/index.js';
import { chromiumPath, launch } from './chromium.js';
import { OPERATOR, VIEWER } from './mock-server.js';
import {
  ago,
  ahead,
  cutOff,
  fine,
  givenUp,
  HOSTILE,
  hostile,
  incident,
  leakTrend,
  many,
  outage,
  routerAway,
  severalHosts,
  SECOND,
  type Scenario,
} from './scenarios.js';
import { goTo, inPage, tile, visit, type Visit, type VisitOptions } from './visit.js';

const ROUTES = [
  '/',
  '/incidents',
  '/incidents/incident-1',
  '/containers/bitcoin',
  '/notifications',
  '/webhooks',
];

/** What would be there if a text had become more than a text. */
const WHAT_IS_FOREIGN = `({
  elements: document.querySelectorAll('img, iframe, object, embed, #page script, #page style, [onerror], [onclick]').length,
  links: [...document.querySelectorAll('#page [href], #page [src]')]
    .map((element) => element.getAttribute('href') ?? element.getAttribute('src'))
    .filter((address) => !address.startsWith('#')),
  invisible: /[\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u0007]/.test(document.body.innerText + document.title),
  wide: document.documentElement.scrollWidth > innerWidth,
})`;

describe.skipIf(chromiumPath === null)('dashboard', () => {
  let browser: Browser;
  let current: Visit | undefined;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await current?.end();
    current = undefined;
  });

  async function open(scene: Scenario, options?: VisitOptions): Promise<Visit> {
    current = await visit(browser, scene, options);
    return current;
  }
  const headline = async () => (await current!.page.locator('h1').innerText()).replace(/\s+/g, ' ');

  function bitcoinDown(): Incident {
    return { ...incident().incidents[0]!, victims: [] };
  }

  describe('at a glance', () => {
    it('says that all is well, and how fresh that is', async () => {
      const { page } = await open(fine());
      expect(await headline()).toBe('All 26 containers are healthy.');
      await expect
        .poll(() => page.locator('.checked').innerText())
        .toMatch(/^Checked (now|\d+ seconds? ago)\.$/);
      expect(await page.getByRole('heading', { name: 'Wrong now' }).count()).toBe(0);
    });

    it('shows a death at once, and its healing where the death was shown', async () => {
      const { page, server } = await open(fine());
      const down = bitcoinDown();
      server.change('bitcoin', { status: 'down', state: 'exited' }, 'container.exited');
      server.incident(down, 'incident.opened');
      await page.getByRole('heading', { name: 'bitcoin is down.' }).waitFor();
      await expect.poll(() => page.title()).toBe('(1) Overview · node-1');
      server.change('bitcoin', { status: 'healthy', state: 'running' }, 'container.recovered');
      server.incident(
        { ...down, status: 'resolved', resolvedAt: ago(0), endedBy: 'attempt' },
        'incident.resolved',
      );
      await page.getByText(/^Healthy again after 1 minute/).waitFor();
      expect(await headline()).toBe('All 26 containers are healthy.');
    });

    it('shows how far one has come that is not ready yet, and alarms nobody', async () => {
      const scene = fine();
      const reason = 'Not ready yet: Verifying blocks… (87.3 %, about 5 hours left).';
      const progress = { sentence: 'Verifying blocks…', share: 0.873, leftMs: 18_000 * SECOND };
      scene.containers = scene.containers.map((view) =>
        view.name === 'bitcoin'
          ? { ...view, status: 'not-yet', progress, decision: { ...view.decision, code: 'not-yet', reason } }
          : view,
      );
      const { page } = await open(scene);
      expect(await headline()).toBe('Nothing is wrong. bitcoin is not ready yet.');
      expect(await page.locator('[data-name=bitcoin] .tile-word').innerText()).toMatch(/87 %$/);
      await page.locator('[data-name=bitcoin]').click();
      await page.getByText(reason).waitFor();
      await page.getByText('Not ready yet', { exact: true }).waitFor();
    });

    it('says what only a person can do, with no button put forward that would not help', async () => {
      const scene = fine();
      const sentence = 'Its wallet is locked: unlock it.';
      const probe = { health: 'not-yet', sentence, since: ago(SECOND), needsYou: true } as const;
      scene.containers = scene.containers.map((view) =>
        view.name === 'lnd' ? { ...view, status: 'not-yet', probe } : view,
      );
      const cause = { container: 'lnd', reason: sentence, evidence: null };
      scene.incidents = [{ ...bitcoinDown(), kind: 'unhealthy', cause, attempts: 0, victims: [] }];
      const { page } = await open(scene);
      expect(await headline()).toBe('lnd needs you.');
      const card = page.locator('.incident-card');
      await card.getByRole('button', { name: 'Restart lnd' }).waitFor();
      expect(await card.locator('button.main').count()).toBe(0);
      await card.getByRole('link', { name: 'lnd needs you.' }).click();
      const advice = page.locator('section.advice');
      await advice.waitFor();
      expect(await advice.innerText()).toContain(sentence);
    });

    it('shows what the probe of a container came to, also where nobody can ask', async () => {
      const scene = fine();
      const sentence = 'Its port 50001 cannot be reached from here.';
      const probe = { health: 'unanswered', sentence, since: ago(SECOND), needsYou: false } as const;
      scene.containers = scene.containers.map((view) =>
        view.name === 'electrs' ? { ...view, probe } : view,
      );
      const { page } = await open(scene, { route: '/containers/electrs' });
      await page.getByText(`Not answered yet: ${sentence}`).waitFor();
    });

    it('shows what is no container below all containers, and as the cause of those that wait for it', async () => {
      const { page, complaints } = await open(routerAway());
      expect(await headline()).toBe('The router is down. 2 containers wait for it.');
      expect(await page.getByText('2 wait for The router.').count()).toBe(1);
      const outside = page.getByRole('region', { name: 'Outside, 2' }).locator('a.tile');
      expect(await outside.allInnerTexts()).toEqual([
        expect.stringMatching(/The router\s+down/),
        expect.stringMatching(/The NAS/),
      ]);
      await outside.first().click();
      await page.getByRole('heading', { name: 'The router' }).waitFor();
      expect(await page.locator('main').innerText()).toMatch(/tcp 192\.168\.1\.1:53[\s\S]*tor-proxy/);
      await page.getByText('Read the incident').click();
      await page.getByRole('heading', { name: 'The router is down.' }).waitFor();
      await goTo(page, '/containers/tor-proxy');
      await page.getByText('Waits for The router.').waitFor();
      expect(complaints).toEqual([]);
    });

    it('says of what is outside that it works again, and whom its incident waits for', async () => {
      const { page } = await open(routerAway(true), { route: '/incidents/router-1' });
      expect(await headline()).toBe('The router was down. 2 containers wait for it.');
      await page.getByText('The incident ends when tor-proxy and lnd are back, too.').waitFor();
      await page.getByText('open, up again').waitFor();
      await goTo(page, '/externals/gone');
      await page.getByRole('heading', { name: 'Nothing outside is called gone.' }).first().waitFor();
    });

    it('puts the cause first, and its victims behind it', async () => {
      const { page } = await open(incident());
      expect(await headline()).toBe('bitcoin is down. 4 containers wait for it.');
      const card = page.getByRole('article');
      expect(await card.count()).toBe(1);
      const text = (await card.innerText()).replaceAll('\u00a0', ' ');
      expect(text).toContain('bitcoin was killed because it reached its memory limit of 3.9 GiB.');
      expect(text).toContain('4 wait for bitcoin.');
      expect(text).toContain('2 of 3 used');
    });

    it('says of an incident since when it is so again, where it had been over in between', async () => {
      const scene = incident();
      const [first, ...others] = scene.incidents;
      const reopenedAt = ago(30 * SECOND);
      scene.incidents = [{ ...first!, openedAt: ago(500 * SECOND), reopenedAt }, ...others];
      const { page } = await open(scene);
      const when = page.getByRole('article').locator('.when');
      expect(await when.first().innerText()).toMatch(
        /^.*\d\d:\d\d, again since .*\d\d:\d\d, 3\d seconds ago$/,
      );
      await goTo(page, '/incidents');
      await page.getByText(/^again \d\d:\d\d$/).waitFor();
      await goTo(page, `/incidents/${first!.id}`);
      await page.getByText(/^Opened \d\d:\d\d:\d\d · over in between, again \d\d:\d\d:\d\d · /).waitFor();
    });

    it('shows apart how an incident began and why the latest attempt failed', async () => {
      const scene = incident();
      const [first, ...others] = scene.incidents;
      const found = {
        exitCode: 1,
        signal: null,
        oomKilled: false,
        health: null,
        log: ['no data'],
        at: ago(0),
      };
      const reason = 'It could not start again: exit 1.';
      const failedAttempt = { attempt: 2, at: ago(0), reason, evidence: found };
      scene.incidents = [{ ...first!, attempts: 2, failedAttempt }, ...others];
      const { page } = await open(scene, { route: `/incidents/${first!.id}` });
      expect(await headline()).toMatch(/^bitcoin was killed because it reached its memory limit/);
      const cause = await page.getByRole('region', { name: 'Cause' }).innerText();
      const latest = await page.getByRole('region', { name: 'Why it does not come back' }).innerText();
      expect(cause).toMatch(/code 137/);
      expect(latest).toContain(reason);
      expect(latest).toMatch(/Attempt 2, [\s\S]*code 1\b[\s\S]*no data/);
      expect(cause).not.toMatch(/no data|code 1\b/);
    });

    it('says first what a leak comes to, and below it once how it is measured', async () => {
      const { page } = await open(incident(), { route: '/incidents/incident-3' });
      expect(await headline()).toMatch(/^jellyfin will run out of memory/);
      await page.getByText('It works as usual; only its memory grows.').waitFor();
      expect(await page.getByText(leakTrend.reason).allInnerTexts()).toEqual([leakTrend.reason]);
      await page.getByRole('region', { name: 'Cause' }).getByText(leakTrend.reason).waitFor();
    });

    it('says alike everywhere of what is up again that it is', async () => {
      const scene = fine();
      scene.incidents = [bitcoinDown(), ...scene.incidents];
      const { page } = await open(scene);
      await page
        .getByRole('region', { name: 'Up again' })
        .getByText(/^It runs again\./)
        .waitFor();
      await goTo(page, '/incidents');
      const row = page.getByRole('link', { name: /^bitcoin / });
      expect(await row.locator('.row-end').innerText()).toBe('open, up again');
      expect(await row.locator('.shape').getAttribute('data-shape')).toBe('healthy');
      await row.click();
      await page.locator('.chip').getByText('open, up again').waitFor();
    });

    it('counts down to the next attempt', async () => {
      const scene = incident();
      const { page } = await open(scene);
      const read = () => page.locator('.incident-card .countdown').innerText();
      const before = await read();
      expect(before).toMatch(/^0:[012]\d$/);
      await expect.poll(read).not.toBe(before);
    });

    it('orders by what needs a person most', async () => {
      const { page } = await open(givenUp());
      const cards = await page.getByRole('article').locator('h3').allInnerTexts();
      expect(cards).toEqual(['lnd ended with an error (code 1).', 'gitea does not answer its health check.']);
    });

    it('says what a container needs, and what needs it', async () => {
      const { page } = await open(fine());
      await page.locator('a.tile[data-name="electrs"]').hover();
      await page.getByText('electrs needs bitcoin; mempool-api needs it.').waitFor();
      expect(await page.locator('a.tile[data-related]').count()).toBe(2);
    });

    it('folds what is healthy away where there is much of it, and finds it again', async () => {
      const { page } = await open(many(200));
      expect(await page.locator('a.tile:visible').count()).toBe(20);
      await page.getByRole('searchbox').fill('app-15');
      await expect.poll(() => page.locator('a.tile:visible').count()).toBe(10);
      expect(new URL(page.url()).hash).toBe('#/?find=app-15');
    });
  });

  describe('with several hosts', () => {
    const listed = () =>
      current!.page.locator('a.tile:visible').evaluateAll((all) => all.map(({ dataset }) => dataset['name']));
    const head = async (name: string) => {
      const text = await current!.page
        .getByRole('region', { name, exact: true })
        .locator('header')
        .innerText();
      return text.replace(/\s+/g, ' ');
    };

    it('heads the containers of each with its engine, since when that answers, and how many are wrong', async () => {
      const { page } = await open(severalHosts());
      expect(await headline()).toBe('The attic does not answer and nas/photos is given up.');
      const headings = page
        .locator('#all')
        .locator('xpath=ancestor::section')
        .getByRole('heading', { level: 3 });
      expect(await headings.allInnerTexts()).toEqual(['This host', 'The attic', 'The NAS']);
      expect(await head('This host')).toMatch(
        /^This host Podman 5\.4\.2, answers since .*\. 26 containers, none wrong\.$/,
      );
      expect(await head('The attic')).toMatch(
        /^The attic Podman 4\.3\.1, does not answer since \d\d:\d\d\. 3 containers, nobody knows how they are\.$/,
      );
      expect(await head('The NAS')).toMatch(
        /^The NAS Docker 26\.1\.5, answers since .*\. 5 containers, 1 wrong\.$/,
      );
      const region = page.getByRole('region', { name: 'The NAS Applications' });
      expect(await region.locator('.name').last().innerText()).toBe('syncthing');
      await region.getByRole('link', { name: /^nas\/ ?photos ?given up$/ }).waitFor();
    });

    it('says so when one falls silent and another answers again', async () => {
      const { page, server } = await open(severalHosts());
      const tell = (type: 'host.unreachable' | 'host.reachable', host: string) =>
        server.emit({ type, at: ago(0), host, data: { reason: 'No route to host.' } });
      tell('host.unreachable', 'nas');
      await expect.poll(() => head('The NAS')).toContain('does not answer since');
      tell('host.reachable', 'attic');
      await expect.poll(() => head('The attic')).toContain(', answers since');
      await page.getByRole('button', { name: /^Live/ }).click();
      expect(await page.getByRole('dialog').innerText()).toMatch(
        /The NAS\s+docker 26\.1\.5, does not answer since/,
      );
    });

    it('shows one of them by the keyboard alone, remembers that in the address, and fits a phone', async () => {
      const { page } = await open(severalHosts(), { width: 390, height: 780 });
      const choice = page.getByRole('combobox', { name: 'Host' });
      expect(await choice.locator('option').allInnerTexts()).toEqual([
        'All hosts',
        'This host',
        'The attic',
        'The NAS',
      ]);
      await page.getByRole('searchbox').focus();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.type('The N');
      await expect.poll(listed).toEqual(['nas/photos']);
      await page.getByText('4 healthy').click();
      await expect.poll(async () => (await listed()).length).toBe(5);
      expect(await inPage(page, 'location.hash')).toBe('#/?host=nas');
      expect(await inPage(page, 'document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await page.reload();
      await expect.poll(() => choice.inputValue()).toBe('nas');
      expect(await page.getByRole('heading', { name: 'This host' }).count()).toBe(0);
      await choice.selectOption('All hosts');
      await page.getByRole('heading', { name: 'This host' }).waitFor();
      expect(await inPage(page, 'location.hash')).toBe('#/');
    });

    it('does not repeat of what is on a silent host what was decided before', async () => {
      const { page } = await open(severalHosts(), { route: '/containers/attic%2Flnd' });
      await page.getByText('Its host does not answer.').waitFor();
      expect(await page.locator('.decision').innerText()).not.toContain('Healthy');
      expect(await page.locator('.status-line').innerText()).toMatch(/^Not known\s*$/);
    });

    it('finds on all of them, and moves on over their headings with the arrows', async () => {
      const { page } = await open(severalHosts());
      await page.getByRole('searchbox').fill('lnd');
      await expect.poll(listed).toEqual(['lnd-ui', 'lnd', 'attic/lnd']);
      expect(await page.locator('a.tile[tabindex="0"]').count()).toBe(1);
      await page.locator('a.tile').first().focus();
      await page.keyboard.press('End');
      expect(await inPage(page, 'document.activeElement.dataset.name')).toBe('attic/lnd');
    });

    it('knows how those of others are, and lets one act on them, while the engine here is silent', async () => {
      const scene = severalHosts();
      const engine = { ...scene.status.engine, reachable: false, since: ago(SECOND) };
      scene.status = { ...scene.status, engine };
      const { page } = await open(scene);
      await tile(page, 'gitea', 'unknown').waitFor();
      await tile(page, 'nas/minio', 'healthy').waitFor();
      const retry = page.getByRole('button', { name: 'Retry now nas/photos' });
      expect(await retry.getAttribute('aria-disabled')).toBe('false');
    });

    it('has none of that where there is only this one', async () => {
      const { page } = await open(fine());
      expect(await page.locator('select, h4, .host').count()).toBe(0);
    });
  });

  describe('acting', () => {
    it('stops only after it was confirmed, and says before what that means', async () => {
      const { page, server } = await open(fine(), { route: '/containers/bitcoin' });
      const stops = () => server.calls.filter(({ path }) => path === 'containers/bitcoin/stop');
      await page.getByRole('button', { name: 'Stop bitcoin' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Closing its files can take up to 5 minutes.').waitFor();
      expect(await dialog.innerText()).toMatch(/electrs, lnd and nbxplorer need it and will wait\./);
      expect(await inPage(page, 'document.activeElement.textContent')).toBe('Cancel');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(stops()).toHaveLength(0);

      await page.getByRole('button', { name: 'Stop bitcoin' }).click();
      await dialog.getByRole('button', { name: 'Stop bitcoin' }).click();
      await page.getByText('You stopped it; left off.').waitFor();
      expect(stops()).toHaveLength(1);
      await page.getByRole('button', { name: 'Start bitcoin' }).waitFor();
    });

    it('holds with a reason and for a while, and releases', async () => {
      const { page, server } = await open(fine(), { route: '/containers/gitea' });
      await page.getByRole('button', { name: 'Hold gitea' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Hold gitea' }).click();
      await dialog.getByText('Say why, so that others know.').waitFor();
      await dialog.getByRole('textbox').fill('backup');
      await dialog.getByText('4 hours').click();
      await dialog.getByRole('button', { name: 'Hold gitea' }).click();
      await page.locator('.status-line').getByText('On hold').waitFor();
      expect(server.calls.find(({ path }) => path.endsWith('/hold'))?.body).toEqual({
        reason: 'backup',
        forMs: 4 * 3_600_000,
      });
      await page.getByRole('button', { name: 'Release gitea' }).click();
      await page.locator('.status-line').getByText('Healthy').waitFor();
    });

    it('claims nothing before the server said so, and keeps the focus meanwhile', async () => {
      const { page, server } = await open(incident());
      let answer!: () => void;
      const asked = new Promise<void>((resolve) => (answer = resolve));
      server.intercept = async ({ path }) => {
        if (path.endsWith('/retry')) await asked;
        return undefined;
      };
      await page.getByRole('button', { name: 'Retry now bitcoin' }).click();
      const running = page.getByRole('button', { name: /^Retrying…/ });
      await running.waitFor();
      expect(await headline()).toBe('bitcoin is down. 4 containers wait for it.');
      expect(await inPage(page, 'document.activeElement.textContent.startsWith("Retrying…")')).toBe(true);
      answer();
      await page.locator('a.tile[data-name="bitcoin"][data-status="starting"]').waitFor();
    });

    it('shows beside the button why the server refused', async () => {
      const { page, server } = await open(incident());
      server.intercept = ({ path }) =>
        path.endsWith('/retry')
          ? { status: 503, body: { statusCode: 503, message: 'The engine does not answer.' } }
          : undefined;
      await page.getByRole('button', { name: 'Retry now bitcoin' }).click();
      await page.getByRole('article').getByText('That did not work: The engine does not answer.').waitFor();
      expect(
        await page.getByRole('button', { name: 'Retry now bitcoin' }).getAttribute('aria-disabled'),
      ).toBe('false');
    });

    it('gives a viewer nothing to act with, and the server refuses one anyway', async () => {
      const { page, server } = await open(incident(), { token: VIEWER });
      for (const route of ROUTES) {
        await goTo(page, route);
        expect(await page.locator('main .actions .button').filter({ hasNotText: 'Deliveries' }).count()).toBe(
          0,
        );
        expect(
          await page
            .getByRole('button', { name: /Retry|Stop|Hold|Restart|Start|Mark|Dismiss|Add|Test/ })
            .count(),
        ).toBe(0);
      }
      await page.getByText('View only').waitFor();
      const answer = await fetch(`${server.origin}/health-monitor/containers/bitcoin/stop`, {
        method: 'POST',
        headers: { authorization: `Bearer ${VIEWER}` },
      });
      expect(answer.status).toBe(403);
    });

    it('gives an operator a recording as a file, and a viewer none', async () => {
      const { page } = await open(incident());
      for (const route of ['/containers/bitcoin', '/incidents/incident-1']) {
        await goTo(page, route);
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name: 'Download a recording' }).click();
        const file = await download;
        expect(file.suggestedFilename()).toMatch(/^health-monitor-[\dT-]+\.ndjson$/);
        expect(await readFile(await file.path(), 'utf8')).toBe('{"kind":"recording"}');
      }
      await current!.end();
      await open(incident(), { token: VIEWER });
      await goTo(current!.page, '/containers/bitcoin');
      await current!.page.getByText('View only').waitFor();
      expect(await current!.page.getByRole('button', { name: 'Download a recording' }).count()).toBe(0);
    });

    it('reads and dismisses notifications', async () => {
      const { page } = await open(incident(), { route: '/notifications' });
      expect(await headline()).toBe('2 unread');
      await page.getByRole('button', { name: 'Mark as read: lnd was given up' }).click();
      await expect.poll(headline).toBe('1 unread');
      await page.getByRole('button', { name: 'Mark all as read' }).click();
      await expect.poll(headline).toBe('Nothing unread');
      await page.getByRole('button', { name: 'Dismiss: lnd was given up' }).click();
      await expect.poll(() => page.getByText('lnd was given up').count()).toBe(0);
    });

    it('shows a new secret once', async () => {
      const { page } = await open(fine(), { route: '/webhooks' });
      await page.getByRole('button', { name: 'Add a webhook…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('home');
      await dialog.getByLabel('Address').fill('https://example.net/in/secret');
      await dialog.getByRole('button', { name: 'Add' }).click();
      await dialog.getByText(/^whsec_/).waitFor();
      await page.mouse.click(5, 5);
      await dialog.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('article', { name: 'home' }).waitFor();
      const content = await page.content();
      expect(content).not.toContain('whsec_');
      expect(content).not.toContain('/in/secret');
    });

    it('offers what a webhook is told as tick boxes, beside event types of any kind', async () => {
      const { page, server } = await open(fine(), { route: '/webhooks' });
      const dialog = page.getByRole('dialog');
      await page.getByRole('button', { name: 'Add a webhook…' }).click();
      await dialog.getByLabel('Address').fill('https://example.net/in');
      const types = dialog.getByLabel('The same as event types');
      await types.fill('container.given_up');
      await dialog.getByRole('checkbox', { name: 'Memory leaks' }).check();
      expect(await types.inputValue()).toBe('container.given_up, memory.*');
      await types.fill('engine.*');
      expect(await dialog.getByRole('checkbox', { name: 'Memory leaks' }).isChecked()).toBe(false);
      expect(await dialog.getByRole('checkbox', { name: 'The engine' }).isChecked()).toBe(true);
      await dialog.getByRole('checkbox').first().check();
      await dialog.getByRole('button', { name: 'Add' }).click();
      await dialog.getByText(/^whsec_/).waitFor();
      const sent = server.calls.find(({ method, path }) => method === 'POST' && path === 'webhooks');
      expect(sent?.body).toMatchObject({
        events: expect.arrayContaining(['container.given_up', 'engine.*']),
      });
    });

    it('gives advice on addresses only where an address was refused', async () => {
      const { page } = await open(incident(), { route: '/webhooks' });
      const dialog = page.getByRole('dialog');
      await page.getByRole('button', { name: 'Add webhook…' }).click();
      await dialog.getByLabel('Name').fill('ops');
      await dialog.getByLabel('Address').fill('http://127.0.0.1/in');
      await dialog.getByRole('button', { name: 'Add' }).click();
      await dialog.getByText('There is a webhook ops already.').waitFor();
      expect(await dialog.getByText('Copy the address anew').count()).toBe(0);
      await dialog.getByLabel('Name').fill('other');
      await dialog.getByRole('button', { name: 'Add' }).click();
      await dialog.getByText(/this machine .loopback.*Copy the address anew/).waitFor();
    });

    it('makes a new secret, and shows the one that a change of format brings', async () => {
      const scene = incident();
      scene.webhooks = scene.webhooks.map((webhook) => ({ ...webhook, signed: false }));
      const { page } = await open(scene, { route: '/webhooks' });
      const dialog = page.getByRole('dialog');
      await page.getByRole('button', { name: 'Edit…' }).click();
      await dialog.getByLabel('Format').selectOption('archipelago');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText(/^whsec_/).waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('button', { name: 'New secret…' }).click();
      await dialog.getByRole('button', { name: 'Make it' }).click();
      await dialog.getByText(/^whsec_/).waitFor();
    });

    it('says why a webhook fails and when it is tried again, and tries it now', async () => {
      const { page, server } = await open(incident(), { route: '/webhooks' });
      const ops = page.getByRole('article', { name: 'ops' });
      await ops.getByText(/^Failing since .*\. It answered 500\. Attempt 2 follows at [\d:]+\./).waitFor();
      await ops.getByRole('button', { name: 'Deliveries' }).click();
      await ops.getByRole('cell', { name: 'It answered 500.' }).waitFor();
      await ops.getByRole('button', { name: 'Try now container.given_up' }).click();
      await expect.poll(() => server.calls.some(({ path }) => path.endsWith('/replay'))).toBe(true);
    });
  });

  describe('when it cannot know', () => {
    it('says that the connection is lost, and offers nothing it cannot do', async () => {
      const { page, server } = await open(incident());
      await server.stop();
      const alert = page.getByRole('alert');
      await alert.waitFor();
      // What counts up in it would be read out every second.
      expect(await alert.innerText()).toMatch(/^Connection lost\. What you see is from [\d:]+\.$/);
      expect(await headline()).toMatch(/^Last known: bitcoin is down\./);
      await expect.poll(() => page.title()).toMatch(/^\? /);
      expect(
        await page.getByRole('button', { name: 'Retry now bitcoin' }).getAttribute('aria-disabled'),
      ).toBe('true');
      expect(await inPage(page, 'getComputedStyle(document.documentElement).filter')).toBe('grayscale(1)');
      await page.getByRole('button', { name: 'Retry now bitcoin' }).click({ force: true });
      expect(server.calls.some(({ path }) => path.endsWith('/retry'))).toBe(false);
    });

    it('says so at once when the device is offline', async () => {
      const { page } = await open(fine());
      await page.context().setOffline(true);
      await page.getByText(/^Connection lost/).waitFor();
      await page.context().setOffline(false);
      await page.getByText(/^Connection lost/).waitFor({ state: 'detached' });
    });

    it('loses nothing over a restart of the server, and tells what happened meanwhile', async () => {
      const { page, server } = await open(fine());
      await server.stop();
      await page.getByText(/^Connection lost/).waitFor();
      const down = bitcoinDown();
      server.incident({ ...down, openedAt: ago(120 * SECOND) }, 'incident.opened');
      server.change('bitcoin', { status: 'restarting' }, 'container.restarted');
      server.incident(
        {
          ...down,
          openedAt: ago(120 * SECOND),
          status: 'resolved',
          resolvedAt: ago(19 * SECOND),
          endedBy: 'attempt',
        },
        'incident.resolved',
      );
      server.change('gitea', { status: 'starting' });
      await server.start();
      await page
        .getByText('Back. 4 events happened while you were away: bitcoin was down for 41 seconds.')
        .waitFor();
      await page.locator('a.tile[data-name="gitea"][data-status="starting"]').waitFor();
      expect(await page.locator('html').getAttribute('data-connection')).toBe('live');
    });

    it('asks again for what a long loss left out of a container’s history', async () => {
      const { page, server } = await open(fine(), { route: '/containers/gitea' });
      await page.getByText('Nothing has happened to it yet.').waitFor();
      await server.stop();
      server.change('gitea', { status: 'restarting' }, 'container.restarted');
      server.epoch = 'another';
      await server.start();
      await page.locator('.story li').waitFor();
    });

    it('says that the engine is silent, and that nobody knows how anything is', async () => {
      const { page } = await open(outage());
      await page
        .getByText(/^The engine does not answer since .*Nothing is decided and nothing is restarted/)
        .waitFor();
      expect(await page.locator('a.tile[data-name="gitea"]').getAttribute('data-status')).toBe('unknown');
      expect(await page.locator('.countdown').count()).toBe(0);
      const isOff = (name: string) => page.getByRole('button', { name }).getAttribute('aria-disabled');
      expect(await isOff('Retry now bitcoin')).toBe('true');
      expect(await isOff('Hold bitcoin')).toBe('false');
    });

    it('offers nothing that a replica which is cut off would refuse, and says why', async () => {
      const scene = cutOff();
      const { page, server } = await open(scene);
      const bar = page.getByRole('status').filter({ hasText: /^Changes are not kept at the moment/ });
      await bar.filter({ hasText: 'nobody here knows which replica leads' }).waitFor();
      const isOff = (name: string | RegExp) =>
        page.getByRole('button', { name, exact: true }).getAttribute('aria-disabled');
      const retry = page.getByRole('button', { name: 'Retry now bitcoin' });
      expect(await retry.getAttribute('title')).toBe(scene.status.onlyReads!.reason);
      expect([await isOff('Retry now bitcoin'), await isOff('Hold bitcoin')]).toEqual(['true', 'true']);
      await retry.click({ force: true });
      await goTo(page, '/containers/gitea');
      expect(await isOff('Start gitea')).toBe('true');
      await goTo(page, '/notifications');
      expect(await isOff('Mark all as read')).toBe('true');
      await goTo(page, '/containers/redis');
      expect([await isOff('Start redis'), await isOff('Hold redis')]).toEqual(['false', 'true']);
      expect(server.calls.filter(({ method }) => method !== 'GET')).toEqual([]);

      const { onlyReads: _, ...status } = scene.status;
      const store = { ...status.store, durable: true, problem: null };
      server.scene.status = { ...status, mode: 'heal', store };
      server.emit({ type: 'store.recovered', at: ago(0), data: { reason: 'All is written.' } });
      await expect.poll(() => isOff('Hold redis')).toBe('false');
      await bar.waitFor({ state: 'detached' });
    });

    it('does not say that something runs again while nobody knows', async () => {
      const scene = fine();
      scene.incidents = [bitcoinDown(), ...scene.incidents];
      scene.status = { ...scene.status, engine: { ...scene.status.engine, reachable: false, since: ago(0) } };
      const { page } = await open(scene);
      const card = page
        .getByRole('article')
        .filter({ hasText: 'It ran again when the engine last answered.' });
      expect(await card.locator('.shape').getAttribute('data-shape')).toBe('unknown');
      await goTo(page, '/incidents');
      expect(await page.getByText('up again').count()).toBe(0);
      await page.getByRole('link', { name: /^bitcoin / }).click();
      await page.locator('.incident-now').getByText('It ran again when the engine last answered.').waitFor();
    });

    it('does not take a server that has not looked yet for one whose engine is silent', async () => {
      const scene = fine();
      const known = scene.status;
      const engine = { ...known.engine, version: null, reachable: false, since: null };
      scene.status = { ...known, engine, lastCheckAt: null };
      const { page, server } = await open(scene);
      await page.getByText('Not checked yet.').waitFor();
      expect(await page.getByText(/The engine does not answer|Last known/).count()).toBe(0);
      await tile(page, 'gitea', 'healthy').waitFor();
      scene.status = known;
      server.change('gitea', { status: 'starting' });
      await page.getByText('Checked now.').waitFor();
    });

    it('says when it only observes, and when it has not begun to heal', async () => {
      const healingFrom = ahead(100 * SECOND);
      const heals = fine();
      heals.status = { ...heals.status, healingFrom };
      const { page } = await open(heals);
      await page.getByText(/^Watching\. Healing starts in 1:\d\d$/).waitFor();

      const observes = fine();
      observes.status = { ...observes.status, mode: 'observe', healingFrom };
      const other = (await open(observes)).page;
      await other.getByText('Observing: nothing is touched').waitFor();
      expect(await other.getByText('Healing starts in').count()).toBe(0);
    });

    it('offers a newer page without forcing it on a reader', async () => {
      const { page, server } = await open(fine());
      await server.stop();
      server.build = '2.0.0';
      await server.start();
      await page.getByText('A newer version is ready.').waitFor();
    });
  });

  describe('safety', () => {
    it('takes the token out of the address, keeps it for this tab, and uses it over a reload', async () => {
      const { page } = await open(fine(), { route: '/incidents' });
      expect(page.url()).not.toContain(OPERATOR);
      expect(new URL(page.url()).hash).toBe('#/incidents');
      expect(await inPage<number>(page, 'history.length')).toBeLessThan(4);
      await page.reload();
      await page.getByRole('heading', { name: 'Incidents' }).waitFor();
    });

    it('takes a new link that is opened in the same tab', async () => {
      const { page, server } = await open(fine(), { token: 'wrong' });
      await page.goto(server.address(OPERATOR, '/incidents'));
      await page.getByRole('heading', { name: 'Incidents' }).waitFor();
      expect(new URL(page.url()).hash).toBe('#/incidents');
    });

    it('shows nobody anything without a token, and does not knock again', async () => {
      const { page, server } = await open(fine(), { token: 'wrong' });
      expect(await headline()).toBe('This page needs a new link from your server.');
      expect(await page.locator('nav, .tile').count()).toBe(0);
      expect(await inPage(page, 'sessionStorage.length')).toBe(0);
      let knocks = 0;
      server.onKnock = () => knocks++;
      await page.waitForTimeout(1_500);
      expect(knocks).toBe(0);
    });

    it('drops everything when REST no longer knows the token', async () => {
      const { page, server } = await open(fine(), { route: '/containers/gitea' });
      server.intercept = () => ({ status: 401, body: { statusCode: 401, message: 'Unauthorized' } });
      await goTo(page, '/containers/lnd');
      await page.getByText('This page needs a new link from your server.').waitFor();
      expect(await inPage(page, 'sessionStorage.length')).toBe(0);
    });

    it('treats every name, label and log line as text, on every page', async () => {
      const scene = hostile();
      const { page, server, complaints } = await open(scene);
      const names = Object.values(HOSTILE);
      const routes = [
        ...ROUTES,
        ...names.map((name) => `/containers/${encodeURIComponent(name)}`),
        ...names.map((name) => `/incidents/${encodeURIComponent(`i-${name}`)}`),
      ];
      for (const route of routes) {
        await goTo(page, route);
        const found = await inPage<object>(page, WHAT_IS_FOREIGN);
        expect({ route, ...found }).toEqual({ route, elements: 0, links: [], invisible: false, wide: false });
      }
      expect(await page.title()).toContain('· <img src=x onerror=');
      await goTo(page, '/');
      expect(await page.locator('body').innerText()).toContain('evil⟨U+202E⟩gnp.exe');
      expect(await page.locator('a.tile', { hasText: 'nnnn' }).innerText()).toMatch(/^n{63}…/);
      await goTo(page, `/containers/${HOSTILE.long}`);
      expect(await headline()).toBe(HOSTILE.long);
      await page.getByRole('button', { name: /^Retry now n/ }).click();
      await expect
        .poll(() => server.calls.some(({ path }) => path === `containers/${HOSTILE.long}/retry`))
        .toBe(true);
      expect(complaints).toEqual([]);
    });

    it('obeys the strictest policy on every page, without a request to anybody else', async () => {
      const { page, server, complaints } = await open(incident());
      for (const route of [...ROUTES, '/containers/jellyfin']) {
        await goTo(page, route);
        await page.waitForTimeout(80);
      }
      await goTo(page, '/');
      await page.getByRole('button', { name: 'Hold bitcoin' }).click();
      await page.keyboard.press('Escape');
      expect(complaints).toEqual([]);
      const { headers } = await fetch(`${server.origin}/dashboard/`);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
          "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    });

    it('hides a webhook’s path until an operator asks for it', async () => {
      const { page } = await open(incident(), { route: '/webhooks' });
      const ops = page.getByRole('article', { name: 'ops' });
      await ops.getByText('https://hooks.slack.example/…').waitFor();
      await ops.getByRole('button', { name: 'Reveal' }).click();
      await ops.getByText('https://hooks.slack.example/services/T000/B000/secret-path').waitFor();
      expect(await ops.locator('a').count()).toBe(0);
    });
  });

  describe('getting around', () => {
    it('works under any path, with and without a slash at its end', async () => {
      const { page, server } = await open(fine(), { mount: 'ops/health/view' });
      expect(await headline()).toBe('All 26 containers are healthy.');
      await page.goto(`${server.origin}/ops/health/view#token=${OPERATOR}&/webhooks`);
      await page.getByRole('heading', { name: 'Webhooks', level: 1 }).waitFor();
      await page.getByText('No webhooks yet.').waitFor();
    });

    it('can be used with the keyboard alone', async () => {
      const { page, server } = await open(incident());
      await page.keyboard.press('/');
      await page.keyboard.type('next');
      await expect.poll(() => page.locator('a.tile:visible').count()).toBe(2);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('a.tile:visible').count()).toBe(26);
      await page.locator('a.tile').first().focus();
      await page.keyboard.press('ArrowRight');
      expect(await inPage(page, 'document.activeElement.dataset.name')).toBe('lnd-ui');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('End');
      expect(await inPage(page, 'document.activeElement.dataset.name')).toBe('nextcloud-db');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'nextcloud-db', level: 1 }).waitFor();
      expect(await inPage(page, 'document.activeElement.tagName')).toBe('H1');
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { level: 1, name: /bitcoin is down/ }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('n');
      await page.getByRole('heading', { name: '2 unread' }).waitFor();
      await page.keyboard.press('n');
      await page.getByRole('heading', { level: 1, name: /bitcoin was killed/ }).waitFor();
      for (const key of 'abcdefhjklmpqrstuvxyz') await page.keyboard.press(key);
      expect(server.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
    });

    it('has one tab stop among containers, wherever those are that show', async () => {
      const scene = many(200);
      scene.containers = scene.containers.map((view) =>
        view.tier === 'frontend' ? { ...view, tier: 'core' } : view,
      );
      const { page } = await open(scene);
      const stops = page.locator('a.tile[tabindex="0"]:visible');
      expect(await stops.count()).toBe(1);
      await stops.focus();
      await page.keyboard.press('ArrowRight');
      expect(await inPage(page, 'document.activeElement.tabIndex')).toBe(0);
      expect(await stops.count()).toBe(1);
      await page.getByRole('searchbox').fill('app-15');
      await expect.poll(() => page.locator('a.tile:visible').count()).toBe(10);
      expect(await stops.count()).toBe(1);
    });

    it('breaks no word of a choice on a phone', async () => {
      const { page } = await open(fine(), { width: 390, height: 780 });
      await page.getByRole('button', { name: /^Live/ }).click();
      const bar = page.getByRole('dialog').locator('.choice-bar');
      expect(await bar.locator('button').allInnerTexts()).toEqual(['System', 'Light', 'Dark']);
      const lines =
        '[...document.querySelectorAll(".choice-bar button")].map((one) => { const text = document.createRange(); text.selectNodeContents(one); return text.getClientRects().length; })';
      expect(await inPage(page, lines)).toEqual([1, 1, 1]);
      const isWithin =
        'document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll("dialog")].every((one) => one.scrollWidth <= one.clientWidth)';
      expect(await inPage(page, isWithin)).toBe(true);
    });

    it('has none while all are folded away, and one when they are opened', async () => {
      const { page } = await open(fine(), { width: 390, height: 780 });
      const stops = page.locator('a.tile[tabindex="0"]');
      expect(await stops.count()).toBe(0);
      await page.locator('summary').click();
      await expect.poll(() => stops.count()).toBe(1);
    });

    it('moves nothing under the pointer, says of it what is, and moves on when the pointer rests', async () => {
      const { page, server } = await open(incident(), { route: '/incidents' });
      await page.clock.install();
      const cause = page.getByRole('link', { name: /bitcoin was killed/ }).first();
      await cause.hover();
      server.incident(
        { ...bitcoinDown(), status: 'resolved', resolvedAt: ago(0), endedBy: 'attempt' },
        'incident.resolved',
      );
      await cause.getByText('healed by the monitor').waitFor();
      const first = () => page.locator('section').first().innerText();
      expect(await first()).toMatch(/^Open\n[^]*bitcoin was killed/);
      await page.clock.fastForward(10_000);
      await expect.poll(first).not.toMatch(/^Open\n[^]*bitcoin was killed/);
    });

    it('filters containers at once, wherever the pointer is', async () => {
      const { page } = await open(fine());
      await page.locator('a.tile[data-name="electrs"]').hover();
      await page.keyboard.press('/');
      await page.keyboard.type('next');
      await expect.poll(() => page.locator('a.tile:visible').count()).toBe(2);
    });

    it('tells of memory what stands under the arrow keys, and under the pointer', async () => {
      const { page } = await open(incident(), { route: '/containers/jellyfin' });
      const chart = page.getByRole('application', { name: /^Arrow keys move along the chart/ });
      const said = page.locator('.plot-value');
      let before = '';
      for (const key of ['End', 'ArrowLeft', 'Shift+ArrowLeft', 'Home']) {
        await chart.press(key);
        await expect.poll(() => said.innerText()).not.toBe(before);
        before = await said.innerText();
        expect(before).toMatch(/^\d\d:\d\d: \d+\sMiB$/);
      }
      await expect.poll(() => page.locator('.memory-figure [aria-live]').innerText()).toBe(before);
      const { x, y, width, height } = (await chart.boundingBox())!;
      await page.mouse.move(x + width / 2, y + height / 2);
      await expect.poll(() => said.innerText()).not.toBe(before);
      await page.mouse.move(x, y - 20);
      await expect.poll(() => said.innerText()).toBe('');
      await page.setViewportSize({ width: 390, height: 780 });
      await expect.poll(() => inPage(page, 'document.documentElement.scrollWidth - innerWidth')).toBe(0);
      await page.getByRole('button', { name: 'Show as table' }).click();
      expect(await page.getByRole('row').count()).toBeGreaterThan(20);
    });

    it('tells the same story as text and as events', async () => {
      const { page } = await open(incident(), { route: '/incidents/incident-2' });
      const story = await page.locator('.story').innerText();
      expect(story).toContain('Killed again after 44 seconds.');
      expect(story).toMatch(/lnd\s*electrs\s*wait for bitcoin\./);
      await page.getByRole('button', { name: 'Everything' }).click();
      expect(await page.getByRole('row').count()).toBe(8);
    });

    it.each([
      ['in an incident', incident],
      ['on a replica that is cut off and observes', cutOff],
    ])('fits a small phone, on every page, %s', async (_, scene) => {
      const { page } = await open(scene(), { width: 320, height: 600 });
      for (const route of [...ROUTES, '/containers/jellyfin', '/incidents/incident-2']) {
        await goTo(page, route);
        const wide = await inPage(page, 'document.documentElement.scrollWidth - innerWidth');
        expect({ route, wide }).toEqual({ route, wide: 0 });
      }
    });

    it('keeps headline, cause and buttons on a phone’s first screen', async () => {
      const { page } = await open(incident(), { width: 390, height: 780 });
      const retry = await page.getByRole('button', { name: 'Retry now bitcoin' }).boundingBox();
      const nav = await page.locator('.nav').boundingBox();
      expect(retry!.y + retry!.height).toBeLessThan(nav!.y);
    });
  });
});
