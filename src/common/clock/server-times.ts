import { Injectable } from '@nestjs/common';
import { Clock } from './clock.js';

const KEPT_MS = 24 * 60 * 60_000;
const PER_SERVER = 2;
const MOST_SERVERS = 50;
/** Of so many answers, one may be wrong. */
const LEAST_ANSWERS = 2;
/** Their times are cut to the second. */
const HALF_A_SECOND = 500;

interface Told {
  /** Monotonic. */
  readonly at: number;
  /** By how much our clock was ahead. */
  readonly offMs: number;
}

/** What other servers say of the time: those that answer us anyway, and are asked nothing for it. */
@Injectable()
export class ServerTimes {
  private readonly byServer = new Map<string, readonly Told[]>();

  constructor(private readonly clock: Clock) {}

  /**
   * A server has just answered with this time of its own.
   *
   * @param date as the header `date` has it; what is no time is passed over
   */
  note(server: string, date: string): void {
    const theirs = Date.parse(date);
    if (Number.isNaN(theirs)) return;
    const told = { at: this.clock.monotonic(), offMs: this.clock.now() - (theirs + HALF_A_SECOND) };
    const earlier = this.byServer.get(server) ?? [];
    this.byServer.delete(server);
    this.byServer.set(server, [...earlier, told].slice(-PER_SERVER));
    if (this.byServer.size > MOST_SERVERS) this.byServer.delete([...this.byServer.keys()][0]!);
  }

  /**
   * By how much our clock is ahead of theirs (behind: negative), milliseconds, as the one says that is nearest to ours;
   * `null`: fewer than two answers of the last day tell.
   */
  offMs(): number | null {
    const since = this.clock.monotonic() - KEPT_MS;
    const told = [...this.byServer.values()].flat().filter(({ at }) => at >= since);
    if (told.length < LEAST_ANSWERS) return null;
    return told.reduce(
      (nearest, { offMs }) => (Math.abs(offMs) < Math.abs(nearest) ? offMs : nearest),
      Infinity,
    );
  }

  /**
   * Our clock moved by so much: by hand, or because the machine slept, which looks the same. What that brings nearer to theirs
   * is believed, and the rest forgotten.
   */
  clockSet(by: number): void {
    for (const [server, told] of this.byServer) {
      const moved = told.map(({ at, offMs }) => ({ at, offMs: offMs + by }));
      const isNearer = moved.every(({ offMs }, index) => Math.abs(offMs) < Math.abs(told[index]!.offMs));
      if (isNearer) this.byServer.set(server, moved);
      else this.byServer.delete(server);
    }
  }
}
