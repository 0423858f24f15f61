// Records the memory of real processes, sped up: a sample each 100 ms stands for one each 5 minutes.
//
//   node bench/leak/record.mjs [seconds]      writes bench/leak/recordings/*.json
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const PAGE = 4096;
const PERIOD_MS = 100;
const seconds = Number(process.argv[2] ?? 70);

const KEEPS_REQUESTS = `
  const seen = []; let n = 0;
  setInterval(() => { for (let i = 0; i < 40; i++) { const body = JSON.stringify({ n: n++, pad: 'x'.repeat(400) }); JSON.parse(body); if (i < 25) seen.push(Buffer.from(body)); } }, 10);`;
const SERVES_REQUESTS = `
  const http = require('node:http');
  const server = http.createServer((request, response) => response.end(JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, name: 'n' + id })))));
  server.listen(0, '127.0.0.1', () => setInterval(() => { for (let i = 0; i < 3; i++) http.get({ port: server.address().port, host: '127.0.0.1' }, (response) => response.resume()); }, 15));`;
const FILLS_A_CACHE = `
import random, time
cache = {}
while True:
    for _ in range(200):
        key = random.randrange(40000)
        if key not in cache: cache[key] = bytes(1500)
    time.sleep(0.02)`;
const QUERIES_A_DATABASE = `
import sqlite3, time, random
db = sqlite3.connect(':memory:')
db.execute('create table t (id integer primary key, body blob)')
while True:
    db.executemany('insert or replace into t values (?, ?)', [(random.randrange(4000), bytes(900)) for _ in range(60)])
    db.execute('select sum(length(body)) from t').fetchone()
    time.sleep(0.02)`;
const FORGETS_TO_CLOSE = `
import threading, time
kept = []
while True:
    job = {'rows': [str(i) * 8 for i in range(300)]}
    kept.append(job['rows'] if len(kept) % 3 else list(job['rows']))
    time.sleep(0.03)`;

const PROCESSES = [
  { name: 'node-keeps-requests', leak: true, command: process.execPath, args: ['-e', KEEPS_REQUESTS] },
  { name: 'python-forgets-to-close', leak: true, command: 'python3', args: ['-c', FORGETS_TO_CLOSE] },
  { name: 'node-serves-requests', leak: false, command: process.execPath, args: ['-e', SERVES_REQUESTS] },
  { name: 'python-fills-a-cache', leak: false, command: 'python3', args: ['-c', FILLS_A_CACHE] },
  { name: 'sqlite-in-memory', leak: false, command: 'python3', args: ['-c', QUERIES_A_DATABASE] },
  { name: 'tail', leak: false, command: 'tail', args: ['-f', '/dev/null'] },
];

await Promise.all(PROCESSES.map(record));

async function record({ name, leak, command, args }) {
  const child = spawn(command, args, { stdio: 'ignore' });
  const pages = [];
  try {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(PERIOD_MS)) {
      pages.push(Number(readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ')[1]));
    }
  } finally {
    child.kill();
  }
  const recording = { name, leak, intervalMinutes: 5, pageBytes: PAGE, pages };
  writeFileSync(new URL(`recordings/${name}.json`, import.meta.url), `${JSON.stringify(recording)}\n`);
}
