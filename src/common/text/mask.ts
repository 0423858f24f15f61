/** What stands in the place of a secret. */
export const SHOWN_MASK = '•••';

/**
 * What stands there until all is masked: no text has it, and with it a text of one byte a character stays one, in which patterns are
 * looked for in half of the time.
 */
export const MASK = '\u0001'.repeat(3);
