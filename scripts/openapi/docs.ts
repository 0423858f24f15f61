import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withBlocks, type Described } from './docs-blocks.js';

/* Writes the tables of calls in the documentation from dist/openapi.json: `npm run docs`, after a build. */

const root = process.cwd();
const document = JSON.parse(readFileSync(path.join(root, 'dist/openapi.json'), 'utf8')) as Described;
for (const file of ['docs/rest.md', 'docs/webhooks.md'].map((name) => path.join(root, name))) {
  const before = readFileSync(file, 'utf8');
  const after = await withBlocks(before, document);
  if (after !== before) writeFileSync(file, after);
}
