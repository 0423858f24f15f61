import { join } from 'node:path';
import { runnerImport } from 'vite';

const ROOT = join(import.meta.dirname, '../..');

/** What a module of the sources, or of the tests, exports; `path` from the root. */
export const load = async (path) =>
  (await runnerImport(join(ROOT, path), { configFile: false, logLevel: 'error' })).module;
