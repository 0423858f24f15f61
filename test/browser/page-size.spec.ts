import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../dashboard', import.meta.url));
const MOST_BYTES = 75_000;

it('is no heavier than 75 kB, compressed', async () => {
  const { output } = (await build({
    root: ROOT,
    logLevel: 'error',
    build: { write: false },
  })) as Rollup.RollupOutput;
  const sent = output.filter(({ fileName }) => /\.(br|html)$/.test(fileName));
  const bodies = sent.map((file) => (file.type === 'chunk' ? file.code : file.source));
  const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(MOST_BYTES);
});
