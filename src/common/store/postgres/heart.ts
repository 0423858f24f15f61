/** Calls `beat` again and again, the next time so long after the last one ended; and at once when it is woken. */
export class Heart {
  private timer: NodeJS.Timeout | null = null;
  private isBeating = false;
  private isWoken = false;
  private isStopped = false;

  /** `beat` never rejects. */
  constructor(
    private readonly everyMs: number,
    private readonly beat: () => Promise<void>,
  ) {}

  start(): void {
    this.isStopped = false;
    this.schedule(this.everyMs);
  }

  /** Beats now; if it is beating, once more after that. */
  wake(): void {
    if (this.isStopped) return;
    if (this.isBeating) this.isWoken = true;
    else this.schedule(0);
  }

  stop(): void {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private schedule(inMs: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.onTime(), inMs).unref();
  }

  private async onTime(): Promise<void> {
    this.isBeating = true;
    this.isWoken = false;
    await this.beat();
    this.isBeating = false;
    if (!this.isStopped) this.schedule(this.isWoken ? 0 : this.everyMs);
  }
}
