import { describe, expect, it } from 'vitest';
import { hostBoot } from './host-boot.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BOOT = Date.parse('2026-03-01T08:00:00Z');

describe('the last sign of life before the host came up', () => {
  it.each<[string, number | null, readonly number[], number]>([
    ['is a container’s exit soon before', null, [-2 * MINUTE], -2 * MINUTE],
    [
      'is the latest of the exits before, not one after it',
      null,
      [-5 * MINUTE, -2 * MINUTE, MINUTE],
      -2 * MINUTE,
    ],
    [
      'is an exit of the evening before a night off, where nothing of ours is known',
      null,
      [-9 * HOUR],
      -9 * HOUR,
    ],
    ['is not what was switched off weeks ago', null, [-10 * DAY], 0],
    ['is ours after a night off', -9 * HOUR, [-9 * HOUR - MINUTE, -3 * DAY], -9 * HOUR],
    ['is the exit that came with our own end', -9 * HOUR, [-9 * HOUR + MINUTE], -9 * HOUR + MINUTE],
    ['is not what was stopped after we were switched off', -20 * DAY, [-10 * DAY], 0],
    ['is not known where there is none', null, [], 0],
  ])('%s', (_, alive, exits, downAt) => {
    const before = alive === null ? null : { bootId: 'a', aliveAt: BOOT + alive };
    const boot = hostBoot({ bootedAt: BOOT, bootId: 'b', before, exits: exits.map((at) => BOOT + at) });
    expect(boot.downAt - BOOT).toBe(downAt);
  });
});

describe('a new start of the host', () => {
  it.each([
    ['another boot id', 'b', { bootId: 'a', aliveAt: BOOT + HOUR }, true],
    ['the same boot id', 'a', { bootId: 'a', aliveAt: BOOT - HOUR }, false],
    ['no boot id, and alive before it', null, { bootId: null, aliveAt: BOOT - HOUR }, true],
    ['no boot id, and alive since', null, { bootId: null, aliveAt: BOOT + HOUR }, false],
    ['nothing known before', 'b', null, false],
  ])('is told by %s', (_, bootId, before, isNew) => {
    expect(hostBoot({ bootedAt: BOOT, bootId, before, exits: [] }).isNew).toBe(isNew);
  });
});
