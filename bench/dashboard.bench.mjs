// What the dashboard weighs, what a snapshot of 200 containers weighs, and what it costs a browser to keep them live.
//
//   npm run build && node bench/dashboard.bench.mjs
//
// The browser is Debian's Chromium (scripts/chromium.sh), painting in software; the server is the one of the
// browser tests.
/* global Buffer, PerformanceObserver, document, performance, requestAnimationFrame, window */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { DashboardFiles } from '../dist/dashboard/dashboard-files.js';
import { DashboardPage } from '../dist/dashboard/dashboard-page.js';
import { load } from './lib/load.mjs';
import { median } from './lib/statistics.mjs';

const CONTAINERS = 200;
const CHANGES_A_SECOND = 200;
const SECONDS = 10;

const root = fileURLToPath(new URL('..', import.meta.url));
const { MockServer } = await load('test/browser/mock-server.ts');
const { many } = await load('test/browser/scenarios.ts');

const PUBLIC = join(root, 'dist/dashboard/public');
const kilobytes = (bytes) => `${(bytes / 1_000).toFixed(1)} kB`;
const weigh = (body) => ({
  plain: kilobytes(body.length),
  gzip: kilobytes(gzipSync(body, { level: 9 }).length),
  brotli: kilobytes(brotliCompressSync(body).length),
});

weighPage();
weighSnapshot();
await measureBrowser();

function weighPage() {
  const files = readdirSync(PUBLIC, { recursive: true })
    .map((name) => join(PUBLIC, name))
    .filter((path) => statSync(path).isFile() && !path.endsWith('.br'));
  const read = (path) => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path));
  const rows = Object.fromEntries(
    files.map((path) => [path.slice(PUBLIC.length + 1).replace(/\.gz$/, ''), weigh(read(path))]),
  );
  const sum = (encode) => kilobytes(files.reduce((total, path) => total + encode(read(path)).length, 0));
  rows['all of it (aim: 75 kB compressed)'] = {
    plain: sum((body) => body),
    gzip: sum((body) => gzipSync(body, { level: 9 })),
    brotli: sum((body) => brotliCompressSync(body)),
  };
  console.log('\nThe page');
  console.table(rows);
}

function weighSnapshot() {
  const { containers, incidents, notifications, status } = many(CONTAINERS);
  const body = JSON.stringify({
    mode: 'snapshot',
    state: { containers, incidents, notifications, status },
    epoch: 'e',
    head: 1,
  });
  console.log(`\nA snapshot of ${CONTAINERS} containers (aim: 100 kB compressed)`);
  console.table({ snapshot: weigh(Buffer.from(body)) });
}

async function measureBrowser() {
  const executablePath = execFileSync('sh', [join(root, 'scripts/chromium.sh')], { encoding: 'utf8' }).trim();
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
  const page = new DashboardPage('dashboard', {}, new DashboardFiles(PUBLIC));
  const rows = {};
  for (const [name, route] of [
    // The first is for the browser to warm up, and not shown.
    ['', '/'],
    ['folded, as a person sees 200', '/'],
    ['every tile shown', '/?find=app'],
  ]) {
    rows[name] = await measurePage(browser, page, route);
  }
  await browser.close();
  delete rows[''];
  console.log(`\n${CONTAINERS} containers, ${CHANGES_A_SECOND} changes a second, for ${SECONDS} s`);
  console.table(rows);
}

async function measurePage(browser, dashboard, route) {
  const server = await new MockServer(many(CONTAINERS), dashboard).start();
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  await page.addInitScript(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: 'longtask' });
  });
  await page.goto(server.address(undefined, route));
  await page.locator('.tile').first().waitFor();
  const firstPaint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
  );
  await wait(1_000);
  await page.evaluate(() => (window.longest = 0));

  const metrics = async () =>
    Object.fromEntries(
      (await devtools.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]),
    );
  const before = await metrics();
  const names = server.scene.containers.map(({ name }) => name);
  let changes = 0;
  const begun = Date.now();
  while (Date.now() - begun < SECONDS * 1_000) {
    const due = Math.floor(((Date.now() - begun) / 1_000) * CHANGES_A_SECOND);
    for (; changes < due; changes++) {
      const status = changes % 3 === 0 ? 'unhealthy' : 'healthy';
      server.change(names[(changes * 7) % names.length], { status, attempts: changes % 4 });
    }
    await wait(20);
  }
  await wait(200);
  const after = await metrics();
  const elements = await page.evaluate(() => document.querySelectorAll('*').length);
  const spent = (name) => `${(((after[name] - before[name]) * 1_000) / SECONDS).toFixed(0)} ms`;
  const longest = await page.evaluate(() => window.longest);
  const delay = await eventToPaint(page, server);
  await page.close();
  await server.stop();
  return {
    'first paint': `${firstPaint.toFixed(0)} ms`,
    'script a second': spent('ScriptDuration'),
    'style and layout a second': `${Number.parseInt(spent('RecalcStyleDuration')) + Number.parseInt(spent('LayoutDuration'))} ms`,
    'main thread a second': spent('TaskDuration'),
    'longest task': longest < 50 ? 'under 50 ms' : `${longest.toFixed(0)} ms`,
    'event to paint': `${delay.toFixed(0)} ms`,
    elements,
  };
}

/** Median of the time from a change at the server to the frame that shows it. Both clocks are this machine's. */
async function eventToPaint(page, server) {
  const delays = [];
  for (let round = 0; round < 9; round++) {
    const status = round % 2 === 0 ? 'given-up' : 'unhealthy';
    const shown = page.evaluate(
      (wanted) =>
        new Promise((resolve) => {
          const look = () =>
            document.querySelector(`.tile[data-name="app-009"][data-status="${wanted}"]`)
              ? requestAnimationFrame(() => resolve(Date.now()))
              : requestAnimationFrame(look);
          look();
        }),
      status,
    );
    const at = Date.now();
    server.change('app-009', { status });
    delays.push((await shown) - at);
    await wait(100);
  }
  return median(delays);
}
