export type { FileSystemSpace, PathsOf } from './file-systems.js';
export { Host, SystemHost, UnseenHost } from './host.js';
