export { inDailyWindow } from './daily-window.js';
export type { MemoryDocument } from './memory-document.js';
export { MemoryLeakService, type MemoryChange, type MemoryChangeEnd } from './memory-leak.service.js';
