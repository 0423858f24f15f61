import type { ExecProbe } from '../../common/options/index.js';
import type { Container, ContainerRuntime } from '../runtime/index.js';
import { lastLine, withJson } from './expected.js';
import { judgeReceived } from './judge-received.js';
import type { ProbeAnswer } from './probe-answer.js';

/** `EX_TEMPFAIL` of sysexits.h. */
const TRY_LATER = 75;

/** Runs a command in the container. */
export async function askExec(
  probe: ExecProbe,
  { id }: Pick<Container, 'id'>,
  runtime: ContainerRuntime,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const { exitCode: exit, output: text } = await runtime.exec(id, probe.exec, { signal });
  const received = withJson({ exit, text });
  return judgeReceived(probe, received, {
    unmet: exit === 0 ? null : `It ended with exit ${exit}.`,
    // The last line of JSON is a bracket.
    own: typeof received.json === 'object' ? null : lastLine(text),
    asksForPatience: exit === TRY_LATER,
  });
}
