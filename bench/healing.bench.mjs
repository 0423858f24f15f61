// How long a crashed container is down: healed by us, and restarted by Podman's own `--restart=always`.
//
//   npm run build && sudo node bench/healing.bench.mjs        (CRASHES=30)
//
// Both are measured alike, by Podman's own clock: from `FinishedAt` to `StartedAt`. They crash in turn, in one run.
import { startPodman } from './lib/bench-engine.mjs';
import { measureHealing } from './lib/healing.mjs';

await measureHealing(startPodman, {
  kind: 'podman',
  crashes: Number(process.env.CRASHES ?? 30),
  codes: [139, 1],
  pairs: 1,
  upMs: 3_000,
  aim: { 139: 'median <= 1.3, worst <= 2' },
});
