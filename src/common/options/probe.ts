/** What an answer has to have: all of what is written here. */
export interface ExpectedAnswer {
  /** Any of these HTTP status codes. Of `http` alone. */
  status?: number[];
  /** Words in it. */
  text?: string;
  /** Values in its JSON, by the path to each: `{ 'result.initialblockdownload': false }`. Of a list, `blocks.0.height`. */
  json?: Record<string, string | number | boolean | null>;
}

/** Where the `user:password` of HTTP's basic authentication is read, anew each time: a file, or a variable of this process. */
export type ProbeCredentials = { file: string } | { env: string };

/** What an answer over HTTP means. */
export interface ProbeAnswerRules {
  /** What shows that it works. Default: any status from 200 to 399; of `rpc`, a result. */
  expect?: ExpectedAnswer;
  /** What shows that it works on getting ready, such as a first synchronisation. Asked before `expect`. Default: nothing. */
  notYet?: ExpectedAnswer;
  /** What shows that only a person can get it ready, such as a locked wallet: that is told at once. Default: nothing. */
  needsYou?: ExpectedAnswer;
  /** Path to a number from 0 to 1 in its JSON: how far it has come. */
  progress?: string;
  credentials?: ProbeCredentials;
}

export interface HttpProbe extends ProbeAnswerRules {
  /** An address, or `:PORT/PATH` of the container itself. */
  http: string;
}

export interface TcpProbe {
  /** `HOST:PORT`, or `:PORT` of the container itself: works when it takes a connection. */
  tcp: string;
}

export interface ExecProbe {
  /** A command in the container: 0 means that it works, 75 (`EX_TEMPFAIL` of sysexits.h) not yet, all else that it failed. */
  exec: string[];
}

export interface RpcProbe extends ProbeAnswerRules {
  /** JSON-RPC over HTTP: an address, or `:PORT/PATH` of the container itself. */
  rpc: string;
  method: string;
  params?: unknown[];
}

/** When a container is asked, and what its answers count for. Milliseconds; names and meanings as the kubelet has them. */
export interface ProbeTiming {
  /** Default 30,000. */
  everyMs?: number;
  /** An answer that takes longer counts as none. Default 5,000. */
  timeoutMs?: number;
  /** So many failures in a row make it unhealthy. Default 3. */
  failureThreshold?: number;
  /** So many successes in a row make it well again. Default 1. */
  successThreshold?: number;
  /** For so long after its start a failure means that it is not ready yet. Default 0. */
  startMs?: number;
  /** Not ready for so long without getting any further, people are told. Default 1,800,000. */
  notYetForMs?: number;
}

export type Probe = (HttpProbe | TcpProbe | ExecProbe | RpcProbe) & ProbeTiming;

/** A probe with every default filled in. */
export type ResolvedProbe = (HttpProbe | TcpProbe | ExecProbe | RpcProbe) & Required<ProbeTiming>;
