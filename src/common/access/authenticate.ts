import { HttpException, HttpStatus, Logger, ServiceUnavailableException } from '@nestjs/common';
import type { Access, Handshake, Principal } from '../options/index.js';
import { readable } from '../text/index.js';

const ANYONE: Principal = Object.freeze({ id: 'anyone', role: 'operator' });
const logger = new Logger('HealthMonitorAccess');

/**
 * Who a handshake belongs to, `null` when nobody we know. REST and the socket ask here, and nowhere else. What the
 * host's `authenticate` answers in another shape than {@link Principal} counts as `null`, as does an `HttpException`
 * of 401 or 403 that it throws. All trouble is logged without the token.
 *
 * @param access `null`: nobody may come in
 * @throws ServiceUnavailableException when `authenticate` throws anything else: whose token it is, is not known now, and
 *   may be in a moment
 */
export async function authenticate(access: Access | null, handshake: Handshake): Promise<Principal | null> {
  if (access === null) return null;
  if (access === 'open') return ANYONE;
  try {
    const principal: unknown = await access.authenticate(handshake);
    if (principal === null || isPrincipal(principal)) return principal;
    logger.warn(
      "Refused: access.authenticate answered neither null nor { id, role: 'viewer' | 'operator' }.",
    );
    return null;
  } catch (error) {
    if (isRefusal(error)) return null;
    logger.warn(`Refused: access.authenticate failed: ${withoutSecrets(describe(error), handshake)}`);
    throw new ServiceUnavailableException(
      'Who you are could not be checked just now. Try again in a moment.',
    );
  }
}

/** Nest's own way to say what `null` says. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof HttpException)) return false;
  const status: number = error.getStatus();
  return status === HttpStatus.UNAUTHORIZED.valueOf() || status === HttpStatus.FORBIDDEN.valueOf();
}

function isPrincipal(value: unknown): value is Principal {
  if (typeof value !== 'object' || value === null) return false;
  const { id, role } = value as Partial<Principal>;
  return typeof id === 'string' && id !== '' && (role === 'viewer' || role === 'operator');
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
}

const WORDS = 1_000;

function withoutSecrets(text: string, { token, headers }: Handshake): string {
  const shown = [headers['authorization'], headers['cookie'], token]
    .flat()
    .filter((secret) => secret !== undefined && secret !== '')
    .reduce<string>((rest, secret) => rest.replaceAll(secret!, '[hidden]'), text);
  return readable(shown, WORDS);
}
