/** How a command ends, for scripts. Public: never renumbered. */
export const EXIT = {
  /** It is done; for `status`: all is well. */
  done: 0,
  /** `status`: something is wrong now. `replay`: this version decides otherwise. */
  wrong: 1,
  /** The command cannot be understood, or there is no container of that name. */
  badUse: 2,
  /** The app does not answer, is no health monitor, or lets this token not in. */
  unreachable: 3,
  /** The app took the act and it was refused, or failed. */
  refused: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a person is told in one sentence, on stderr, before the command ends with `exitCode`. Never holds the token. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}
