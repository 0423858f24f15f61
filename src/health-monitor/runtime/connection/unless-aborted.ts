import { RuntimeError } from '../runtime-error.js';

/** What others wait for, too: a caller who gives up does not end it for them. `what` begins the sentence. */
export async function unlessAborted<T>(
  work: Promise<T>,
  what: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return work;
  let giveUp = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = () => reject(new RuntimeError('aborted', `${what}: no longer wanted.`));
  });
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  // Whatever comes of it later is nobody's concern here.
  work.catch(() => undefined);
  try {
    return await Promise.race([givenUp, work]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
