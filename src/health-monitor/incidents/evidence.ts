import type { Evidence } from '../events/index.js';
import { signalOf } from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import { maskSecrets } from './mask-secrets.js';

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
    health: container.healthCheck?.lastOutput
      ? readable(container.healthCheck.lastOutput, CHECK_CHARACTERS)
      : null,
    log: log.slice(-EVIDENCE_LOG_LINES).map((line) => readable(line, LINE_CHARACTERS)),
    at: new Date(down ? (container.exitedAt ?? now) : now).toISOString(),
  };
}

/** Terminal colours and other control characters out, secrets masked, then cut: a cut could hide a secret's name. */
function readable(text: string, characters: number): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  const plain = text
    .replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
  const masked = maskSecrets(plain);
  return masked.length > characters ? `${masked.slice(0, characters)}…` : masked;
}
