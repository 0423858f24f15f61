export { PACKAGE_VERSION } from './package-version.js';
