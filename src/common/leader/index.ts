export { ByLeader } from './by-leader.decorator.js';
export { Leader } from './leader.js';
