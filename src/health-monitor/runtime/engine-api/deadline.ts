import { setMaxListeners } from 'node:events';
import { RuntimeError } from '../runtime-error.js';

/**
 * Does `work` with a signal that is aborted after `milliseconds`, or when the caller's `signal` is; says which in a
 * `RuntimeError` of kind `timeout` or `aborted`. `what` begins the sentence: "Listing containers".
 */
export async function withDeadline<T>(
  what: string,
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  // One list may look at the processes of many containers.
  setMaxListeners(0, controller.signal);
  let timedOut = false;
  const abort = () => controller.abort();
  const timer = setTimeout(() => {
    timedOut = true;
    abort();
  }, milliseconds);
  signal?.addEventListener('abort', abort);
  try {
    if (signal?.aborted) abort();
    controller.signal.throwIfAborted();
    return await work(controller.signal);
  } catch (cause) {
    if (signal?.aborted) throw new RuntimeError('aborted', `${what}: no longer wanted.`, { cause });
    if (timedOut)
      throw new RuntimeError('timeout', `${what}: no answer within ${milliseconds / 1000} s.`, { cause });
    throw cause;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
