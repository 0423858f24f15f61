export { hostLogger } from './host-logger.js';
