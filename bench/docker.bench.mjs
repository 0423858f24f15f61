// How long a crashed container is down: healed by us, and restarted by Docker's own `--restart=always`.
//
//   npm run build && sudo node bench/docker.bench.mjs        (CRASHES=30)
//
// Both are measured alike, by Docker's own clock: from `FinishedAt` to `StartedAt`. They crash in turn, in one run.
// Docker waits 100 ms before it restarts one, and twice as long each time after a run of less than ten seconds; so here
// each has been up for longer than that, and Docker is as fast as it can be.
import { startDocker } from './lib/bench-engine.mjs';
import { measureHealing } from './lib/healing.mjs';

await measureHealing(startDocker, {
  kind: 'docker',
  crashes: Number(process.env.CRASHES ?? 30),
  codes: [139, 1],
  pairs: 5,
  upMs: 10_500,
  aim: { 139: 'median <= 1', 1: 'median <= 1' },
});
