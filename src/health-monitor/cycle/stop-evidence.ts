import { canHaveHeeded, STOP_SHOWN_WITHIN_MS, type StopEvidence } from '../policy/index.js';
import type { Container, EngineEvent, EngineInfo } from '../runtime/index.js';
import { wasActedOn, wasStoppedByUs, type OwnActs } from '../step/index.js';
import { EngineEnds } from './engine-ends.js';

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
  private readonly engineEnds = new EngineEnds();

  constructor(private readonly ownActs: () => OwnActs) {}

  onEvent(event: EngineEvent, heardAt: number): void {
    this.engineEnds.told(event.at);
    if (event.action === 'removed') {
      this.engineEnds.removed(event.id);
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

  /** The engine's events are not heard since then; milliseconds since 1970. */
  silentSince(at: number): void {
    this.engineEnds.silentSince(at);
  }

  heardAgain(at: number): void {
    this.engineEnds.heardAgain(at);
  }

  /** The engine, which is heard again, still knows what happened then. */
  remembers(at: number): void {
    this.engineEnds.told(at);
  }

  /** The engine says anew what it is. */
  onEngine({ remembersSince, remembersAll }: EngineInfo): void {
    if (remembersSince !== undefined) this.remembers(remembersSince);
    this.engineEnds.hasToldAll(remembersAll === true);
  }

  /** Whether the engine itself ended when its events were last not heard; `shown`: all containers, as they are now. */
  didEngineEnd(shown: Iterable<Container>): boolean {
    return this.engineEnds.wasEnd(shown);
  }

  /**
   * What is known of a container; from then on it is no news. `engineEnded`: whether the engine itself ended; `null`: that
   * cannot be told yet, so nothing is known of the others that were asked to end together with it.
   */
  of(container: Container, engineEnded: boolean | null, now: number): StopEvidence | null {
    const { id } = container;
    this.news.delete(id);
    const known = this.byId.get(id);
    const { lastAskedToEndAt } = known ?? NOTHING;
    const more = {
      ...(lastAskedToEndAt === undefined
        ? {}
        : {
            allEndedAt: engineEnded === null ? null : this.engineEnds.allEndedAt(lastAskedToEndAt, now),
          }),
      ...(engineEnded ? this.endOfEngine(container) : {}),
      ...(engineEnded && this.engineEnds.began(container) ? { revived: true as const } : {}),
    };
    if (known === undefined && Object.keys(more).length === 0) return null;
    return { ...(known ?? NOTHING), engineCleanedUpAt: this.engineCleanedUpAt, ...more };
  }

  private endOfEngine(container: Container): Pick<StopEvidence, 'engineEnded' | 'foundRunning'> {
    const { id } = container;
    const { askedToEndAt: first, lastAskedToEndAt: last, diedAt } = this.byId.get(id) ?? NOTHING;
    const wasAsked = first !== undefined && last !== undefined;
    const endedByItself = !wasAsked && diedAt !== null;
    if (endedByItself) return {};
    const mayBePersons =
      container.stoppedByUser !== false && wasAsked && this.engineEnds.wasAskedBefore(first);
    if (mayBePersons && canHaveHeeded(container, first, diedAt ?? last)) return {};
    if (this.engineEnds.foundRunning(container, last ?? null))
      return { engineEnded: true, foundRunning: true };
    const wentDown =
      (wasAsked && this.engineEnds.askedFor(id, first, last)) || this.engineEnds.tookDown(container);
    return wentDown ? { engineEnded: true } : {};
  }

  /** Whether something was heard of a container since it was last asked about. */
  isNews(id: string): boolean {
    return this.news.has(id);
  }

  private asked(known: StopEvidence, { id, at }: EngineEvent): StopEvidence {
    this.engineEnds.asked(id, at);
    return { ...known, askedToEndAt: known.askedToEndAt ?? at, lastAskedToEndAt: at };
  }

  private next(known: StopEvidence, event: EngineEvent, heardLateMs: number): StopEvidence {
    switch (event.action) {
      case 'started':
        return known.lastExit === null ? NOTHING : { ...NOTHING, lastExit: known.lastExit };
      case 'died':
        this.engineEnds.ended(event.id, event.at);
        return {
          ...known,
          diedAt: event.at,
          cleanedUpAt: null,
          cleanups: 0,
          heardLateMs,
          lastExit: exitOf(event),
        };
      case 'stopped':
        this.engineEnds.ended(event.id, event.at);
        if (this.isOurStop(event)) return known;
        // It is told when the stop is over; what asked for it, before.
        return { ...(known.askedToEndAt === undefined ? this.asked(known, event) : known), stopped: true };
      case 'killed':
        if (event.asksToEnd === false) return { ...known, otherSignal: true };
        return event.asksToEnd !== true || this.isOurStop(event) ? known : this.asked(known, event);
      case 'restarted':
        if (this.isOurs(event)) return known;
        return { ...known, [known.diedAt === null ? 'restarted' : 'restartedByPolicy']: true };
      case 'cleaned-up': {
        const inTime = known.diedAt !== null && event.at - known.diedAt <= STOP_SHOWN_WITHIN_MS;
        if (!inTime) return known;
        // One of our doing shows as well that the engine gets to it.
        const cleanedUpAt = known.cleanedUpAt ?? event.at;
        const cleanups = known.cleanups + (this.isOurs(event) ? 0 : 1);
        return { ...known, cleanedUpAt, cleanups, heardLateMs };
      }
      default:
        return known;
    }
  }

  /** A start of ours asks nobody to end: who is asked right after it, is so by somebody else. */
  private isOurStop({ name, at }: EngineEvent): boolean {
    return wasStoppedByUs(this.ownActs(), name, Math.floor(at));
  }

  private isOurs({ name, at }: EngineEvent): boolean {
    return wasActedOn(this.ownActs(), name, at - AFTER_ACT_MS, at);
  }
}

const exitOf = ({ at, exitCode }: EngineEvent): StopEvidence['lastExit'] =>
  exitCode === null ? null : { at, exitCode };
