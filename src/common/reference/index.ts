export {
  calledOn,
  LOCAL_HOST,
  namesHost,
  parseReference,
  referenceFrom,
  referenceOf,
  referenceTo,
} from './reference.js';
