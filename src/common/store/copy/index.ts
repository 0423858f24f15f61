export { CopyFailedError, CopyPlaceError, CopyRefusedError, type CopyEnd } from './copy-end.js';
export { copyStore, type Copied } from './copy-store.js';
export { endAt } from './end-at.js';
