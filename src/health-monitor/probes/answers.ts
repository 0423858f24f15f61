import { asSentence, readable } from '../../common/text/index.js';
import type { ProbeAnswer } from './probe-answer.js';

/** A mark at the end of what was cut, and the end of a sentence, are to fit in 300. */
const MOST = 298;

/** Words from outside as a sentence for people: without secrets, at most 300 characters. Pure. */
export const wordsOf = (text: string): string => asSentence(readable(text, MOST));

export const ok = (text: string, share: number | null = null): ProbeAnswer => ({
  kind: 'ok',
  words: wordsOf(text),
  share,
});

export const notYet = (text: string, share: number | null = null): ProbeAnswer => ({
  kind: 'not-yet',
  words: wordsOf(text),
  share,
});

export const failed = (text: string, share: number | null = null): ProbeAnswer => ({
  kind: 'failed',
  words: wordsOf(text),
  share,
});
