export { FollowedHosts } from './followed-hosts.js';
export { WatchByRole } from './watch-by-role.js';
