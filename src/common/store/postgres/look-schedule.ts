import type { Clock } from '../../clock/index.js';
import { Heart } from './heart.js';

/** When the database is looked at: again and again, and at once when there may be something to see. */
export class LookSchedule {
  private dueAt = 0;
  private readonly heart: Heart;

  /** `look` never rejects. It may be called by others as well. */
  constructor(
    private readonly clock: Clock,
    private readonly everyMs: number,
    look: () => Promise<void>,
  ) {
    this.heart = new Heart(everyMs, look);
  }

  get isDue(): boolean {
    return this.clock.monotonic() >= this.dueAt;
  }

  start(): void {
    this.heart.start();
  }

  stop(): void {
    this.heart.stop();
  }

  /** A look begins. */
  begin(): void {
    this.dueAt = this.clock.monotonic() + this.everyMs;
  }

  /** Once this look is done. */
  again(): void {
    this.dueAt = 0;
  }

  wake(): void {
    this.again();
    this.heart.wake();
  }
}
