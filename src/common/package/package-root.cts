import { join } from 'node:path';

/**
 * The folder of the package. CommonJS knows a file's place by `__dirname`; what asks for `import.meta` cannot be made
 * CommonJS of, as test runners of hosts do. Three folders up from src/common/package and from dist/common/package alike.
 */
export const PACKAGE_ROOT = join(__dirname, '../../..');
