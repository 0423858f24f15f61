/** What databases keep in the same way: the log of events, and memory figures. */
export interface KeptTables {
  event: {
    seq: number;
    at: string;
    type: string;
    container: string | null;
    data: string;
    host: string | null;
  };
  /** What is large in an event; dropped before the event is. */
  event_detail: { seq: number; detail: string };
  /** `at`: milliseconds since 1970. */
  memory_sample: { at: number; container: string; used_bytes: number; limit_bytes: number | null };
}
