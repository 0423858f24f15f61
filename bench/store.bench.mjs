// What it costs to keep things: a commit, the size of the database after a month, opening it.
//
//   npm run build && node bench/store.bench.mjs
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../dist/common/clock/index.js';
import { MemoryStore, SqliteStore } from '../dist/common/store/index.js';
import { ManualClock } from '../dist/testing/index.js';
import { median, percentile, rounded, timed } from './lib/statistics.mjs';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const CYCLE = { containers: 200, events: 20, runs: 300 };
const MONTH = { containers: 50, days: 30, eventsADayEach: 12, memoryEveryMs: 5 * MINUTE };

const round = (value) => rounded(value, 2);

const folder = mkdtempSync(join(tmpdir(), 'store-bench-'));
const silent = { log() {}, warn() {}, error: console.error };
try {
  console.table([
    await costOfACommit('all 200 records change', CYCLE.containers),
    await costOfACommit('10 records change', 10),
  ]);
  console.table([await aMonth()]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function costOfACommit(name, changing) {
  const memory = median(await commitTimes(new MemoryStore(), changing));
  const path = join(folder, `cycle-${changing}.db`);
  const sqlite = await commitTimes(
    new SqliteStore({ path, clock: new SystemClock(), logger: silent }),
    changing,
  );
  return {
    'a cycle of 200 containers': name,
    'in memory, ms': round(memory),
    'SQLite, ms': round(median(sqlite)),
    'SQLite, quietest tenth, ms': round(percentile(sqlite, 0.1)),
    'SQLite p95, ms': round(percentile(sqlite, 0.95)),
    'more, ms (aim <= 5)': round(median(sqlite) - memory),
  };
}

async function commitTimes(store, changing) {
  await store.open();
  const times = [];
  for (let run = 0; run < CYCLE.runs; run++) {
    const at = START + run * MINUTE;
    const change = {
      put: Array.from({ length: changing }, (_, index) => ({
        collection: 'container',
        key: `archy-app-${index}`,
        value: record(`archy-app-${index}`, at),
      })),
      events: Array.from({ length: Math.min(CYCLE.events, changing) }, (_, index) =>
        event(`archy-app-${index}`, at),
      ),
    };
    times.push(await timed(() => store.commit(change)));
  }
  await store.close();
  return times;
}

async function aMonth() {
  const path = join(folder, 'month.db');
  const clock = new ManualClock(START);
  const store = new SqliteStore({ path, clock, logger: silent });
  await store.open();
  const names = Array.from({ length: MONTH.containers }, (_, index) => `archy-application-${index}`);
  const eventsATick = (MONTH.containers * MONTH.eventsADayEach * MONTH.memoryEveryMs) / DAY;
  let owed = 0;
  for (let at = START; at < START + MONTH.days * DAY; at += MONTH.memoryEveryMs) {
    clock.advance(MONTH.memoryEveryMs);
    owed += eventsATick;
    const events = [];
    for (; owed >= 1; owed--) events.push(event(names[Math.floor(Math.random() * names.length)], at));
    await store.commit({
      put: events.map(({ container }) => ({
        collection: 'container',
        key: container,
        value: record(container, at),
      })),
      events,
      memory: {
        at: new Date(at).toISOString(),
        samples: names.map((container) => ({
          container,
          usedBytes: Math.round(Math.random() * 4e9),
          limitBytes: 4_294_967_296,
        })),
      },
    });
    await store.tick();
  }
  const { head } = store;
  await store.close();
  const bytes = readdirSync(folder)
    .filter((name) => name.startsWith('month.db'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

  const again = new SqliteStore({ path, clock, logger: silent });
  const container = names[0];
  const since = new Date(clock.now() - DAY).toISOString();
  const openMs = await timed(() => again.open());
  const historyMs = await timed(() => again.events({ container, limit: 100 }));
  const figuresMs = await timed(() => again.memory({ since, container }));
  await again.close();
  return {
    '30 days of 50 containers': `${head} events`,
    'MB (aim <= 60)': round(bytes / 1e6),
    'open, ms (aim <= 300)': round(openMs),
    'latest 100 events of one, ms': round(historyMs),
    'a day of figures of one, ms': round(figuresMs),
  };
}

/** As large as a container's record and view are. */
function record(name, at) {
  return {
    name,
    id: 'f'.repeat(64),
    firstSeenAt: at,
    wish: { value: 'running', by: 'engine', who: null, at },
    spans: spans(at),
    note: 'x'.repeat(700),
  };
}

function event(container, at) {
  return {
    type: 'container.exited',
    at: new Date(at).toISOString(),
    container,
    data: {
      reason: `${container} exited with 1 (attempt 2/3). The next try follows in 30 seconds.`,
      exitCode: 1,
      attempt: 2,
      view: { ...record(container, at), rules: 'y'.repeat(600) },
    },
  };
}

function spans(at) {
  return Array.from({ length: 12 }, (_, index) => ({
    from: new Date(at - index * 3_600_000).toISOString(),
    status: 'healthy',
  }));
}
