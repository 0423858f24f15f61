export * from './container-state.js';
export * from './container-view.js';
export * from './external-view.js';
export * from './health-event.js';
export * from './health-state.js';
export * from './incident.js';
export * from './machine-view.js';
export * from './notification.js';
