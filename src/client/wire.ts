import type { Hello, SyncDelta, SyncSnapshot } from '../notifications/socket-protocol.js';

export type {
  ClientToServerEvents,
  Hello,
  ServerToClientEvents,
  SyncRequest,
} from '../notifications/socket-protocol.js';

export type Role = Hello['role'];
export type Snapshot = SyncSnapshot['state'];
export type SyncReply = SyncDelta | SyncSnapshot;
