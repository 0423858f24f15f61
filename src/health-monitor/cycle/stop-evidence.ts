import { PENDING_FOR_MS, type StopEvidence } from '../policy/index.js';
import type { EngineEvent } from '../runtime/index.js';

const NOTHING: StopEvidence = {
  stopped: false,
  restarted: false,
  restartedByPolicy: false,
  diedAt: null,
  cleanups: 0,
};
/** Podman's second `cleanup` of a failed start of ours can come this long after it. */
const AFTER_ACT_MS = 500;

/** Gathers what the engine's events tell of each container since its latest start: the traces of a person's hand. */
export class StopEvidenceLog {
  private readonly byId = new Map<string, StopEvidence>();
  private readonly news = new Set<string>();

  /** @param actedOn whether an act of ours was under way on a container between two times */
  constructor(private readonly actedOn: (name: string, from: number, to: number) => boolean) {}

  onEvent(event: EngineEvent): void {
    if (event.action === 'removed') {
      this.byId.delete(event.id);
      this.news.delete(event.id);
      return;
    }
    const before = this.byId.get(event.id);
    const after = this.next(before ?? NOTHING, event);
    if (after === before) return;
    this.news.add(event.id);
    if (after === NOTHING) this.byId.delete(event.id);
    else this.byId.set(event.id, after);
  }

  /** What is known of a container; from then on it is no news. */
  of(id: string): StopEvidence | null {
    this.news.delete(id);
    return this.byId.get(id) ?? null;
  }

  /** Whether something was heard of a container since it was last asked about. */
  isNews(id: string): boolean {
    return this.news.has(id);
  }

  private next(known: StopEvidence, event: EngineEvent): StopEvidence {
    const ours = this.actedOn(event.name, event.at - AFTER_ACT_MS, event.at);
    switch (event.action) {
      case 'started':
        return NOTHING;
      case 'died':
        return { ...known, diedAt: event.at, cleanups: 0 };
      case 'stopped':
        return ours ? known : { ...known, stopped: true };
      case 'restarted':
        if (ours) return known;
        return { ...known, [known.diedAt === null ? 'restarted' : 'restartedByPolicy']: true };
      case 'cleaned-up': {
        const inTime = known.diedAt !== null && event.at - known.diedAt <= PENDING_FOR_MS;
        return ours || !inTime ? known : { ...known, cleanups: known.cleanups + 1 };
      }
      default:
        return known;
    }
  }
}
