export { incidentAtHost, viewAtHost } from './at-host.js';
export { knownContainerIds } from './known-container-ids.js';
export { EngineHost } from './engine-host.js';
export { HostStore } from './host-store.js';
export { watchHost, type SharedParts } from './watch-host.js';
export { WatchedHosts, type WatchedHost } from './watched-hosts.js';
