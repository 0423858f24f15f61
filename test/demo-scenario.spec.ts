import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fleet } from '../demo/fleet.js';
import { ProcessRuntime } from '../demo/process-runtime/index.js';
import { Scenario, watchList } from '../demo/scenario.js';

// The demo imports the package by its name; here that is the source.
vi.mock('@archipelago/health-monitor', () => import('../src/health-monitor/runtime/index.js'));

describe('the scenario of the demo', () => {
  let engine: ProcessRuntime;
  let scenario: Scenario;

  beforeEach(() => {
    vi.useFakeTimers();
    engine = new ProcessRuntime();
    for (const service of fleet) engine.add(service);
    scenario = new Scenario({ runtime: engine, hold: () => Promise.resolve() });
  });
  afterEach(async () => {
    scenario.end();
    await engine.close();
    vi.useRealTimers();
  });

  it('says every step of its list when its time comes', async () => {
    const said: string[] = [];
    scenario.begin((line) => said.push(line));
    await vi.advanceTimersByTimeAsync(300_000);
    expect(said).toEqual(watchList.split('\n').map((line) => line.trim()));
  });

  it('lets the engine go away for a while, and come back', async () => {
    const reached: boolean[] = [];
    scenario.begin(() => undefined);
    for (let second = 0; second < 300; second += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      reached.push(
        await engine.info().then(
          () => true,
          () => false,
        ),
      );
    }
    const away = reached.filter((isReached) => !isReached);
    // Long enough for two checks in a row to fail, which makes it an outage.
    expect(away).toHaveLength(20);
    expect(reached.indexOf(false) + away.length).toBe(reached.lastIndexOf(false) + 1);
    expect(reached.at(-1)).toBe(true);
  });
});
