import { Logger } from '@nestjs/common';
import type { Access, Handshake, Principal } from '../options/index.js';

const ANYONE: Principal = Object.freeze({ id: 'anyone', role: 'operator' });
const logger = new Logger('HealthMonitorAccess');

/**
 * Who a handshake belongs to, `null` when nobody we know. REST and the socket ask here, and nowhere else. What the
 * host's `authenticate` throws, or answers in another shape than {@link Principal}, counts as `null` and is logged
 * without the token.
 *
 * @param access `null`: nobody may come in
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
  } catch (error) {
    logger.warn(`Refused: access.authenticate failed: ${withoutSecrets(describe(error), handshake)}`);
  }
  return null;
}

function isPrincipal(value: unknown): value is Principal {
  if (typeof value !== 'object' || value === null) return false;
  const { id, role } = value as Partial<Principal>;
  return typeof id === 'string' && id !== '' && (role === 'viewer' || role === 'operator');
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
}

function withoutSecrets(text: string, { token, headers }: Handshake): string {
  return [headers['authorization'], headers['cookie'], token]
    .flat()
    .filter((secret) => secret !== undefined && secret !== '')
    .reduce<string>((shown, secret) => shown.replaceAll(secret!, '[hidden]'), text);
}
