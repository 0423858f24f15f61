import { isInheritedName, isRecord } from './expectation.decorators.js';
import { pathTo } from './option-problems.js';

/**
 * Keys that mean something else than they say, one line each: those of which every object has one anyway, and those
 * that are not in the object but in one it inherits from, as `{ __proto__: … }` makes it. `access` and `storage.pool` are
 * the host's own objects, and not looked into.
 */
export function inheritedKeyProblems(options: unknown): string[] {
  return problemsIn(options, '', new Set());
}

const OWN_OBJECTS: readonly string[] = ['access', 'storage.pool'];

function problemsIn(value: unknown, path: string, seen: Set<unknown>): string[] {
  if (!(isRecord(value) || Array.isArray(value)) || seen.has(value)) return [];
  seen.add(value);
  return keysOf(value)
    .filter((key) => !OWN_OBJECTS.includes(pathTo(path, key)))
    .flatMap((key) => {
      const here = pathTo(path, key);
      if (isInheritedName(key))
        return [`${here}: expected another name; every object in JavaScript has this one`];
      if (!Object.hasOwn(value, key)) return [`${here}: expected to be written here, and not inherited`];
      return problemsIn((value as Record<string, unknown>)[key], here, seen);
    });
}

/** With those that it inherits, of which a host's own classes show none. */
function keysOf(value: object): string[] {
  const keys: string[] = [];
  for (const key in value) keys.push(key);
  return keys;
}
