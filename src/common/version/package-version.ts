import { readFileSync } from 'node:fs';

// Three folders up from src/common/version and from dist/common/version alike.
const file = new URL('../../../package.json', import.meta.url);

/** Version of this package. */
export const PACKAGE_VERSION = (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
