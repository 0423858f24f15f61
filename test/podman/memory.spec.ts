import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MemoryLeakService, type MemoryChange } from '../../src/health-monitor/memory/index.js';
import { resolveOptions } from '../../src/common/options/index.js';
import { createEngineRuntime } from '../../src/health-monitor/runtime/index.js';
import { ManualClock } from '../../src/testing/index.js';
import { describeWithPodman, PodmanEngine, whyNoPodman } from './podman-engine.js';

const FIVE_MINUTES = 300_000;
const SAMPLES_A_DAY = 288;
/** Between two looks, for five minutes by the monitor's clock. */
const PAUSE_MS = 60;

/** Keeps 128 KiB more in a variable of its own at each turn. */
const keepMore = (turns: string, pause: string) =>
  `big=a; n=0; while [ $n -lt 17 ]; do big=$big$big; n=$((n+1)); done
   i=0; while ${turns}; do eval "kept$i=$big"; i=$((i+1)); ${pause}; done`;

describeWithPodman(
  'memory on a real Podman, a day in half a minute',
  () => {
    let engine: PodmanEngine;

    beforeAll(async () => {
      engine = await PodmanEngine.start();
    }, 60_000);
    afterAll(() => engine?.dispose(), 60_000);

    it('finds the one that leaks, and neither page cache nor warm-up', async () => {
      const shell = (script: string) => ({ command: ['sh', '-c', script] });
      await engine.run('leaking', shell(keepMore('true', 'sleep 0.05')));
      await engine.run(
        'caching',
        shell(
          'dd if=/dev/zero of=/big bs=1M count=100 2>/dev/null; while :; do cat /big >/dev/null; sleep 0.1; done',
        ),
      );
      await engine.run(
        'warming',
        shell(`${keepMore('[ $i -lt 300 ]', 'true')}; while :; do sleep 1000; done`),
      );

      const options = resolveOptions(
        { runtime: { socketPath: engine.socketPath } },
        { http: false, socket: false },
      );
      const clock = new ManualClock(Date.now());
      const service = new MemoryLeakService(createEngineRuntime(options.runtime), clock, options);
      const changes: MemoryChange[] = [];
      for (let sample = 0; sample < SAMPLES_A_DAY; sample++) {
        clock.advance(FIVE_MINUTES);
        changes.push(...(await service.sample()));
        await delay(PAUSE_MS);
      }

      expect(changes.filter(({ container }) => container !== 'leaking')).toEqual([]);
      expect(changes[0]).toMatchObject({ container: 'leaking', kind: 'leak', trend: { leaking: true } });
      expect(changes[0]!.trend.reason).toContain('floor rose');
      expect(service.view('warming')!.usedBytes).toBeGreaterThan(30 * 1024 * 1024);
    }, 180_000);
  },
  await whyNoPodman(),
);
