export { connectionFailure, type ConnectionFailure } from './connection-failure.js';
