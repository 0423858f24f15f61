export type { FileSystemSpace, PathsOf } from './file-systems.js';
export { Host, SystemHost } from './host.js';
