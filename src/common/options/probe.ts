/** What an answer has to have: all of what is written here. */
export interface ExpectedAnswer {
  /** Any of these HTTP status codes. Of `http` alone. */
  status?: number[];
  /** Any of these exit codes. Of `exec` alone. */
  exit?: number[];
  /** Words in it. */
  text?: string;
  /** Values in its JSON, by the path to each: `{ 'result.initialblockdownload': false }`. Of a list, `blocks.0.height`. */
  json?: Record<string, string | number | boolean | null>;
  /** What people are to read when it is so. Default: what it answered. */
  words?: string;
}

/** How far something has come, from numbers in its JSON: none is shown below 0, and none that is more than the whole. */
export interface ProbeProgress {
  /** Path to the number. */
  at: string;
  /** What that number is when all is done: a number above 0, such as 100, or the path to it. Default 1. */
  of?: number | string;
}

/** Where the `user:password` of HTTP's basic authentication is read, anew each time: a file, or a variable of this process. */
export type ProbeCredentials = { file: string } | { env: string };

/** What an answer means. Of a list, any one is enough. */
export interface ProbeAnswerRules {
  /** What shows that it works. Default: any status from 200 to 399; of `rpc`, a result; of `exec`, the exit code 0. */
  expect?: ExpectedAnswer | ExpectedAnswer[];
  /** What shows that it works on getting ready, such as a first synchronisation. Asked before `expect`. Default: nothing. */
  notYet?: ExpectedAnswer | ExpectedAnswer[];
  /** What shows that only a person can get it ready, such as a locked wallet: that is told at once. Default: nothing. */
  needsYou?: ExpectedAnswer | ExpectedAnswer[];
  /** Path to a number from 0 to 1 in its JSON: how far it has come. With another whole than 1: {@link ProbeProgress}. */
  progress?: string | ProbeProgress;
}

export interface HttpProbe extends ProbeAnswerRules {
  /** An address, or `:PORT/PATH` of the container itself. */
  http: string;
  credentials?: ProbeCredentials;
}

export interface TcpProbe extends ProbeAnswerRules {
  /** `HOST:PORT`, or `:PORT` of the container itself: works when it takes a connection, and, with any of the below, answers. */
  tcp: string;
  /** What is sent first, such as `PING\r\n`. It is read until the answer is one of what is expected. Default: nothing. */
  send?: string;
}

export interface ExecProbe extends ProbeAnswerRules {
  /**
   * A command in the container. Without `expect`, 0 means that it works, all else that it failed; 75 (`EX_TEMPFAIL` of
   * sysexits.h) means not yet in any case. Of what it writes, the last 4,000 characters are looked at.
   */
  exec: string[];
}

export interface RpcProbe extends ProbeAnswerRules {
  credentials?: ProbeCredentials;
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
