/** Who is to be looked at next: some by name, or all. Collects requests while a look is under way. */
export class WantedLooks {
  private all = false;
  private names = new Set<string>();

  add(names: Iterable<string> | 'all'): void {
    if (names === 'all') this.all = true;
    else for (const name of names) this.names.add(name);
  }

  /** Takes everything that was asked for; `null`: nothing. */
  take(): ReadonlySet<string> | 'all' | null {
    const { all, names } = this;
    this.all = false;
    this.names = new Set();
    if (all) return 'all';
    return names.size > 0 ? names : null;
  }
}
