/** Whom to check next: some by name, or all. Collects what is asked for while a check is under way. */
export class CheckQueue {
  private all = false;
  private names = new Set<string>();

  add(names: Iterable<string> | 'all'): void {
    if (names === 'all') this.all = true;
    else for (const name of names) this.names.add(name);
  }

  /** Everything that was asked for, which is then asked for no more; `null`: nothing was. */
  next(): ReadonlySet<string> | 'all' | null {
    const { all, names } = this;
    this.all = false;
    this.names = new Set();
    if (all) return 'all';
    return names.size > 0 ? names : null;
  }
}
