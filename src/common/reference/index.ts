export { LOCAL_HOST, parseReference, referenceOf, referenceTo } from './reference.js';
