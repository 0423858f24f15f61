import { describe, expect, it } from 'vitest';
import type { ContainerView, MemoryTrend } from '../client.js';
import { decisionSentence, leakOutlook } from './leak.js';

const NOON = new Date(2026, 0, 15, 12, 0, 0).getTime();
const trend = (hoursToLimit: number | null): MemoryTrend => ({
  leaking: true,
  floorBytes: 1,
  growthBytesPerHour: 1,
  sinceHours: 1,
  hoursToLimit,
  reason: '',
});

describe('a leak', () => {
  it.each([
    [0.5, 'will run out of memory in about 30 minutes.'],
    [4.2, 'will run out of memory today about 16:00.'],
    [30.1, 'will run out of memory tomorrow about 18:00.'],
    [60, 'will run out of memory on Sunday about 00:00.'],
    [240, 'will run out of memory on Sunday 25 January about 12:00.'],
    [null, 'takes more and more memory, and gives none back.'],
  ])('with %s hours left is told as an owner would say it', (hours, sentence) => {
    expect(leakOutlook(trend(hours), 1, NOON)).toBe(sentence);
  });

  it('of a container without a limit ends with the memory of the server', () => {
    expect(leakOutlook(trend(4), null, NOON)).toBe('will use up the memory of the server today about 16:00.');
  });

  it('is told instead of that there is nothing to do', () => {
    const view = {
      status: 'healthy',
      memory: { usedBytes: 1, limitBytes: 2, trend: trend(4) },
      decision: { reason: 'Healthy. Nothing to do.' },
    } as ContainerView;
    expect(decisionSentence(view, NOON)).toBe('Will run out of memory today about 16:00.');
    const well = { ...view, memory: null };
    expect(decisionSentence(well, NOON)).toBe('Healthy. Nothing to do.');
  });
});
