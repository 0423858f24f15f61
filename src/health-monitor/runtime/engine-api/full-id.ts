import { RuntimeError } from '../runtime-error.js';

const FULL_ID = /^[0-9a-f]{64}$/;

export function isFullId(text: string): boolean {
  return FULL_ID.test(text);
}

/** Engines also answer to names and to the beginnings of ids, with another container if need be. */
export function requireFullId(id: string): string {
  if (!isFullId(id)) throw notFound(id);
  return id;
}

export function notFound(id: string): RuntimeError {
  return new RuntimeError(
    'not-found',
    `There is no container with the full id ${JSON.stringify(id.slice(0, 64))}.`,
  );
}
