import { expect, it } from 'vitest';
import { probeSentence } from './probe-sentence.js';

it('tells what a probe answered, and where nobody knows, that this counts for nothing', () => {
  expect(probeSentence({ health: 'ok', sentence: 'It answered 200.' })).toBe('It answered 200.');
  expect(probeSentence({ health: 'failed', sentence: 'It answered 500.' })).toBe('It answered 500.');
  expect(probeSentence({ health: 'unanswered', sentence: 'Its port 80 cannot be reached from here.' })).toBe(
    'not answered yet: Its port 80 cannot be reached from here.',
  );
});
