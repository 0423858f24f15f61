import { readable } from '../../common/text/index.js';

/**
 * Why a call to the engine failed.
 *
 * - `outage`: the engine cannot be reached at all, or the connection broke
 * - `not-found`: there is no such container
 * - `refused`: the engine answered, and said no; `message` has its reason
 * - `timeout`: no answer within the deadline; the engine may still be at it
 * - `nonsense`: the answer cannot be understood, or is too large
 * - `aborted`: the caller no longer wants it
 */
export type RuntimeErrorKind = 'outage' | 'not-found' | 'refused' | 'timeout' | 'nonsense' | 'aborted';

/** Of an engine's own words, so many characters are kept. */
const WORDS = 1_000;

/**
 * The only error a {@link ContainerRuntime} throws. Any other is a fault of the runtime: it is logged, and people are told of
 * a container that it spoils, or of checks that fail.
 */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';

  /**
   * @param message for people: what went wrong, and what to do. It may hold the engine's own words: it passes the gate
   *   for text from outside, which masks secrets and cuts it to 1,000 characters
   */
  constructor(
    readonly kind: RuntimeErrorKind,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(readable(message, WORDS), options);
  }
}
