export { ProbeLoop, type Probed, type ProbeListener } from './probe-loop.js';
