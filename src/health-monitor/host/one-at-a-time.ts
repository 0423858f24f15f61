/** Waits for answers, but not for ever: who does not answer in time is not asked again before that answer came. */
export class OneAtATime {
  private readonly late = new Set<string>();

  constructor(private readonly deadlineMs: number) {}

  get areAnyLate(): boolean {
    return this.late.size > 0;
  }

  /** `undefined`: it failed, or was not answered in time, or the last such question is still not answered. */
  async ask<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
    if (this.late.has(key)) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        this.late.add(key);
        resolve(undefined);
      }, this.deadlineMs).unref();
    });
    const answer = work()
      .catch(() => undefined)
      .finally(() => {
        clearTimeout(timer);
        this.late.delete(key);
      });
    return Promise.race([answer, deadline]);
  }
}
