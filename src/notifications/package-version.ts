import { readFileSync } from 'node:fs';

// Two folders up from src/notifications and from dist/notifications alike.
const file = new URL('../../package.json', import.meta.url);

/** Version of this package. */
export const PACKAGE_VERSION = (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
