import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withBlocks } from '../../scripts/openapi/docs-blocks.js';
import { document } from './described-api.js';

const docs = path.resolve(import.meta.dirname, '../../docs');

describe.each(['rest.md', 'webhooks.md'])('%s', (file) => {
  it('has the tables that the document gives', async () => {
    const text = readFileSync(path.join(docs, file), 'utf8');
    expect(text).toMatch(/<!-- openapi\.json: calls /);
    expect(await withBlocks(text, document), 'npm run build && npm run docs').toBe(text);
  });
});
