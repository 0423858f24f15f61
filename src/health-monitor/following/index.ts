export { FollowedHosts } from './followed-hosts.js';
export { Watch } from './watch.js';
