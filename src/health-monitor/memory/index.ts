export { downSample } from './down-sample.js';
export { inDailyWindow } from './daily-window.js';
export type { MemoryChange, MemoryChangeEnd } from './memory-change.js';
export type { MemoryDocument } from './memory-document.js';
export { MemoryLeakService } from './memory-leak.service.js';
