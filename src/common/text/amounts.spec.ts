import { expect, it } from 'vitest';
import { aboutInWords, sizeInWords } from './amounts.js';

const HOUR = 3_600_000;

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [12 * 1024 ** 2, '12 MiB'],
  [2.19 * 1024 ** 3, '2.1 GiB'],
  [252 * 1024 ** 3, '252 GiB'],
  [4 * 1024 ** 4, '4 TiB'],
])('%d bytes are %s', (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words);
});

it.each([
  [10, '1 minute'],
  [1.5 * HOUR, '90 minutes'],
  [30 * HOUR, '30 hours'],
  [70 * HOUR, '3 days'],
])('%d milliseconds are about %s', (ms, words) => {
  expect(aboutInWords(ms)).toBe(words);
});
