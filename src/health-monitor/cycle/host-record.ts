/** The last sign of life of this monitor, to know what happened to the host in between. */
export interface HostRecord {
  readonly bootId: string | null;
  /** Milliseconds since 1970. */
  readonly aliveAt: number;
}

declare module '../../common/store/health-store.js' {
  interface Collections {
    host: HostRecord;
  }
}
