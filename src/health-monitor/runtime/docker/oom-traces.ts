import { type DockerEvent } from './event.reader.js';

/** The kernel's word comes so long before the end that it is about, in milliseconds. */
const BEFORE_END_MS = 2_000;
const KILLED = 137;

interface Traces {
  readonly oomAt: number | null;
  readonly stopAt: number | null;
  readonly isOom: boolean | null;
}

const NONE: Traces = { oomAt: null, stopAt: null, isOom: null };

/**
 * Tells whether a container ended for want of memory. Docker's flag alone does not: it also means a child that was killed
 * so while the container lived on, and stays set over a later stop that ends with the same code.
 */
export class OomTraces {
  private readonly byId = new Map<string, Traces>();

  /** @param isStop it is a signal that asks the container to end */
  hear({ action, isOom, id, at }: DockerEvent, isStop: boolean): void {
    const known = this.byId.get(id) ?? NONE;
    if (isOom) this.byId.set(id, { ...known, oomAt: at });
    else if (isStop || action === 'stopped') this.byId.set(id, { ...known, stopAt: known.stopAt ?? at });
    else if (action === 'died') this.byId.set(id, { ...known, isOom: isOomAt(known, at) });
    else if (action === 'started' || action === 'removed') this.byId.delete(id);
  }

  /** @param flag the engine's own, of the latest end */
  wasOom(id: string, exitCode: number, flag: boolean): boolean {
    return exitCode === KILLED && (this.byId.get(id)?.isOom ?? flag);
  }
}

/** `null`: events do not tell. */
function isOomAt({ oomAt, stopAt }: Traces, diedAt: number): boolean | null {
  if (oomAt !== null && diedAt - oomAt <= BEFORE_END_MS) return true;
  return stopAt === null ? null : false;
}
