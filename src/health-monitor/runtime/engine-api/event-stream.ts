import { type CallOptions } from '../container-runtime.js';
import { RuntimeError } from '../runtime-error.js';
import { type CallDeadlines } from './call-deadlines.js';

/**
 * What an engine tells until `signal` is aborted; then it ends without an error. The engine's own end of it is an outage.
 *
 * @param open begins it, within the deadline of a reading call; its signal is aborted when nobody listens any more
 */
export async function* eventStream<T>(
  engine: string,
  deadlines: CallDeadlines,
  signal: NonNullable<CallOptions['signal']>,
  open: (closing: AbortSignal) => Promise<AsyncIterable<T>>,
): AsyncGenerator<T, void, void> {
  const closing = new AbortController();
  const close = () => closing.abort();
  signal.addEventListener('abort', close);
  try {
    yield* await deadlines.read('Listening to events', signal, (deadline) => {
      deadline.addEventListener('abort', close);
      return open(closing.signal);
    });
    throw new RuntimeError('outage', `${engine} ended its stream of events.`);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}
