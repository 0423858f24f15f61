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

/** Collects what the engine's events show of each container since its latest start: the traces of a person's hand. */
export class StopEvidenceCollector {
  private readonly byId = new Map<string, StopEvidence>();

  /** @param actedOn whether an act of ours was under way on a container at a time */
  constructor(private readonly actedOn: (name: string, from: number, to: number) => boolean) {}

  onEvent(event: EngineEvent): void {
    const known = this.byId.get(event.id) ?? NOTHING;
    const ours = this.actedOn(event.name, event.at - AFTER_ACT_MS, event.at);
    switch (event.action) {
      case 'started':
      case 'removed':
        this.byId.delete(event.id);
        return;
      case 'died':
        this.byId.set(event.id, { ...known, diedAt: event.at, cleanups: 0 });
        return;
      case 'stopped':
        if (!ours) this.byId.set(event.id, { ...known, stopped: true });
        return;
      case 'restarted':
        if (!ours)
          this.byId.set(event.id, {
            ...known,
            [known.diedAt === null ? 'restarted' : 'restartedByPolicy']: true,
          });
        return;
      case 'cleaned-up':
        if (!ours && known.diedAt !== null && event.at - known.diedAt <= PENDING_FOR_MS)
          this.byId.set(event.id, { ...known, cleanups: known.cleanups + 1 });
        return;
      default:
        return;
    }
  }

  get all(): ReadonlyMap<string, StopEvidence> {
    return this.byId;
  }
}
