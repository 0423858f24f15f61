import { RuntimeError } from '../runtime-error.js';

/** How every sentence about an engine that is not there begins. */
export const cannotBeReached = (engine: string): string => `${engine} cannot be reached: `;

/**
 * Why a socket cannot be used, and what to do about it.
 *
 * @param remedy what to do, from the code of the error, such as `ENOENT`
 */
export function unreachableSocket(
  engine: string,
  socketPath: string,
  cause: unknown,
  remedy: (code: string) => string,
): RuntimeError {
  const why = whyNot(engine, socketPath, cause);
  return new RuntimeError('outage', `${why} ${remedy(codeOf(cause) ?? '')}`, { cause });
}

/** An error's code, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** This user may not use the socket. */
export const isForbidden = (code: string): boolean => code === 'EACCES' || code === 'EPERM';

const WHY_NOT: Readonly<Record<string, string>> = {
  ENOENT: 'there is no socket',
  ENOTDIR: 'there is no socket',
  EACCES: 'this user may not use the socket',
  EPERM: 'this user may not use the socket',
  ECONNREFUSED: 'nothing listens on the socket',
};

function whyNot(engine: string, socketPath: string, cause: unknown): string {
  const why = WHY_NOT[codeOf(cause) ?? ''];
  return why === undefined
    ? `The connection to ${engine} broke (${socketPath}: ${cause instanceof Error ? cause.message : String(cause)}).`
    : `${cannotBeReached(engine)}${why} ${socketPath}.`;
}
