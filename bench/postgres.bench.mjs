// What it costs to keep a step in a PostgreSQL that several processes share, beside SQLite, in one run; and how soon
// another process has it.
//
//   npm run build && node bench/postgres.bench.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../dist/common/clock/index.js';
import { SqliteStore } from '../dist/common/store/index.js';
import { PostgresStore } from '../dist/common/store/postgres-store.js';
import { startPostgres } from './lib/postgres-server.mjs';
import { percentile, rounded, timed } from './lib/statistics.mjs';

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const CONTAINERS = 200;
const RUNS = Number(process.env.RUNS ?? 150);
const EVENTS = 200;

const logger = { log() {}, warn: console.warn, error: console.error };
const at = (times, share) => rounded(percentile(times, share), 2);
const clock = new SystemClock();
const folder = mkdtempSync(join(tmpdir(), 'postgres-bench-'));
const server = await startPostgres();
try {
  const place = { url: server.url, pool: null, schema: 'health_monitor', clock, logger };
  const postgres = new PostgresStore(place);
  const sqlite = new SqliteStore({ path: join(folder, 'a.db'), clock, logger });
  const follower = new PostgresStore(place);
  for (const store of [postgres, sqlite]) await store.open();
  console.table([
    await beside('all 200 containers change', CONTAINERS),
    await beside('10 containers change', 10),
  ]);
  await follower.open();
  console.table([await untilFollowed()]);
  for (const store of [follower, sqlite, postgres]) await store.close();

  async function beside(name, changing) {
    const times = { sqlite: [], postgres: [] };
    for (let run = 0; run < RUNS; run++) {
      const change = changeOf(changing, START + run * MINUTE);
      times.sqlite.push(await timed(() => sqlite.commit(change)));
      times.postgres.push(await timed(() => postgres.commit(change)));
    }
    const differences = times.postgres.map((time, run) => time - times.sqlite[run]);
    return {
      'a step in which': name,
      'SQLite, ms': at(times.sqlite, 0.5),
      'PostgreSQL, ms': at(times.postgres, 0.5),
      'PostgreSQL p95, ms': at(times.postgres, 0.95),
      'difference, median, ms (aim <= 15)': at(differences, 0.5),
    };
  }

  /** From the call of `commit` in one process to the event in another one's hands. */
  async function untilFollowed() {
    const times = [];
    let heard = () => {};
    follower.shared.onFollowed(() => heard());
    for (let run = 0; run < EVENTS; run++) {
      const followed = new Promise((resolve) => (heard = resolve));
      times.push(await timed(() => Promise.all([postgres.commit(changeOf(1, START)), followed])));
    }
    return {
      'an event until another replica has it': `${EVENTS} events`,
      'median, ms': at(times, 0.5),
      'p95, ms (aim <= 50)': at(times, 0.95),
    };
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** As a cycle puts it: of each container its record, its view as a document, and an event that carries the view. */
function changeOf(changing, at) {
  const names = Array.from({ length: changing }, (_, index) => `archy-app-${index}`);
  const views = names.map((name) => viewOf(name, at));
  return {
    put: names.flatMap((key, index) => [
      { collection: 'container', key, value: recordOf(key, at) },
      { collection: 'view', key, value: views[index] },
    ]),
    events: names.map((container, index) => ({
      type: 'container.exited',
      at: new Date(at).toISOString(),
      container,
      data: {
        reason: `${container} exited with 1 (attempt 2/3). The next try follows in 30 seconds.`,
        exitCode: 1,
        view: views[index],
      },
    })),
  };
}

/** About 1 kB. */
function recordOf(name, at) {
  const id = 'f'.repeat(64);
  const wish = { value: 'running', by: 'engine', who: null, at };
  return { name, id, firstSeenAt: at, wish, note: texts(at, 8) };
}

/** About 3 kB. */
function viewOf(name, at) {
  return { ...recordOf(name, at), rules: texts(at, 20), incidents: texts(at + 1, 6) };
}

function texts(at, count) {
  return Array.from({ length: count }, (_, index) => ({
    at: new Date(at - index * MINUTE).toISOString(),
    status: 'healthy',
    reason: `It answered after ${index} ms, as its health check says.`,
  }));
}
