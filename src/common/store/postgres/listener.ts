import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock/index.js';
import type { PostgresClient, PostgresPool } from '../../options/index.js';
import { withDeadline } from './deadline.js';
import { quoted } from './schema.js';

/** Of a pool with fewer connections, none is kept for this alone. */
const FEWEST_CONNECTIONS = 3;
/** How often it is tried whether it hears anything. */
const PROBE_MS = 30_000;
/** What was said must be heard by then. */
const HEARD_MS = 5_000;
/** Where it hears nothing, it is not tried again for so long. */
const DEAF_MS = 600_000;
/** A connection that failed is made anew after so long. */
const AGAIN_MS = 5_000;

type Listening =
  | { readonly is: 'off'; readonly again: number }
  | { readonly is: 'on'; readonly client: PostgresClient; readonly probeAt: number }
  | {
      readonly is: 'probing';
      readonly client: PostgresClient;
      readonly word: string;
      readonly until: number;
    };

/**
 * Hears when another process wrote something, on a connection of its own. It is never needed: where it hears nothing, as
 * behind a PgBouncer in transaction mode, all is found a moment later.
 */
export class Listener {
  private state: Listening;

  /**
   * `channel`: the schema's name. `heard` is called with who spoke. `say` speaks to all.
   */
  constructor(
    private readonly pool: PostgresPool,
    private readonly channel: string,
    private readonly clock: Clock,
    private readonly deadlineMs: number,
    private readonly heard: (by: string) => void,
    private readonly say: (word: string) => Promise<void>,
  ) {
    const most = pool.options?.max ?? FEWEST_CONNECTIONS;
    this.state = { is: 'off', again: most < FEWEST_CONNECTIONS ? Infinity : 0 };
  }

  /** Begins to listen, or finds out whether it hears anything; whatever is due. Never rejects. */
  async tend(): Promise<void> {
    const now = this.clock.monotonic();
    const { state } = this;
    if (state.is === 'off' && now >= state.again) return this.begin(now);
    if (state.is === 'on' && now >= state.probeAt) return this.probe(state.client, now);
    if (state.is === 'probing' && now >= state.until) this.end(now + DEAF_MS);
  }

  stop(): void {
    this.end(Infinity);
  }

  private async begin(now: number): Promise<void> {
    this.state = { is: 'off', again: now + AGAIN_MS };
    let client: PostgresClient | null = null;
    try {
      client = await withDeadline(this.pool.connect(), this.deadlineMs, (late) => late.release());
      client.on('error', this.onError);
      client.on('notification', this.onNotification);
      await withDeadline(client.query({ text: `listen ${quoted(this.channel)}` }), this.deadlineMs);
      if (this.state.again === Infinity) return this.letGo(client);
      await this.probe(client, now);
    } catch {
      if (client) this.letGo(client);
    }
  }

  private async probe(client: PostgresClient, now: number): Promise<void> {
    const word = randomUUID();
    this.state = { is: 'probing', client, word, until: now + HEARD_MS };
    await this.say(word).catch(() => undefined);
  }

  private end(again: number): void {
    const { state } = this;
    this.state = { is: 'off', again };
    if (state.is !== 'off') this.letGo(state.client);
  }

  /**
   * The connection ends: another use of it must not hear what it listens to. One of a pooler goes on, so it is asked to
   * listen no more; it may be another one that hears this.
   */
  private letGo(client: PostgresClient): void {
    client.off('notification', this.onNotification);
    client.off('error', this.onError);
    client.on('error', () => undefined);
    void this.unlisten(client).finally(() => client.release(true));
  }

  private async unlisten(client: PostgresClient): Promise<void> {
    try {
      await withDeadline(client.query({ text: `unlisten ${quoted(this.channel)}` }), this.deadlineMs);
    } catch {
      // It is gone, or will be in a moment.
    }
  }

  private readonly onError = (): void => {
    this.end(this.clock.monotonic() + AGAIN_MS);
  };

  private readonly onNotification = ({ payload = '' }: { readonly payload?: string }): void => {
    const { state } = this;
    if (state.is !== 'probing' || payload !== state.word) return this.heard(payload);
    this.state = { is: 'on', client: state.client, probeAt: this.clock.monotonic() + PROBE_MS };
  };
}
