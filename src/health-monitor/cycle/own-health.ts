import type { Clock } from '../../common/clock/index.js';
import type { Fact } from '../step/index.js';

/** As many failed checks in a row are an outage of the engine. */
const FAILED_CHECKS = 2;
/** So many full checks may be missing … */
const MISSING_CHECKS = 3;
/** … and a check may take so long, on an engine that is slow. */
const CHECK_MS = 120_000;

/** Whether the monitor itself works, whatever the engine and the containers do. */
export class OwnHealth {
  /** When a check last came to an end, whichever; monotonic. */
  private checkEndedAt: number;
  private ownFailures = 0;
  private storeDegraded = false;

  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
  ) {
    this.checkEndedAt = clock.monotonic();
  }

  /** It has only begun to check. */
  begin(): void {
    this.storeDegraded = false;
    this.checkEnded(0);
  }

  /** Hears of everything that happens. */
  onFact(fact: Fact): void {
    if (fact.kind === 'checked' && fact.observation.full) this.checkEnded(0);
    // An engine that does not answer was asked all the same.
    if (fact.kind === 'check-failed') this.checkEnded(fact.by === 'monitor' ? this.ownFailures + 1 : 0);
    if (fact.kind === 'store-changed') this.storeDegraded = fact.change === 'degraded';
  }

  /** What keeps the monitor from working, in a sentence without words from outside; `null`: nothing. */
  get problem(): string | null {
    const silentMs = this.clock.monotonic() - this.checkEndedAt;
    if (silentMs > MISSING_CHECKS * this.intervalMs + CHECK_MS)
      return `No check has come to an end for ${Math.round(silentMs / 60_000)} minutes.`;
    if (this.ownFailures >= FAILED_CHECKS)
      return 'Checks fail by an error of the monitor or one of its parts; the log has it.';
    if (this.storeDegraded) return 'The store cannot be written; its problem is in the status.';
    return null;
  }

  private checkEnded(ownFailures: number): void {
    this.checkEndedAt = this.clock.monotonic();
    this.ownFailures = ownFailures;
  }
}
