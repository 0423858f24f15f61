import { readableLines } from '../../../common/text/index.js';
import { cannotBeReached, codeOf, isForbidden } from '../engine-api/unreachable.js';
import { RuntimeError } from '../runtime-error.js';

/** How every sentence about a Podman that is not there begins. */
export const CANNOT_BE_REACHED = cannotBeReached('Podman');

/** What to do about a socket that cannot be used; `code` says why. */
export function socketRemedy(socketPath: string, code: string): string {
  const isOfUser = /^\/run\/user\/\d+\//.test(socketPath);
  if (isForbidden(code)) {
    return isOfUser
      ? 'Run this program as the user it belongs to.'
      : "Run this program as root, or let it run `sudo podman` (runtime.kind 'podman-cli').";
  }
  return isOfUser
    ? 'Enable it as that user: `systemctl --user enable --now podman.socket`.'
    : 'Enable it: `systemctl enable --now podman.socket`.';
}

/** What to do about a command that cannot be run. */
export function missingCommand(words: readonly string[], cause: unknown): RuntimeError {
  const command = `\`${words.join(' ')}\``;
  return new RuntimeError(
    'outage',
    `${CANNOT_BE_REACHED}${command} cannot be run (${codeOf(cause) ?? 'failed'}). Install it, or set runtime.command.`,
    { cause },
  );
}

/** What sudo writes when it runs nothing. It also warns, as of a host's name that it cannot resolve, and goes on. */
const SUDO_REFUSES =
  /^sudo: .*(?:(?:password|authentication|terminal) is required|no tty present|must have a tty|no new privileges|effective uid is not 0|command not found)|is not in the sudoers file|^Sorry, user .* (?:is not allowed to|may not) /i;

/** What Podman writes when it runs nothing in a container. */
const RUNS_NOTHING =
  /^Error: .*(?:container state improper|no such container|no container with name or ID|cannot connect to podman)/i;

/** Whether the standard error of a command that was to run in a container is that of what was to run it. */
export function isOfEngine(stderr: string): boolean {
  return stderr.split('\n').some((line) => RUNS_NOTHING.test(line) || SUDO_REFUSES.test(line));
}

/** The remedy is to be read, too. */
const LINE = 700;

/** Why a command failed, from what it wrote to its standard error. */
export function failedCommand(words: readonly string[], stderr: string): RuntimeError {
  const lines = readableLines(stderr.split('\n'), LINE).filter((line) => line.trim() !== '');
  const error = lines.findLast((line) => line.startsWith('Error: '));
  const refusal = error === undefined ? lines.find((line) => SUDO_REFUSES.test(line)) : undefined;
  if (refusal !== undefined) {
    return new RuntimeError(
      'outage',
      `${CANNOT_BE_REACHED}${refusal}. Let this user run it without a password: a line ` +
        '`USER ALL=(root) NOPASSWD: /usr/bin/podman` in /etc/sudoers.d/, or use the socket.',
    );
  }
  const reason = (error ?? lines.at(-1) ?? 'no reason given').replace(/^Error: /, '');
  if (/no such (?:container|object)/i.test(reason)) return new RuntimeError('not-found', reason);
  if (/cannot connect to podman/i.test(reason)) return new RuntimeError('outage', reason);
  return new RuntimeError('refused', `${words.join(' ')}: ${reason}`);
}
