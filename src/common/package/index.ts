export { PACKAGE_ROOT } from './package-root.cjs';
export { PACKAGE_VERSION } from './package-version.js';
