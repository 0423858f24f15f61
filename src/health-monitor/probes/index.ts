export { ExternalLoop, type AskedExternal, type KnownDown } from './external-loop.js';
export { ProbeLoop, type Probed, type ProbeListener } from './probe-loop.js';
