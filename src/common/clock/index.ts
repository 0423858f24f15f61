export { Clock, SystemClock } from './clock.js';
export { ServerTimes } from './server-times.js';
