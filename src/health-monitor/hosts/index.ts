export { incidentAtHost, viewAtHost } from './at-host.js';
export { hostsProviders } from './hosts.providers.js';
export type { WatchedHost } from './watched-host.js';
export { WatchedHosts } from './watched-hosts.js';
