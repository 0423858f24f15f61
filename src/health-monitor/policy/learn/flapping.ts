import type { HealthRecord, Intent } from '../record.js';
import type { Inspection } from './inspection.js';

const WINDOW_MS = 10 * 60_000;
/** Healthy for so long without a break, it flaps no more. */
export const CALM_AFTER_MS = 10 * 60_000;

type Spells = HealthRecord['spells'];

/** The spells of unhealthiness that are over and still count; the same list when that is nothing new. */
export function learnSpells(
  { spells, unhealthySince: before }: HealthRecord,
  unhealthySince: number | null,
  now: number,
): Spells {
  const isOver = before !== null && unhealthySince === null;
  if (!isOver && spells.every((spell) => isRecent(spell, now))) return spells;
  const all = isOver ? [...spells, { from: before, to: now }] : spells;
  return all.filter((spell) => isRecent(spell, now));
}

const isRecent = ({ to }: Spells[number], now: number): boolean => now - to < WINDOW_MS;

/**
 * Since when its health flaps: unhealthy for more than half of the last 10 minutes, and never for so long that something
 * is done about it. Over when it was healthy for long, or is not to run.
 */
export function learnFlapping(
  health: HealthRecord,
  { wish }: Intent,
  { rules, now }: Inspection,
): number | null {
  if (wish.value === 'stopped' || rules.unhealthy === 'ignore') return null;
  const { flappingSince, readySince } = health;
  if (flappingSince !== null)
    return readySince !== null && now - readySince >= CALM_AFTER_MS ? null : flappingSince;
  const spells = spellsUntil(health, now);
  const isFlapping =
    spells.length > 1 &&
    spells.every(({ from, to }) => to - from < rules.unhealthyForMs) &&
    unhealthyForMs(health, now) > WINDOW_MS / 2;
  return isFlapping ? spells[0]!.from : null;
}

/** How much of the last 10 minutes it was unhealthy, milliseconds. */
export const unhealthyForMs = (health: HealthRecord, now: number): number =>
  spellsUntil(health, now)
    .map(({ from, to }) => to - Math.max(from, now - WINDOW_MS))
    .reduce((sum, ms) => sum + ms, 0);

const spellsUntil = ({ spells, unhealthySince }: HealthRecord, now: number): Spells =>
  unhealthySince === null ? spells : [...spells, { from: unhealthySince, to: now }];
