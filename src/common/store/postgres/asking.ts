import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock/index.js';
import { UnansweredError } from '../shared-store.js';
import type { Connection } from './connection.js';
import { NotConnectedError } from './deadline-pool.js';
import { dropQuestion, putQuestion, UNSAID, withdrawQuestion } from './question-table.js';
import type { AskedQuestion, Observation } from './observation.js';

interface Pending {
  readonly id: string;
  readonly question: string;
  /** On the monotonic clock. */
  readonly deadline: number;
  timer: NodeJS.Timeout;
  /** Is it there? `unknown`: it is on its way, or the database did not say. */
  sent: 'no' | 'unknown' | 'yes';
  isSending: boolean;
  /** The leader was seen to have it. */
  isTaken: boolean;
  /** When it was last seen how it is, on the monotonic clock. */
  seenAt: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What this process asks of the leader, until it is answered, withdrawn or lost. */
export class Asking {
  private readonly pending = new Map<string, Pending>();

  /** `answeredMs`: for what was taken, nobody waits longer after the deadline. `wake` has the database looked at. */
  constructor(
    private readonly asker: string,
    private readonly connection: () => Connection | null,
    private readonly clock: Clock,
    private readonly answeredMs: number,
    private readonly wake: () => void,
  ) {}

  ask(question: unknown, deadlineMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = randomUUID();
      const timer = setTimeout(() => void this.onDeadline(id), deadlineMs).unref();
      const text = JSON.stringify(question ?? null);
      const deadline = this.clock.monotonic() + deadlineMs;
      const asked: Pending = {
        id,
        question: text,
        deadline,
        timer,
        sent: 'no',
        isSending: false,
        isTaken: false,
        seenAt: this.clock.monotonic(),
        resolve,
        reject,
      };
      this.pending.set(id, asked);
      void this.send(asked);
    });
  }

  /** Sends what is not there yet, and hands out answers. Rejects as the database does. */
  async observed({ asked, lease }: Pick<Observation, 'asked' | 'lease'>): Promise<void> {
    const rows = new Map(asked.map((row) => [row.id, row]));
    for (const pending of [...this.pending.values()]) {
      const row = rows.get(pending.id);
      if (row !== undefined) await this.observedOne(pending, row, lease);
      else if (pending.isTaken) this.settle(pending)?.reject(NO_ANSWER());
      else await this.send(pending);
    }
  }

  /** The database cannot be looked at: whoever took what was not seen for so long has lost the lead, or nobody hears of it. */
  dropUnseen(unseenMs: number): void {
    const now = this.clock.monotonic();
    for (const pending of [...this.pending.values()])
      if (pending.isTaken && now - pending.seenAt >= unseenMs) this.settle(pending)?.reject(NO_ANSWER());
  }

  /** Nobody waits any more: this process ends. */
  async close(): Promise<void> {
    await Promise.all([...this.pending.keys()].map((id) => this.giveUp(id)));
  }

  private async observedOne(
    pending: Pending,
    row: AskedQuestion,
    lease: Observation['lease'],
  ): Promise<void> {
    pending.sent = 'yes';
    pending.seenAt = this.clock.monotonic();
    pending.isTaken = row.takenTerm !== null;
    const isLost = pending.isTaken && (row.takenTerm !== lease.term || lease.leftMs <= 0);
    if (row.answer === null && !isLost) return;
    const answer = row.answer === null || row.answer === UNSAID ? undefined : readAnswer(row.answer);
    if (answer === undefined) this.settle(pending)?.reject(NO_ANSWER());
    else this.settle(pending)?.resolve(answer);
    await this.run((connection) => dropQuestion(connection, pending.id));
  }

  private async send(pending: Pending): Promise<void> {
    const leftMs = pending.deadline - this.clock.monotonic();
    const { id, question, sent: before } = pending;
    if (before === 'yes' || pending.isSending || leftMs <= 0 || !this.pending.has(id)) return;
    pending.isSending = true;
    pending.sent = 'unknown';
    try {
      const isSent = await this.run((connection) =>
        putQuestion(connection, this.asker, { id, question, leftMs }),
      );
      pending.sent = isSent ? 'yes' : before;
    } catch (error) {
      if (error instanceof NotConnectedError) pending.sent = before;
      this.wake();
    } finally {
      pending.isSending = false;
    }
  }

  private async onDeadline(id: string): Promise<void> {
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    if (pending.sent === 'no') this.settle(pending)?.reject(NO_LEADER());
    else await this.giveUp(id, { unlessTaken: true });
  }

  /** Withdraws it; `unlessTaken`: one that was taken is waited for. */
  private async giveUp(id: string, { unlessTaken = false } = {}): Promise<void> {
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    try {
      const isWithdrawn = pending.sent === 'no' || (await this.withdrawn(id));
      if (!isWithdrawn && unlessTaken) return this.waitOn(pending);
      this.settle(pending)?.reject(isWithdrawn ? NO_LEADER() : NO_ANSWER());
      if (!isWithdrawn) await this.run((connection) => dropQuestion(connection, id));
    } catch {
      this.settle(pending)?.reject(NO_ANSWER());
    }
  }

  private waitOn(pending: Pending): void {
    if (!this.pending.has(pending.id)) return;
    pending.timer = setTimeout(() => void this.giveUp(pending.id), this.answeredMs).unref();
  }

  private async withdrawn(id: string): Promise<boolean> {
    let isWithdrawn = false;
    await this.run(async (connection) => {
      isWithdrawn = await withdrawQuestion(connection, this.asker, id);
    });
    return isWithdrawn;
  }

  private settle(pending: Pending): Pending | null {
    clearTimeout(pending.timer);
    return this.pending.delete(pending.id) ? pending : null;
  }

  private async run(work: (connection: Connection) => Promise<void>): Promise<boolean> {
    const connection = this.connection();
    if (connection === null) return false;
    await work(connection);
    return true;
  }
}

const NO_LEADER = (): UnansweredError =>
  new UnansweredError('no-leader', 'No process leads at the moment, so nothing was done. Try again.');

const NO_ANSWER = (): UnansweredError =>
  new UnansweredError(
    'no-answer',
    'The process that leads took this, and did not say what became of it. Look before you try again.',
  );

/** `undefined`: somebody else wrote into the table. */
function readAnswer(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
