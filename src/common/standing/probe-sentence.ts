import type { ProbeView } from '../events/index.js';

/** What a probe made of a container, for people: what it answered, and where that counts for nothing, that it does not. Pure. */
export const probeSentence = ({ health, sentence }: Pick<ProbeView, 'health' | 'sentence'>): string =>
  health === 'unanswered' ? `not answered yet: ${sentence}` : sentence;
