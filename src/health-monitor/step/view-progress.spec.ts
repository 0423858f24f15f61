import { expect, it } from 'vitest';
import { progressOf } from './view-container.js';

it('shows what is left of a synchronisation in whole milliseconds, and nothing where nobody can tell', () => {
  const progress = { sentence: 'It synchronises.', share: 0.5 };
  expect(progressOf({ ...progress, leftMs: 27_251.999999999993 })).toEqual({ ...progress, leftMs: 27_252 });
  expect(progressOf({ ...progress, leftMs: null })).toEqual({ ...progress, leftMs: null });
});
