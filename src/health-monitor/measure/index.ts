export { MeterAndTraces } from './meter-and-traces.js';
