export * from './engine-watch.js';
