import type { HttpProbe, ProbeTiming, RpcProbe, TcpProbe } from './probe.js';

/**
 * Something that is no container and that containers need, as a router or a NAS: how it is asked whether it works, by
 * its whole address.
 */
export type External = (HttpProbe | TcpProbe | RpcProbe) &
  Omit<ProbeTiming, 'startMs'> & {
    /** What people call it. Default: its id. */
    name?: string;
  };
