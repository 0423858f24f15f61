/** Work of which each piece begins when the one before has ended. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as the work does. */
  take<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when all that was begun or waits has ended. */
  async idle(): Promise<void> {
    await this.last;
  }
}
