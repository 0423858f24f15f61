import type {
  PostgresPool as KyselyPool,
  PostgresPoolClient as KyselyClient,
  PostgresQueryResult,
} from 'kysely';
import type { PostgresClient, PostgresPool } from '../../options/index.js';
import { withDeadline } from './deadline.js';
import { VALUE_PARSERS } from './value-parsers.js';

/** There was no connection, so nothing was asked of the database. */
export class NotConnectedError extends Error {}

const ignore = (): void => undefined;
/** From the first moment: an error may come together with the word that a connection is ready. */
const ignoreErrorsOf = (client: PostgresClient): void => {
  client.on('error', ignore);
};

/**
 * A pool as Kysely wants it, of which nothing takes longer than the deadline. A connection on which something failed but
 * by the database's own word is not used again. What fails on a connection that nobody uses is no news: the next one fails.
 */
export class DeadlinePool implements KyselyPool {
  constructor(
    private readonly pool: PostgresPool,
    private readonly deadlineMs: number,
  ) {
    pool.on('error', ignore);
    pool.on('connect', ignoreErrorsOf);
  }

  async connect(): Promise<KyselyClient> {
    try {
      const client = await withDeadline(this.pool.connect(), this.deadlineMs, (late) => late.release());
      // We have no cursors, which Kysely's type also asks for.
      return new DeadlineClient(client, this.deadlineMs) as unknown as KyselyClient;
    } catch (error) {
      throw new NotConnectedError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  /** The pool goes on: it is its owner's to end. */
  end(): Promise<void> {
    this.pool.off('error', ignore);
    this.pool.off('connect', ignoreErrorsOf);
    return Promise.resolve();
  }
}

class DeadlineClient {
  private isBroken = false;

  constructor(
    private readonly client: PostgresClient,
    private readonly deadlineMs: number,
  ) {
    client.on('error', this.onError);
  }

  async query<R>(text: unknown, values?: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (this.isBroken) throw new Error('The connection was lost.');
    try {
      const query = { text: text as string, values: [...(values ?? [])], types: VALUE_PARSERS };
      return (await withDeadline(this.client.query(query), this.deadlineMs)) as PostgresQueryResult<R>;
    } catch (error) {
      if (!isWordOfDatabase(error)) this.isBroken = true;
      throw error;
    }
  }

  release(): void {
    this.client.off('error', this.onError);
    if (this.isBroken) this.client.on('error', ignore);
    this.client.release(this.isBroken);
  }

  private readonly onError = (): void => {
    this.isBroken = true;
  };
}

/** An SQLSTATE says that the database refused; any other error, that it may be gone. */
export const sqlStateOf = (error: unknown): string | null => {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  return cause === undefined ? null : sqlStateOf(cause);
};

/** Classes 08 and 57: the connection ends with such a refusal, or may. */
const isWordOfDatabase = (error: unknown): boolean => {
  const state = sqlStateOf(error);
  return state !== null && !/^(08|57P)/.test(state);
};

/** The connection went away under a question, whose answer is unknown; worth a second try on another connection. */
export const isLostConnection = (error: unknown): boolean => !isWordOfDatabase(error) && isPlainLoss(error);

const isPlainLoss = (error: unknown): boolean =>
  sqlStateOf(error) !== null || /ECONNRESET|EPIPE|terminated|was lost|not queryable/i.test(String(error));
