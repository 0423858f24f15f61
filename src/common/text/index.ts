export { aboutInWords, sizeInWords } from './amounts.js';
export { plainText, wellFormed } from './plain-text.js';
export { asSentence, readable, readableLines } from './readable.js';
export { stackOf } from './stack-of.js';
