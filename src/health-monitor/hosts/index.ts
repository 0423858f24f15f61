export { tickAtHost, type HostName } from './at-host.js';
export { parseKey } from './document-key.js';
export { EngineReach } from './engine-reach.js';
export { hostsProviders } from './hosts.providers.js';
export type { KnownHost, KnownState } from './known-host.js';
export {
  findContainer,
  shownContainer,
  shownContainers,
  shownEngine,
  shownHost,
  shownIncidents,
  type Found,
} from './shown.js';
export type { WatchedHost } from './watched-host.js';
export { WatchedHosts } from './watched-hosts.js';
