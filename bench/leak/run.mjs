// How well, how soon and how cheaply leaks are found, on traces of our own and on recordings of real processes.
//
//   npm run bench:leak [-- --seed=a --per=20 --scorer=PATH]     PATH: another scorer that takes an adapter, run as well
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import make from '../leak-adapter.mjs';
import { growthPercent } from '../../dist/health-monitor/memory/growth-rule.js';
import { play, sumUp } from './score.mjs';
import { traceOf, traces } from './traces.mjs';

const option = (name) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const seed = option('seed') ?? 'a';
const perFamily = Number(option('per') ?? 20);
const all = [...traces({ seed, perFamily })];

console.log(
  `${all.length} traces (seed ${seed}), ${all.reduce((sum, { samples }) => sum + samples.length, 0)} samples`,
);
console.table({ trend: total(make), growth: total(growth) });
console.table(byFamily(make));

const folder = new URL('recordings/', import.meta.url);
console.log('Recordings of real processes, a sample each 100 ms taken for one each 5 minutes:');
console.table(
  Object.fromEntries(
    readdirSync(folder).map((file) => {
      const trace = traceOf(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
      const { found, falseAlarms, delayHours } = play(make, trace);
      return [
        trace.family,
        {
          leaks: trace.leak,
          'alarm, h': trace.leak ? delayHours : falseAlarms > 0 ? 'false' : 'none',
          right: trace.leak ? found : falseAlarms === 0,
        },
      ];
    }),
  ),
);

const scorer = option('scorer');
if (scorer) {
  const adapter = fileURLToPath(new URL('../leak-adapter.mjs', import.meta.url));
  for (const flags of [['--fam'], ['--tight', '--only']])
    spawnSync(process.execPath, [scorer, adapter, ...flags], { stdio: 'inherit' });
}

function total(detector) {
  const started = performance.now();
  const results = all.map((trace) => play(detector, trace));
  const microseconds =
    ((performance.now() - started) * 1000) / results.reduce((sum, { samples }) => sum + samples, 0);
  return rounded({ ...sumUp(results), 'us a check': microseconds });
}

function byFamily(detector) {
  const families = [...new Set(all.map(({ family }) => family))];
  return Object.fromEntries(
    families.map((family) => {
      const { found, ...rest } = sumUp(
        all.filter((trace) => trace.family === family).map((trace) => play(detector, trace)),
      );
      const leak = family.startsWith('leak');
      return [
        family,
        rounded({
          found: leak ? found : '',
          'false alarms a week': rest['false alarms a week'],
          'median delay, h': leak ? rest['median delay, h'] : '',
        }),
      ];
    }),
  );
}

/** The Rust monitor's rule, for comparison. */
function growth() {
  const samples = [];
  return {
    push({ t, bytes }) {
      samples.push({ at: t, bytes });
      if (samples.length > 288) samples.shift();
      return (growthPercent(samples[0], samples.at(-1), samples.length) ?? 0) > 50;
    },
  };
}

function rounded(row) {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
    ]),
  );
}
