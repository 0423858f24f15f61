// Our leak detector, as scorers of leak benchmarks want it: make() -> { push({ t, bytes, startedAt }, limitBytes | null) -> leaking }.
import { existsSync } from 'node:fs';

const built = new URL('../dist/health-monitor/memory/leak-detector.js', import.meta.url);
if (!existsSync(built)) throw new Error('dist/ has no detector yet. Run `npm run build` first.');
const { LeakDetector } = await import(built.href);

const INTERVAL_MS = 300_000;

export default function make() {
  const detector = new LeakDetector(INTERVAL_MS);
  return {
    push({ t, bytes, startedAt }, limitBytes) {
      detector.push({ at: t, bytes, startedAt, ageMs: t - startedAt }, limitBytes ?? Infinity);
      return detector.leak !== null;
    },
    get info() {
      return detector.leak;
    },
  };
}
