import type { Hello, SyncDelta, SyncSnapshot } from '../notifications/index.js';

export type {
  ClientToServerEvents,
  ConnectRefusal,
  Hello,
  ServerToClientEvents,
  SyncRequest,
} from '../notifications/index.js';

export type Role = Hello['role'];
export type Snapshot = SyncSnapshot['state'];
export type SyncReply = SyncDelta | SyncSnapshot;
