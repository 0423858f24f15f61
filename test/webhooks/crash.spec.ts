import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreFolder } from '../store/store-fixtures.js';
import type { WebhookMessage } from '../../src/webhooks/index.js';
import { Receiver, type Received } from './receiver.js';

/** How often it is killed; the full figure of 200 takes about three minutes. */
const KILLS = Number(process.env.CRASH_KILLS ?? 25);
const LONGEST_LIFE_MS = 120;
/** Each of so many requests fails, so that it is killed during retries and merges, too; also where few are made. */
const FAILS_EACH = 10;
const LONGEST_ANSWER_MS = 20;

describe('A process that is killed at any moment', () => {
  const folder = new StoreFolder();
  // Within the package, so that what is bundled finds the package's dependencies.
  const bundle = mkdtempSync(join(import.meta.dirname, '../../node_modules/.crash-'));
  let receiver: Receiver;
  const accepted: Received[] = [];
  let child: ChildProcess | null = null;

  beforeAll(async () => {
    receiver = await Receiver.start();
    receiver.reply = (_request, response, received) => {
      const fails = receiver.received.length % FAILS_EACH === 0;
      if (!fails) accepted.push(received);
      // Not at once, so that many kills come between a request and its answer.
      setTimeout(() => response.writeHead(fails ? 503 : 200).end(), Math.random() * LONGEST_ANSWER_MS);
    };
    await build({
      configFile: false,
      logLevel: 'error',
      oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
      ssr: { noExternal: true, external: ['better-sqlite3', 'class-transformer', 'class-validator'] },
      build: {
        ssr: join(import.meta.dirname, 'crash-child.ts'),
        outDir: bundle,
        emptyOutDir: false,
        target: 'node20',
      },
    });
  }, 60_000);
  afterAll(async () => {
    child?.kill('SIGKILL');
    await receiver.stop();
    await folder.dispose();
    rmSync(bundle, { recursive: true, force: true });
  });

  it(
    `loses no event and no delivery in ${KILLS} lives, and counts nothing twice`,
    { timeout: 600_000 },
    async () => {
      const kept: { seq: number; count: number }[] = [];
      const problems: string[] = [];

      /** One life; it is killed `lifeMs` after its start, or after its first commit. */
      async function live(
        until: number,
        killAfter?: { readonly what: 'start' | 'commit'; readonly lifeMs: number },
      ): Promise<void> {
        const args = [join(bundle, 'crash-child.js'), folder.file, receiver.url, String(until)];
        const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
        child = running;
        const killSoon = (): void => void setTimeout(() => running.kill('SIGKILL'), killAfter?.lifeMs);
        if (killAfter?.what === 'start') killSoon();
        let commits = 0;
        createInterface({ input: running.stdout }).on('line', (line) => {
          const [seq = 0, count = 0] = line.split(' ').map(Number);
          kept.push({ seq, count });
          if (++commits === 1 && killAfter?.what === 'commit') killSoon();
        });
        createInterface({ input: running.stderr }).on('line', (line) => {
          if (!/ExperimentalWarning|trace-warnings/.test(line)) problems.push(line);
        });
        await once(running, 'close');
      }

      const started = performance.now();
      await live(1);
      const bootMs = performance.now() - started;
      for (let life = 0; life < KILLS; life++) {
        const atBoot = life % 4 === 0;
        const lifeMs = Math.random() * (atBoot ? bootMs : LONGEST_LIFE_MS);
        await live(Infinity, { what: atBoot ? 'start' : 'commit', lifeMs });
      }
      const last = kept.at(-1)?.count ?? 0;
      await live(last + 20);

      expect(problems).toEqual([]);
      // What a process said it kept was there for the next: the count went on from it, and so did seq.
      expect(kept.every(({ seq, count }) => seq === count)).toBe(true);
      const counts = kept.map(({ count }) => count);
      expect(counts).toEqual([...counts].sort((one, other) => one - other));
      expect(new Set(counts).size).toBe(counts.length);

      const store = await folder.opened();
      const log = await store.events({ after: 0, limit: 50_000 });
      expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: store.head }, (_, index) => index + 1));
      expect((await store.all('webhook-delivery')).filter(({ status }) => status === 'pending')).toEqual([]);

      const messages = [...new Set(receiver.received.map(({ path }) => path))].map((path) => {
        const byId = new Map<string, Received[]>();
        for (const received of receiver.received) {
          if (received.path !== path) continue;
          const id = received.headers['webhook-id'] ?? '';
          byId.set(id, [...(byId.get(id) ?? []), received]);
        }
        return { path, byId };
      });
      expect(messages).toHaveLength(2);
      for (const { path, byId } of messages) {
        // Everything arrived; what was sent again under one id was the same.
        const arrived = accepted.filter((received) => received.path === path).flatMap(countsIn);
        expect(new Set(arrived).size).toBe(store.head);
        expect([...byId.values()].every((sent) => new Set(sent.map(({ text }) => text)).size === 1)).toBe(
          true,
        );

        // No two ids tell the same: each count alone has one, and what was merged once is merged again only with more.
        const told = [...byId.values()].map(([first]) => countsIn(first!).join());
        expect(told.length).toBe(new Set(told).size);
      }
      const merged = messages
        .flatMap(({ byId }) => [...byId.values()])
        .filter(([first]) => countsIn(first!).length > 1);
      const requests = receiver.received.length;
      const repeats = requests - messages.reduce((sum, { byId }) => sum + byId.size, 0);
      expect(merged.length).toBeGreaterThan(0);
      expect(requests).toBeGreaterThan(accepted.length);
      console.log(
        `${store.head} events over ${KILLS} kills, ${requests} requests: ${repeats} repeats, ` +
          `${requests - accepted.length} failures, ${merged.length} merged messages`,
      );
    },
  );
});

/** The counts that a message tells. */
function countsIn({ body }: Received): number[] {
  const { merged } = body.details as WebhookMessage['details'];
  return (merged ?? [body]).map(({ message }) => Number(message));
}
