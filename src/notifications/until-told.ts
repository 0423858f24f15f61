/** Lets clients wait that have more of the log, from another replica, than was told here. */
export class UntilTold {
  private readonly waiting = new Set<(told: number) => void>();

  /** Resolves when {@link told} was called with this number or a greater one, and after so many milliseconds at the latest. */
  reached(seq: number, withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve();
      };
      const look = (told: number) => {
        if (told >= seq) end();
      };
      const timer = setTimeout(end, withinMs);
      this.waiting.add(look);
    });
  }

  /** The event of this number was told. */
  told(seq: number): void {
    for (const look of this.waiting) look(seq);
  }
}
