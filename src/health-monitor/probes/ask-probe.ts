import type { ResolvedProbe } from '../../common/options/index.js';
import { RuntimeError, type Container, type ContainerRuntime } from '../runtime/index.js';
import { failed } from './answers.js';
import { askExec } from './ask-exec.js';
import { askHttp } from './ask-http.js';
import { askRpc } from './ask-rpc.js';
import { askTcp } from './ask-tcp.js';
import type { NotAsked, ProbeAnswer } from './probe-answer.js';

/** What it takes to ask. */
export interface Means {
  readonly runtime: ContainerRuntime;
  /** Ends the question at once; what is answered then means nothing. */
  readonly signal: AbortSignal;
}

/** Who is asked: a container, or what is none and has no ports of its own. */
export type AskedOne = Pick<Container, 'id' | 'reach'>;

/** Asks once whether it works. Answers within the probe's `timeoutMs`, and never throws. */
export async function askProbe(
  probe: ResolvedProbe,
  container: AskedOne,
  { runtime, signal }: Means,
): Promise<ProbeAnswer | NotAsked> {
  const over = new AbortController();
  let giveUp = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<ProbeAnswer | NotAsked>((resolve) => {
    giveUp = () => resolve({ kind: 'not-asked', why: null });
    timer = setTimeout(
      () => resolve({ ...failed(`No answer within ${probe.timeoutMs / 1000} s.`), isSilence: true }),
      probe.timeoutMs,
    );
  });
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    const asked = signal.aborted ? givenUp : ask(probe, container, runtime, over.signal);
    return await Promise.race([givenUp, asked]);
  } catch (error) {
    // An engine that refuses, or is away, says nothing of the container.
    if (error instanceof RuntimeError)
      return { kind: 'not-asked', why: error.kind === 'refused' ? error.message : null };
    return failed(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
    over.abort();
  }
}

function ask(
  probe: ResolvedProbe,
  container: AskedOne,
  runtime: ContainerRuntime,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  if ('http' in probe) return askHttp(probe, container, signal);
  if ('tcp' in probe) return askTcp(probe, container, signal);
  if ('rpc' in probe) return askRpc(probe, container, signal);
  return askExec(probe, container, runtime, signal);
}
