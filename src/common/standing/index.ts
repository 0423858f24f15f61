export { causeName } from './cause-name.js';
export { engineInWords } from './engine-in-words.js';
export { knownExternalStatus, knownStatus } from './known-status.js';
export { probeSentence } from './probe-sentence.js';
export * from './standing.js';
export { replicaInWords } from './replica-in-words.js';
