export { Host, SystemHost } from './host.js';
