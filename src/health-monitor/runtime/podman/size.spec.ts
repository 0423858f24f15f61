import { describe, expect, it } from 'vitest';
import { RuntimeError } from '../runtime-error.js';
import { parseSize } from './size.js';

describe('parseSize', () => {
  it.each([
    ['0B', 0],
    ['512B', 512],
    ['512 B', 512],
    ['983kB', 983_000],
    ['356.4kB', 356_400],
    ['2.22MB', 2_220_000],
    ['67.11MB', 67_110_000],
    ['25.28GB', 25_280_000_000],
    ['1.5TB', 1_500_000_000_000],
  ])('reads SI units as Podman prints them: %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each([
    ['556KiB', 569_344],
    ['100KiB', 102_400],
    ['256MiB', 268_435_456],
    ['1.5GiB', 1_610_612_736],
    ['2GiB', 2_147_483_648],
    ['1TiB', 1_099_511_627_776],
  ])('reads IEC units as Docker prints them: %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it('takes kB for 1000 bytes, which the Rust monitor took for 1024', () => {
    expect(parseSize('100kB')).toBe(100_000);
  });

  it.each([
    '',
    '12',
    'MB',
    '2.22',
    '-1MB',
    '1,5MB',
    '.5MB',
    '5.MB',
    '1e3MB',
    '2.22mb',
    '2KB',
    '1kib',
    '1 MB / 2 MB',
    ' 1MB',
    '1MB ',
    '--',
    'NaNB',
    '1  MB',
    '9999999EB',
  ])('refuses %j', (text) => {
    expect(() => parseSize(text)).toThrow(RuntimeError);
  });

  it('says what it could not read, cut short', () => {
    expect(() => parseSize('x'.repeat(1_000))).toThrow(`"${'x'.repeat(40)}" is not a size`);
  });
});
