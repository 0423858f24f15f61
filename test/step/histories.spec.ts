import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording, replay } from '../../src/health-monitor/recording/index.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { Fleet, FLEET, type Event, type FleetSpec, type Tells } from './fleet.js';
import { recordingOf } from './recording-of.js';

const name = fc.constantFrom(...FLEET);
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      name,
      code: fc.constantFrom(0, 1, 137, 139, 143),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'stop',
        'start',
        'vanish',
        'ail',
        'heal',
        'remove',
        'recreate',
        'refuse',
        'accept',
        'dies-soon',
        'ask-stop',
        'ask-start',
        'hold',
        'release',
        'retry' as const,
      ),
      name,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('nas-fails', 'nas-down', 'nas-not-ready', 'nas-works' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('far-down', 'far-ready', 'far-silent' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('outage', 'back', 'restart-monitor', 'set-clock' as const),
    }),
  },
);
const pause = fc.constantFrom(0, 250, SECOND, 5 * SECOND, 20 * SECOND, MINUTE, 3 * MINUTE, HOUR);
const history = fc.array(fc.tuple(event, pause), { minLength: 1, maxLength: 14 });
const fleet = (decidesAnew: boolean): fc.Arbitrary<FleetSpec> =>
  fc.record({
    tells: fc.constantFrom<Tells[]>('flag', 'events', 'never'),
    checkEveryMs: fc.constantFrom(30 * SECOND, 5 * MINUTE),
    decidesAnew: fc.constant(decidesAnew),
  });

function play(spec: FleetSpec, events: readonly (readonly [Event, number])[]): Fleet {
  const fleet = Fleet.seen(spec);
  for (const [one, ms] of events) {
    fleet.happen(one);
    fleet.pass(ms);
  }
  return fleet;
}

/** Keeps what led there as a recording that `npx health-monitor replay` runs. */
function keep(fleet: Fleet): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'health-monitor-')), 'history.ndjson');
  writeFileSync(file, recordingOf(fleet));
  return file;
}

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const runs = (usual: number): { seed: number; numRuns: number; interruptAfterTimeLimit: number } => ({
  seed,
  numRuns: Number(process.env['RUNS'] ?? usual),
  interruptAfterTimeLimit: 50_000,
});

/** Plays a history to its end: every fault is over, and who is wished running is well. */
function playToTheEnd(spec: FleetSpec, events: readonly (readonly [Event, number])[]): void {
  const played = play(spec, events);
  const ill = played.recover();
  if (played.broken.length + ill.length > 0)
    expect.fail(`${[...played.broken, ...ill].join('\n')}\nreplay ${keep(played)}`);
}

describe('random histories, by steps alone', () => {
  it('start nothing that is off, held or not ready to start, and end well', { timeout: 60_000 }, () => {
    console.info(`histories: SEED=${seed}`);
    fc.assert(fc.property(fleet(false), history, playToTheEnd), runs(4_000));
  });

  it('come to the same when everything is decided anew at every check', { timeout: 60_000 }, () => {
    fc.assert(fc.property(fleet(true), history, playToTheEnd), runs(300));
  });

  it('replay to the very same', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fleet(false), history, (spec, events) => {
        const recording = readRecording(recordingOf(play(spec, events)));
        expect([...replay(recording)].filter(({ differs }) => differs)).toEqual([]);
      }),
      runs(50),
    );
  });
});
