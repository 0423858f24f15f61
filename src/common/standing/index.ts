export { knownStatus } from './known-status.js';
export * from './standing.js';
