import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from './package-root.cjs';

const manifest = readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8');

/** Version of this package. */
export const PACKAGE_VERSION = (JSON.parse(manifest) as { version: string }).version;
