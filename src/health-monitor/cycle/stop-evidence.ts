import { STOP_SHOWN_WITHIN_MS, type StopEvidence } from '../policy/index.js';
import type { EngineEvent } from '../runtime/index.js';

const NOTHING: StopEvidence = {
  stopped: false,
  restarted: false,
  restartedByPolicy: false,
  diedAt: null,
  cleanedUpAt: null,
  engineCleanedUpAt: null,
  cleanups: 0,
  heardLateMs: 0,
  lastExit: null,
};
/** Podman's second `cleanup` of a failed start of ours can come this long after it. */
const AFTER_ACT_MS = 500;

/** Gathers what the engine's events tell of each container since its latest start: the traces of a person's hand. */
export class StopEvidenceLog {
  private readonly byId = new Map<string, StopEvidence>();
  private readonly news = new Set<string>();
  private engineCleanedUpAt: number | null = null;

  /** @param actedOn whether an act of ours was under way on a container between two times */
  constructor(private readonly actedOn: (name: string, from: number, to: number) => boolean) {}

  onEvent(event: EngineEvent, heardAt: number): void {
    if (event.action === 'removed') {
      this.byId.delete(event.id);
      this.news.delete(event.id);
      return;
    }
    if (event.action === 'cleaned-up') this.engineCleanedUpAt = event.at;
    const before = this.byId.get(event.id);
    const after = this.next(before ?? NOTHING, event, Math.max(0, heardAt - event.at));
    if (after === before) return;
    this.news.add(event.id);
    if (after === NOTHING) this.byId.delete(event.id);
    else this.byId.set(event.id, after);
  }

  /** What is known of a container; from then on it is no news. */
  of(id: string): StopEvidence | null {
    this.news.delete(id);
    const known = this.byId.get(id);
    return known ? { ...known, engineCleanedUpAt: this.engineCleanedUpAt } : null;
  }

  /** Whether something was heard of a container since it was last asked about. */
  isNews(id: string): boolean {
    return this.news.has(id);
  }

  private next(known: StopEvidence, event: EngineEvent, heardLateMs: number): StopEvidence {
    const ours = this.actedOn(event.name, event.at - AFTER_ACT_MS, event.at);
    switch (event.action) {
      case 'started':
        return known.lastExit === null ? NOTHING : { ...NOTHING, lastExit: known.lastExit };
      case 'died':
        return {
          ...known,
          diedAt: event.at,
          cleanedUpAt: null,
          cleanups: 0,
          heardLateMs,
          lastExit: exitOf(event),
        };
      case 'stopped':
        return ours ? known : { ...known, stopped: true };
      case 'restarted':
        if (ours) return known;
        return { ...known, [known.diedAt === null ? 'restarted' : 'restartedByPolicy']: true };
      case 'cleaned-up': {
        const inTime = known.diedAt !== null && event.at - known.diedAt <= STOP_SHOWN_WITHIN_MS;
        if (!inTime) return known;
        // One of our doing shows as well that the engine gets to it.
        const cleanedUpAt = known.cleanedUpAt ?? event.at;
        return { ...known, cleanedUpAt, cleanups: ours ? known.cleanups : known.cleanups + 1, heardLateMs };
      }
      default:
        return known;
    }
  }
}

const exitOf = ({ at, exitCode }: EngineEvent): StopEvidence['lastExit'] =>
  exitCode === null ? null : { at, exitCode };
