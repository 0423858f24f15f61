import { describe, expect, it } from 'vitest';
import { isStopSignal, signalNumber } from './stop-signals.js';

describe('signalNumber', () => {
  it.each([
    ['SIGTERM', 15],
    ['quit', 3],
    ['3', 3],
    ['SIGRTMIN', 34],
    ['RTMIN+3', 37],
    ['SIGRTMAX-1', 63],
    ['SIGNONE', null],
    ['', null],
  ])('reads %s', (written, number) => expect(signalNumber(written)).toBe(number));
});

describe('isStopSignal', () => {
  it.each([
    [15, null, true],
    [9, null, true],
    [2, null, true],
    [3, 3, true],
    [3, null, false],
    [1, null, false],
    [10, 15, false],
  ])('of %i, where its own is %s, says %s', (signal, own, answer) =>
    expect(isStopSignal(signal, own)).toBe(answer),
  );
});
