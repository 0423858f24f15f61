/** The package's own `./client`, from its source: the page is one of its users, and has no other door to `src`. */
export * from '../../src/client/index.js';
