/** The only source of time. Replaced by a manual one in tests; `./testing` exports that. */
export abstract class Clock {
  /** Wall-clock time, milliseconds since 1970. May jump when the host's clock is set. */
  abstract now(): number;
  /** Milliseconds since some fixed moment; never jumps and never runs backwards. */
  abstract monotonic(): number;
}

export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }
}
