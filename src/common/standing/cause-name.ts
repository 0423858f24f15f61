import type { Incident } from '../events/index.js';

const OF_MACHINE: Readonly<Record<string, string>> = { memory: 'the machine', clock: 'the clock' };

/** By which name people know what causes an incident: a container, a part of the machine, or `engine`. Pure. */
export const causeName = (
  { container, machine }: Pick<Incident['cause'], 'container' | 'machine'>,
  engine: string,
): string => container ?? (machine === undefined ? engine : (OF_MACHINE[machine] ?? machine));
