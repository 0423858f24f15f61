/*
 * Every string of the page, by what shows it. Sentences have the container as their subject, by its exact name.
 */
export * from './externals.js';
export * from './actions.js';
export * from './bars.js';
export * from './container.js';
export * from './errors.js';
export * from './frame.js';
export * from './headline.js';
export * from './hosts.js';
export * from './incidents.js';
export * from './live-region.js';
export * from './notifications.js';
export * from './overview.js';
export * from './server-panel.js';
export * from './space.js';
export * from './status.js';
export * from './unavailable.js';
export * from './webhooks.js';
