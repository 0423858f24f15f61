import type { Incident } from '../events/index.js';

const OF_MACHINE: Readonly<Record<string, string>> = { memory: 'the machine', clock: 'the clock' };

/** By which name people know what causes an incident: a container, an external, a part of the machine, or `engine`. Pure. */
export function causeName(
  {
    container,
    external,
    name,
    machine,
  }: Pick<Incident['cause'], 'container' | 'external' | 'name' | 'machine'>,
  engine: string,
): string {
  const called = container ?? name ?? external;
  if (called !== undefined) return called;
  return machine === undefined ? engine : (OF_MACHINE[machine] ?? machine);
}
