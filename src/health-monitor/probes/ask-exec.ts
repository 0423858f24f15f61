import type { ExecProbe } from '../../common/options/index.js';
import type { Container, ContainerRuntime } from '../runtime/index.js';
import { failed, notYet, ok } from './answers.js';
import type { ProbeAnswer } from './probe-answer.js';

/** `EX_TEMPFAIL` of sysexits.h. */
const TRY_LATER = 75;

/** Runs a command in the container. */
export async function askExec(
  { exec }: ExecProbe,
  { id }: Pick<Container, 'id'>,
  runtime: ContainerRuntime,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const { exitCode, output } = await runtime.exec(id, exec, { signal });
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const words = lines.at(-1) ?? `It ended with exit ${exitCode}.`;
  if (exitCode === 0) return ok(words);
  return exitCode === TRY_LATER ? notYet(words) : failed(words);
}
