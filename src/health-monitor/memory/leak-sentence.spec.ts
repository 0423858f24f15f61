import { describe, expect, it } from 'vitest';
import type { Leak } from './leak-detector.js';
import { growthSentence, hoursToLimit, leakSentence } from './leak-sentence.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const leak: Leak = {
  evidence: 'straight',
  fromBytes: 812 * MIB,
  highBytes: 1_102 * MIB,
  markBytes: 1_102 * MIB,
  hours: 12,
  bytesPerHour: 28 * MIB,
  risingSteps: 6,
  spanHours: 12,
  hoursSinceHigh: 0,
  hoursGivenBack: 0,
};

describe('leakSentence', () => {
  it('says what was seen, how fast it goes, and when the limit is reached', () => {
    expect(leakSentence(leak, 2 * GIB, 32 * GIB, 34)).toBe(
      'floor rose in 6 of the last 7 steps over 12 h, 812 -> 1,102 MiB, +28 MiB/h, never given back; ' +
        'at this rate it reaches its 2 GiB limit in about 34 h',
    );
  });

  it("names the host's memory where there is no limit, and days where there are many hours", () => {
    expect(leakSentence(leak, null, 32 * GIB, 200)).toContain("reaches the host's 32 GiB in about 8 days");
    expect(leakSentence(leak, null, 32 * GIB, 0.4)).toContain('in about 24 min');
  });

  it('says what was given back, what the run before did, and nothing of a future it cannot see', () => {
    expect(leakSentence({ ...leak, hoursGivenBack: 1, evidence: 'runs' }, 2 * GIB, 32 * GIB, null)).toBe(
      'floor rose in 6 of the last 7 steps over 12 h, 812 -> 1,102 MiB, +28 MiB/h, half of it given back, as in the run before',
    );
  });

  it('shows small containers with a decimal', () => {
    expect(
      leakSentence(
        { ...leak, fromBytes: 4.25 * MIB, highBytes: 9.5 * MIB, bytesPerHour: 0.4 * MIB },
        null,
        GIB,
        null,
      ),
    ).toContain('4.3 -> 9.5 MiB, +0.4 MiB/h');
  });
});

describe('hoursToLimit', () => {
  it('is what is left at this rate, and never negative', () => {
    expect(hoursToLimit(100, 10, 150)).toBe(5);
    expect(hoursToLimit(200, 10, 150)).toBe(0);
  });

  it('is unknown without growth, and beyond two months', () => {
    expect(hoursToLimit(100, 0, 150)).toBeNull();
    expect(hoursToLimit(0, 1, 24 * 61)).toBeNull();
  });
});

describe('growthSentence', () => {
  it('is the one the Rust monitor logged', () => {
    expect(growthSentence('archy-lnd', 63.9)).toBe(
      'Potential memory leak in archy-lnd: 63% growth over tracking period',
    );
  });
});
