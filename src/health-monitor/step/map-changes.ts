/** A map with some entries set and some removed; the same map when that changes nothing. Pure. */
export function withChanges<K, V>(
  map: ReadonlyMap<K, V>,
  set: Iterable<readonly [K, V]>,
  remove: Iterable<K> = [],
): ReadonlyMap<K, V> {
  let next: Map<K, V> | null = null;
  for (const [key, value] of set) {
    if (map.get(key) !== value || !map.has(key)) (next ??= new Map(map)).set(key, value);
  }
  for (const key of remove) if (map.has(key)) (next ??= new Map(map)).delete(key);
  return next ?? map;
}

/** The values that are new or another than before, in the order of the later map. Pure. */
export function changedValues<V>(
  before: ReadonlyMap<string, V>,
  after: ReadonlyMap<string, V>,
): readonly V[] {
  const changed: V[] = [];
  if (before === after) return changed;
  for (const [key, value] of after) if (before.get(key) !== value) changed.push(value);
  return changed;
}

/** The keys that are there no more. Pure. */
export const removedKeys = (
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly string[] => (before === after ? [] : [...before.keys()].filter((key) => !after.has(key)));

/** A map being changed: what was set hides what was there, and the map itself stays as it is. */
export class MapDraft<K, V> {
  private readonly changes = new Map<K, V>();

  constructor(private readonly base: ReadonlyMap<K, V>) {}

  /** Whether another value was set. */
  isChanged(key: K): boolean {
    return this.changes.has(key);
  }

  get(key: K): V | undefined {
    return this.changes.get(key) ?? this.base.get(key);
  }

  set(key: K, value: V): void {
    if (this.get(key) !== value) this.changes.set(key, value);
  }

  /** Keys whose value is another than it was. */
  get changed(): readonly K[] {
    return [...this.changes].filter(([key, value]) => this.base.get(key) !== value).map(([key]) => key);
  }

  result(remove: Iterable<K> = []): ReadonlyMap<K, V> {
    return withChanges(this.base, this.changes, remove);
  }
}
