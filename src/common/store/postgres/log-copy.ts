import { randomUUID } from 'node:crypto';
import { WriteBehind } from '../kept/write-behind.js';
import type { FollowedChange } from '../shared-store.js';
import type { StoreLogger } from '../store-logger.js';
import type { Connection } from './connection.js';
import { isLostConnection } from './deadline-pool.js';
import { ExpiredError, SupersededError, WentBackError, type Fence } from './fence.js';
import { MOST_MISSED, loadKept, readSince, type Loaded } from './load.js';
import { continues, markOf, wentBack, type LogMark, type LogRow } from './log-mark.js';
import { retain, writeLog } from './write-log.js';

/** So often a write is tried again for a reason that goes away by itself. */
const TRIES = 3;

/** Who leads, and how to renew what lets it. */
export interface Lead {
  readonly id: string;
  readonly term: number;
  /** Whether nobody else leads; then the lease is renewed. */
  renew(): Promise<boolean>;
}

/** What is committed, with where the log in the database was when this process read or wrote it last. */
export class LogCopy {
  readonly state: WriteBehind;
  private mark: LogMark | null = null;
  private readonly uncertain = new Set<string>();
  private isEpochDue = false;

  constructor(name: string, logger: StoreLogger) {
    this.state = new WriteBehind(name, logger);
  }

  /** The database went back, and has yet to be told of the epoch that began with that. */
  get owesEpoch(): boolean {
    return this.isEpochDue;
  }

  /** There are events that the database does not have yet. */
  get hasUnsavedEvents(): boolean {
    return this.state.unsavedEvents({ limit: 1 }).length > 0;
  }

  /** At which revision it was read, or written, last. */
  get revision(): number {
    return this.mark?.revision ?? 0;
  }

  /** Becomes a copy of what was read; what was here is forgotten. */
  adopt({ kept, row }: Loaded): void {
    const isBack = wentBack(row, this.mark) || (this.isEpochDue && this.mark?.epoch === row.epoch);
    this.state.forget();
    this.state.learn(kept);
    this.mark = markOf(row);
    this.uncertain.clear();
    this.isEpochDue = isBack;
    if (isBack) this.state.beginEpoch();
  }

  /** Reads everything anew. Rejects as the database does; then all stays as it was. */
  async reload(connection: Connection): Promise<void> {
    this.adopt(
      await connection.twice(() =>
        connection.transaction('reading', (queries) => loadKept(connection, queries)),
      ),
    );
  }

  /**
   * Takes over what others wrote; `null`: what is there does not come after what is here, so that it is to be read anew.
   * Rejects as the database does.
   */
  async follow(connection: Connection, now: LogRow): Promise<FollowedChange | null> {
    const { mark } = this;
    if (mark === null || !continues(mark, now)) return null;
    if (now.revision === mark.revision) return NOTHING;
    if (now.head - mark.head > MOST_MISSED) return null;
    const since = await connection.twice(() => readSince(connection, mark));
    if (since === null) return null;
    const { put, remove, events } = since;
    this.state.follow({ put, remove, head: since.mark.head });
    this.mark = since.mark;
    return { put, remove, events };
  }

  /**
   * Writes what the database does not have yet, all of it or nothing. Rejects as the database does.
   *
   * @throws SupersededError when another process leads
   */
  async write(connection: Connection, lead: Lead): Promise<void> {
    for (let tries = 1; ; tries++) {
      const step = randomUUID();
      const fence = this.fenceOf(lead);
      try {
        await this.state.writeTo({
          write: async (batch) => {
            this.uncertain.add(step);
            this.mark = await writeLog(connection, batch, fence, step);
          },
        });
        this.uncertain.clear();
        this.isEpochDue = false;
        return;
      } catch (error) {
        if (tries === TRIES || !(await this.mayTryAgain(error, lead))) throw error;
      }
    }
  }

  /** Drops what is too old. Rejects as the database does. */
  async retain(
    connection: Connection,
    lead: Lead,
    due: { readonly now: number; readonly purge: number },
  ): Promise<void> {
    await retain(connection, this.fenceOf(lead), due);
  }

  private fenceOf({ id, term }: Lead): Fence {
    if (this.mark === null) throw new Error('The log was never read.');
    return { id, term, known: this.mark, uncertain: this.uncertain };
  }

  private async mayTryAgain(error: unknown, lead: Lead): Promise<boolean> {
    if (error instanceof ExpiredError) {
      if (await lead.renew()) return true;
      throw new SupersededError('Another process took the lead.');
    }
    if (error instanceof WentBackError) {
      this.state.continueAfter(error.row.head);
      this.mark = markOf(error.row);
      return true;
    }
    return isLostConnection(error);
  }
}

const NOTHING: FollowedChange = { put: [], remove: [], events: [] };
