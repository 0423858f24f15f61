import { isRecord } from './expectation.decorators.js';

/** PostgreSQL keeps names beginning with pg_ for itself. */
const PLAIN_NAME = /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/;

/** The name of a schema that needs no quotes. */
export const isPlainName = (value: unknown): boolean => typeof value === 'string' && PLAIN_NAME.test(value);

/** An address as the package `pg` takes it; the host may be a folder of a socket, in `?host=`. */
export function isPostgresUrl(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 2_000 || !URL.canParse(value)) return false;
  const url = new URL(value);
  if (!/^postgres(ql)?:$/.test(url.protocol)) return false;
  return [url.username, url.password, url.pathname].every(isDecodable);
}

export const isPool = (value: unknown): boolean =>
  isRecord(value) && ['connect', 'on', 'off'].every((name) => typeof value[name] === 'function');

/** What is wrong with where the database is; nothing when that is not a PostgreSQL. */
export function postgresProblems(storage: unknown): string[] {
  if (!isRecord(storage) || storage.kind !== 'postgres') return [];
  const { url, pool } = storage;
  if (url === undefined && pool === undefined)
    return ['storage: expected url or pool, and neither is there: is an environment variable not set?'];
  return url === undefined || pool === undefined
    ? []
    : ['storage: expected either url or pool, and not both'];
}

/** Where the database is, as people are shown it: without a user, a password and parameters. Pure. */
export const shownPostgres = ({
  url,
  schema,
}: {
  readonly url: string | null;
  readonly schema: string;
}): string => (url === null ? `of storage.pool (schema ${schema})` : `${shownUrl(url)} (schema ${schema})`);

function shownUrl(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  const host = hostname || searchParams.get('host') || 'localhost';
  return `${decodeURIComponent(pathname.slice(1)) || 'postgres'} on ${host}${port && `:${port}`}`;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
