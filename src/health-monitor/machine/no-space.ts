import type { JudgedFileSystem, Machine } from './machine.js';

const NO_SPACE = /no space left on device|\benospc\b|\bdisk (?:is )?full\b|not enough (?:disk )?space/i;

/** What of it says that there was no space; `null`: nothing does. Pure. */
export const lineOfNoSpace = (lines: readonly string[]): string | null =>
  lines.findLast((line) => NO_SPACE.test(line)) ?? null;

/** Whether a container keeps anything on it. Pure. */
export const needs = (name: string, { ofEngine, containers }: JudgedFileSystem): boolean =>
  ofEngine || containers.includes(name);

/**
 * The file system for want of which a container failed that says so: of those that it needs, the one with the least space,
 * if that is little indeed. Pure.
 */
export function fullFor(name: string, machine: Machine | null): JudgedFileSystem | undefined {
  const tight = (machine?.fileSystems ?? []).filter(
    (one) => one.isTight && one.standing !== 'read-only' && needs(name, one),
  );
  return tight.toSorted((a, b) => a.freeBytes - b.freeBytes)[0];
}
