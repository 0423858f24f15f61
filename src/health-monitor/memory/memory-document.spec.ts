import { describe, expect, it } from 'vitest';
import { packMemory, unpackMemory, type MemoryDocument } from './memory-document.js';

const MIB = 1024 ** 2;
const INTERVAL = 300_000;
const FIRST_AT = 1_767_253_200_000;

/** As the first release kept it, of a container that leaks 60 MiB an hour and is near its limit. */
const STORED: MemoryDocument = {
  container: 'lnd',
  id: 'a1',
  figure: 'cgroup',
  limitBytes: 1_024 * MIB,
  urgentTold: true,
  growthTold: false,
  since: FIRST_AT,
  times: 'AAAAAAAAlkMAABZEAABhRAAAlkQAgLtE',
  bytes: 'AAAAAADgykEAAAAAAAjLQQAAAAAAMMtBAAAAAABYy0EAAAAAAIDLQQAAAAAAqMtB',
  detector: {
    count: 32,
    ageHours: 100,
    sinceHole: 800,
    earlierRisingHours: 0,
    earlierEndBytes: 0,
    startedAt: 1_766_865_600_000,
    lastAt: FIRST_AT + 5 * INTERVAL,
    hours: 8.083333333333321,
    blockEnd: 8.25,
    leak: {
      evidence: 'near-limit',
      fromBytes: 640 * MIB,
      highBytes: 865 * MIB,
      markBytes: 850 * MIB,
      hours: 4,
      bytesPerHour: 60 * MIB,
      risingSteps: 7,
      spanHours: 4,
      hoursSinceHigh: 0,
      hoursGivenBack: 0,
    },
    floors:
      'AADITQCAz00AANdNAIDeTQAA5k0AgO1NAAD1TQCA/E0AAAJOAMAFTgCACU4AQA1OAAARTgDAFE4AgBhOAEAcTgAAIE4AwCNOAIAnTgBA' +
      'K04AAC9OAMAyTgCANk4AQDpOAAA+TgDAQU4AgEVOAEBJTgAATU4AwFBOAIBUTgBAWE4=',
  },
};

describe('a stored memory history', () => {
  it('is read as it was kept by the first release, and kept again as it was read', () => {
    const memory = unpackMemory(STORED, INTERVAL);
    expect(memory.reading).toEqual({
      id: 'a1',
      name: 'lnd',
      startedAt: 1_766_865_600_000,
      usedBytes: 885 * MIB,
      limitBytes: 1_024 * MIB,
      figure: 'cgroup',
    });
    expect(memory.samples).toEqual(
      [860, 865, 870, 875, 880, 885].map((mib, i) => ({ at: FIRST_AT + i * INTERVAL, bytes: mib * MIB })),
    );
    expect(memory.state).toMatchObject({ urgentReported: true, growthReported: false });
    const floors = memory.state.detector!.floors.subarray(0, 32);
    expect([...floors]).toEqual(Array.from({ length: 32 }, (_, i) => (400 + 15 * i) * MIB));
    expect(packMemory(memory)).toEqual(STORED);
  });

  it('loses its detector only, where readings come at another interval now and it kept too many floors', () => {
    const floors = Buffer.alloc(800 * 4).toString('base64');
    const full = { ...STORED, detector: { ...STORED.detector!, count: 800, floors } };
    expect(unpackMemory(full, 2 * INTERVAL)).toMatchObject({
      reading: { usedBytes: 885 * MIB },
      state: { detector: null, urgentReported: true },
    });
  });
});
