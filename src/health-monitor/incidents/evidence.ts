import type { Evidence } from '../../common/events/index.js';
import { readable, readableLines } from '../../common/text/index.js';
import { signalOf, wordsOfFailure, type Death } from '../policy/index.js';
import type { Container } from '../runtime/index.js';

export const EVIDENCE_LOG_LINES = 20;
const LINE_CHARACTERS = 500;
const CHECK_CHARACTERS = 1_000;

/** What is kept of a death or a failed check: bounded in size, secrets masked. */
export function evidenceOf(container: Container, log: readonly string[], now: number): Evidence {
  const down = container.state !== 'running';
  const exitCode = down ? container.exitCode : null;
  return {
    exitCode,
    signal: exitCode === null ? null : signalOf(exitCode),
    oomKilled: exitCode === 137 && container.oomKilled,
    health: readable(wordsOfFailure(container) ?? '', CHECK_CHARACTERS) || null,
    log: readableLines(log.slice(-EVIDENCE_LOG_LINES), LINE_CHARACTERS),
    at: new Date(down ? (container.exitedAt ?? now) : now).toISOString(),
  };
}

/** What is known of a death of which nothing more was found. */
export const evidenceOfDeath = ({ at, exitCode, oomKilled }: Death): Evidence => ({
  exitCode,
  signal: signalOf(exitCode),
  oomKilled,
  health: null,
  log: [],
  at: new Date(at).toISOString(),
});
