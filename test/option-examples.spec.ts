import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../src/common/options/index.js';
import type { HealthMonitorOptions } from '../src/index.js';

const ROOT = path.resolve(import.meta.dirname, '..');
const DATABASE_URL = 'postgres://monitor@db.example/monitor';

/** The parts of options that a page shows, each to be copied into them. */
async function blocksOf(page: string): Promise<readonly string[]> {
  const text = await readFile(path.join(ROOT, page), 'utf8');
  return [...text.matchAll(/```ts\n([^]*?)```/g)]
    .map(([, code]) => code!)
    .filter((code) => /^(?:containers|externals|hosts|runtime|storage):/.test(code));
}

describe.each([
  ['README.md', 1],
  ['docs/hosts.md', 5],
  ['docs/externals.md', 1],
  ['docs/probes.md', 2],
  ['docs/replicas.md', 2],
])('%s', (page, count) => {
  it('shows options that can be copied as they are', async () => {
    const blocks = await blocksOf(page);
    expect(blocks).toHaveLength(count);
    for (const block of blocks) {
      const written: unknown = runInNewContext(`({ ${block} })`, { process: { env: { DATABASE_URL } } });
      const options: HealthMonitorOptions = {
        access: 'open',
        hosts: { attic: { runtime: { ssh: 'attic' } } },
        ...(structuredClone(written) as HealthMonitorOptions),
      };
      expect(() => resolveOptions(options), block).not.toThrow();
    }
  });
});
