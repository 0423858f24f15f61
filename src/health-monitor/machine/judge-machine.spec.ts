import { describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS } from '../../common/options/index.js';
import { enoughToStart, isSameMachine, judgeMachine } from './judge-machine.js';
import { NO_READING, type FileSystem, type Machine } from './machine.js';
import { fullFor, lineOfNoSpace } from './no-space.js';

const GIB = 1024 ** 3;
const DAY = 24 * 3_600_000;
const { host } = DEFAULT_OPTIONS;

const disk = (changes: Partial<FileSystem> = {}): FileSystem => ({
  mount: '/',
  sizeBytes: 100 * GIB,
  freeBytes: 50 * GIB,
  freeFilesShare: null,
  ofEngine: true,
  containers: [],
  lockedOut: [],
  fullInMs: null,
  ...changes,
});

const judged = (changes: Partial<FileSystem>, before: Machine | null = null, options = host) =>
  judgeMachine({ ...NO_READING, fileSystems: [disk(changes)] }, before, options);
const standing = (...given: Parameters<typeof judged>) => judged(...given).fileSystems[0]!.standing;

describe('a file system', () => {
  it.each([
    ['ok', { freeBytes: 6 * GIB }],
    ['low', { freeBytes: 4.9 * GIB }],
    ['ok', { sizeBytes: 4_000 * GIB, freeBytes: 6 * GIB }],
    ['low', { sizeBytes: 16 * GIB, freeBytes: 1.5 * GIB }],
    ['ok', { sizeBytes: 16 * GIB, freeBytes: 1.7 * GIB }],
    ['low', { freeFilesShare: 0.04 }],
    ['foretold', { fullInMs: 2 * DAY }],
    ['ok', { fullInMs: 4 * DAY }],
    ['read-only', { freeBytes: 0, lockedOut: ['db'] }],
  ])('is %s with %j', (expected, changes) => {
    expect(standing(changes)).toBe(expected);
  });

  it('that was low is so until there is a quarter more, and one foretold until that is twice as far', () => {
    const low = judged({ freeBytes: 4 * GIB });
    expect(standing({ freeBytes: 6 * GIB }, low)).toBe('low');
    expect(standing({ freeBytes: 6.3 * GIB }, low)).toBe('ok');
    const foretold = judged({ fullInMs: 2 * DAY });
    expect(standing({ fullInMs: 5 * DAY }, foretold)).toBe('foretold');
    expect(standing({ fullInMs: 7 * DAY }, foretold)).toBe('ok');
    expect(standing({ fullInMs: null }, foretold)).toBe('ok');
  });

  it('is as its options say, and of 0 nothing is told', () => {
    const options = { ...host, disk: { freeShare: 0.5, freeBytes: 100 * GIB, foretellMs: 0 } };
    expect(standing({ freeBytes: 49 * GIB, fullInMs: 1 }, null, options)).toBe('low');
    expect(standing({ freeBytes: 51 * GIB, fullInMs: 1 }, null, options)).toBe('ok');
    const silent = { ...host, disk: { freeShare: 0, freeBytes: 5 * GIB, foretellMs: 0 } };
    expect(standing({ freeBytes: 1 }, null, silent)).toBe('ok');
  });

  it('is tight below 1 GiB or 5 %, whichever is less, and without files', () => {
    expect(enoughToStart({ sizeBytes: 100 * GIB })).toBe(GIB);
    expect(enoughToStart({ sizeBytes: 10 * GIB })).toBe(GIB / 2);
    const isTight = (changes: Partial<FileSystem>) => judged(changes).fileSystems[0]!.isTight;
    expect(isTight({ freeBytes: 1.1 * GIB })).toBe(false);
    expect(isTight({ freeBytes: 0.9 * GIB })).toBe(true);
    expect(isTight({ sizeBytes: 10 * GIB, freeBytes: 0.6 * GIB })).toBe(false);
    expect(isTight({ freeFilesShare: 0.001 })).toBe(true);
  });

  it('is the same while only figures move', () => {
    const before = judged({ freeBytes: 50 * GIB });
    expect(isSameMachine(before, judged({ freeBytes: 40 * GIB, fullInMs: 9 * DAY }))).toBe(true);
    expect(isSameMachine(before, judged({ freeBytes: 4 * GIB }))).toBe(false);
    expect(isSameMachine(before, judged({ containers: ['db'] }))).toBe(false);
    expect(isSameMachine(null, before)).toBe(false);
  });
});

describe('memory and clock', () => {
  const of = (reading: Partial<Machine>, before: Machine | null = null) =>
    judgeMachine({ ...NO_READING, ...reading, fileSystems: [] }, before, host);

  it('are wrong beyond their bounds, and until they are clearly better', () => {
    const short = of({ memoryPressure: 0.2 });
    expect(short.isMemoryShort).toBe(true);
    expect(of({ memoryPressure: 0.06 }, short).isMemoryShort).toBe(true);
    expect(of({ memoryPressure: 0.06 }).isMemoryShort).toBe(false);
    const off = of({ clockOffMs: -400_000 });
    expect(off.isClockOff).toBe(true);
    expect(of({ clockOffMs: -200_000 }, off).isClockOff).toBe(true);
    expect(of({ clockOffMs: -200_000 }).isClockOff).toBe(false);
  });

  it('are as they were while nobody knows', () => {
    expect(of({}).isMemoryShort).toBe(false);
    expect(of({}, of({ clockOffMs: 400_000 })).isClockOff).toBe(true);
  });
});

describe('want of space', () => {
  it.each([
    'write /x: no space left on device',
    'OSError: [Errno 28] No space left on device',
    'Error: ENOSPC: no space',
    'sqlite: database or disk is full',
    'Not enough disk space',
  ])('is what this line says: %s', (line) => {
    expect(lineOfNoSpace(['starting', line, 'bye'])).toBe(line);
  });

  it('is not what others say', () => {
    expect(lineOfNoSpace(['Disk /dev/sda: 100 GB', 'space: the final frontier'])).toBeNull();
  });

  it('is of the file system with the least space that the container needs, if that is little', () => {
    const machine = judgeMachine(
      {
        ...NO_READING,
        fileSystems: [
          disk({ freeBytes: 0.5 * GIB }),
          disk({ mount: '/data', ofEngine: false, containers: ['db'], freeBytes: 10 }),
          disk({ mount: '/films', ofEngine: false, containers: ['tv'], freeBytes: 5 }),
        ],
      },
      null,
      host,
    );
    expect(fullFor('db', machine)?.mount).toBe('/data');
    expect(fullFor('app', machine)?.mount).toBe('/');
    expect(fullFor('db', judged({}))).toBeUndefined();
    expect(fullFor('db', null)).toBeUndefined();
  });
});
