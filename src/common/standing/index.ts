export { causeName } from './cause-name.js';
export { knownStatus } from './known-status.js';
export * from './standing.js';
