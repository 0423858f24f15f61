import { isPlainName, isPostgresUrl } from '../../options/index.js';
import { CopyPlaceError, type CopyEnd } from './copy-end.js';

/**
 * The store at a place as a person writes it: a PostgreSQL's URL, else the path of a SQLite file. Nothing is opened yet.
 *
 * @param schema of the tables in a PostgreSQL
 * @throws CopyPlaceError when it is neither, or the schema is no plain name
 */
export async function endAt(place: string, schema: string): Promise<CopyEnd> {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) return new (await import('./sqlite-end.js')).SqliteEnd(place);
  if (!isPostgresUrl(place))
    throw new CopyPlaceError(
      'Expected the path of a SQLite file, or a URL as postgres://USER@HOST/DATABASE.',
    );
  if (!isPlainName(schema))
    throw new CopyPlaceError(
      'Expected a schema of small letters, digits and _, which does not begin with pg_.',
    );
  const { PostgresEnd } = await import('./postgres-end.js');
  return new PostgresEnd({ url: place, pool: null, schema });
}
