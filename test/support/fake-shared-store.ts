import { randomUUID } from 'node:crypto';
import type { Clock } from '../../src/common/clock/index.js';
import type { HealthEvent, MemoryTick } from '../../src/common/events/index.js';
import {
  HealthStore,
  UnansweredError,
  type CollectionName,
  type Entry,
  type EventQuery,
  type FollowedChange,
  type MemoryQuery,
  type Put,
  type Reaction,
  type Remove,
  type ReplicaRole,
  type ReplicaStatus,
  type SharedStore,
  type StateChange,
  type StoreNotice,
  type StoreStatus,
} from '../../src/common/store/index.js';
import { selectEvents, selectTicks } from '../../src/common/store/select.js';
import { WorkingCopy } from '../../src/common/store/working-copy.js';

/** For how long a leader that says nothing more still counts as one. */
export const LEASE_MS = 8_000;
/** A leader that reaches fewer engines than another for so long gives the lead up. */
const FEWER_MS = 10_000;

interface Written {
  readonly put: readonly Put[];
  readonly remove: readonly Remove[];
  readonly events: readonly HealthEvent[];
}

interface Question {
  readonly text: string;
  readonly deadlineAt: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What goes through a database is plain data. */
const plain = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));

/** A database in memory that several processes of a test have open at once: one log, documents, and a lease. */
export class FakeDatabase {
  epoch: string = randomUUID();
  term = 0;
  log: HealthEvent[] = [];
  ticks: MemoryTick[] = [];
  leader: FakeSharedStore | null = null;
  /** Monotonic: when the lease is free, while nobody leads. */
  freeAt = 0;
  readonly handles: FakeSharedStore[] = [];
  readonly questions: Question[] = [];
  /** Those that the leader has not answered yet. */
  readonly taken = new Set<Question>();
  /** Everything that was written, in order. */
  readonly written: Written[] = [];
  private documents = new Map<string, Put>();

  constructor(readonly clock: Clock) {}

  /** Another process, which has not opened it yet. */
  handle(): FakeSharedStore {
    return new FakeSharedStore(this);
  }

  get everything(): Put[] {
    return [...this.documents.values()];
  }

  get head(): number {
    return this.log.length;
  }

  /** Of the leader only. Others hear of it a moment later. */
  write({ put, remove, events }: Written, memory?: MemoryTick): void {
    const written = plain({ put, remove, events });
    for (const { collection, key } of written.remove) this.documents.delete(`${collection}/${key}`);
    for (const one of written.put) {
      const name = `${one.collection}/${one.key}`;
      this.documents.set(name, one);
    }
    this.log.push(...written.events);
    if (memory) this.ticks.push(plain(memory));
    this.written.push(written);
    for (const handle of this.handles) handle.wake();
  }

  /** The leader has other documents and another log altogether than was written. */
  rewrite(epoch: string, documents: readonly Put[], unsaved: readonly HealthEvent[]): void {
    this.epoch = epoch;
    this.documents = new Map(plain(documents).map((one) => [`${one.collection}/${one.key}`, one]));
    this.log.push(...plain(unsaved));
    for (const handle of this.handles) handle.forgetAll();
  }

  /** Hands the lead to this one, which takes it in its next tick. */
  lead(next: FakeSharedStore): void {
    this.leader?.follow();
    for (const handle of this.handles) handle.mayLead = handle === next;
  }

  /** Has the leader answer what waits. */
  answerAll(): void {
    const { leader } = this;
    if (leader?.shared.role !== 'leading') return;
    for (const question of this.questions.splice(0)) void this.answer(leader, question);
  }

  /** The leader is gone, and what it has taken with it. */
  loseLeader(freeAt: number): void {
    this.leader = null;
    this.freeAt = freeAt;
    for (const { reject } of this.taken) reject(new UnansweredError('no-answer', 'The leader is gone.'));
    this.taken.clear();
  }

  private async answer(leader: FakeSharedStore, question: Question): Promise<void> {
    const { text, resolve } = question;
    this.taken.add(question);
    const answer = JSON.stringify((await leader.shared.answer(JSON.parse(text))) ?? null);
    this.taken.delete(question);
    resolve(JSON.parse(answer));
  }
}

/** One process's way to a {@link FakeDatabase}. The first that opens it leads; `close` hands over. */
export class FakeSharedStore extends HealthStore {
  override readonly shared: FakeShared;
  /** Commits that were made while this one followed: there should be none. */
  followersCommits = 0;
  mayLead = true;
  /** It hears nothing of what is written. */
  deaf = false;
  /** Killed, or closed. */
  isGone = false;
  private readonly copy = new WorkingCopy({ log: ignore, warn: ignore, error: console.error });
  private notices: StoreNotice[] = [];
  private unsaved: HealthEvent[] = [];
  private position = 0;
  private isAwake = false;
  private isTicking = false;
  private outrankedSince: number | null = null;

  constructor(private readonly database: FakeDatabase) {
    super();
    this.shared = new FakeShared(database);
  }

  get epoch(): string {
    return this.copy.epoch;
  }

  get head(): number {
    return this.copy.head;
  }

  get writer(): boolean {
    return this.shared.role === 'leading';
  }

  get status(): StoreStatus {
    const isCutOff = this.shared.role === 'cut-off';
    const problem = isCutOff ? 'The database cannot be reached. Start it.' : null;
    return { kind: 'fake', durable: !isCutOff, problem };
  }

  open(): Promise<void> {
    this.database.handles.push(this);
    if (this.shared.role === 'cut-off') return Promise.resolve();
    this.load();
    if (this.isFree) this.take();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.leave(this.database.clock.monotonic());
    return Promise.resolve();
  }

  /** Ends as a killed process does: others find out when its lease is over. */
  kill(): void {
    this.leave(this.database.clock.monotonic() + LEASE_MS);
  }

  /** From here on the database cannot be reached. */
  cutOff(): void {
    if (this.database.leader === this) this.database.loseLeader(this.database.clock.monotonic() + LEASE_MS);
    this.shared.role = 'cut-off';
    this.copy.beginEpoch();
    this.notices.push({ kind: 'degraded', reason: 'The database cannot be reached.' });
  }

  /** The database can be reached again. */
  reconnect(): void {
    if (this.shared.term === this.database.term && this.shared.hasLed) {
      this.database.leader = this;
      this.shared.role = 'leading';
      this.database.rewrite(this.epoch, this.copy.everything(), this.unsaved);
      this.position = this.database.written.length;
      this.notices.push({ kind: 'recovered', reason: 'All is written.' });
    } else {
      this.load();
      this.shared.role = 'following';
      this.notices.push({ kind: 'reloaded', reason: 'Another one led.' });
    }
    this.unsaved = [];
  }

  /** It leads no longer, and goes on with what is written. */
  follow(): void {
    this.database.loseLeader(this.database.clock.monotonic());
    this.load();
    this.shared.role = 'following';
    this.notices.push({ kind: 'reloaded', reason: 'Another one is to lead.' });
  }

  /** Whatever was known is void. */
  forgetAll(): void {
    if (this.shared.role !== 'following') return;
    this.load();
    this.notices.push({ kind: 'reloaded', reason: 'The log began anew.' });
  }

  react(reaction: Reaction): void {
    this.copy.react(reaction);
  }

  commit(change: StateChange): Promise<readonly HealthEvent[]> {
    if (this.isGone || this.shared.isTakingOver) return Promise.resolve([]);
    if (this.shared.role === 'following') {
      this.followersCommits++;
      return Promise.resolve([]);
    }
    const applied = this.copy.apply(change);
    if (this.shared.role === 'leading') this.database.write(applied, change.memory);
    else this.unsaved.push(...applied.events);
    if (this.shared.role === 'leading') this.position = this.database.written.length;
    return Promise.resolve(applied.events);
  }

  entries<C extends CollectionName>(collection: C): Promise<readonly Entry<C>[]> {
    return Promise.resolve(this.copy.entries(collection));
  }

  events(query: EventQuery): Promise<readonly HealthEvent[]> {
    const known = [...this.database.log, ...this.unsaved].filter(({ seq }) => seq <= this.head);
    return Promise.resolve(selectEvents(known, query));
  }

  memory(query: MemoryQuery): Promise<readonly MemoryTick[]> {
    return Promise.resolve(selectTicks(this.database.ticks, query));
  }

  async tick(): Promise<void> {
    if (this.isTicking || this.isGone) return;
    this.isTicking = true;
    this.database.answerAll();
    this.shared.giveUpLate();
    if (this.isTooFarFromEngines()) this.follow();
    else if (this.shared.role === 'following' && this.isFree) await this.takeOver();
    for (const notice of this.notices.splice(0)) await this.announce(notice);
    this.database.answerAll();
    this.isTicking = false;
  }

  /** Something was written. */
  wake(): void {
    if (this.isAwake || this.deaf || this.shared.role !== 'following') return;
    this.isAwake = true;
    setImmediate(() => {
      this.isAwake = false;
      if (!this.isGone && this.shared.role === 'following' && !this.shared.isTakingOver) this.catchUp();
    });
  }

  private get isFree(): boolean {
    const { leader, freeAt, clock } = this.database;
    return this.mayLead && !this.isOutranked && leader === null && clock.monotonic() >= freeAt;
  }

  private get isOutranked(): boolean {
    return this.database.handles.some(
      ({ shared }) => shared.role !== 'cut-off' && shared.reaches > this.shared.reaches,
    );
  }

  private isTooFarFromEngines(): boolean {
    const now = this.database.clock.monotonic();
    const isFar = this.shared.role === 'leading' && this.isOutranked;
    this.outrankedSince = isFar ? (this.outrankedSince ?? now) : null;
    return this.outrankedSince !== null && now - this.outrankedSince >= FEWER_MS;
  }

  private take(): void {
    this.database.leader = this;
    this.database.term++;
    this.shared.term = this.database.term;
    this.shared.role = 'leading';
    this.shared.hasLed = true;
  }

  private async takeOver(): Promise<void> {
    this.database.leader = this;
    this.shared.isTakingOver = true;
    this.load();
    await this.announce({ kind: 'reloaded', reason: 'The one that led is gone.' });
    this.shared.isTakingOver = false;
    this.take();
  }

  private leave(freeAt: number): void {
    if (this.isGone) return;
    this.isGone = true;
    this.database.handles.splice(this.database.handles.indexOf(this), 1);
    if (this.database.leader === this) this.database.loseLeader(freeAt);
  }

  private load(): void {
    const { epoch, head, term, written } = this.database;
    this.copy.load({ documents: this.database.everything, epoch, head });
    this.position = written.length;
    this.shared.term = term;
  }

  private catchUp(): void {
    const news = this.database.written.slice(this.position);
    if (news.length === 0) return;
    const latest = new Map<string, Put | Remove>();
    for (const { put, remove } of news)
      for (const one of [...remove, ...put]) latest.set(`${one.collection}/${one.key}`, one);
    this.load();
    const changes = plain([...latest.values()]);
    this.shared.tell({
      put: changes.filter((one) => 'value' in one),
      remove: changes.filter((one) => !('value' in one)),
      events: news.flatMap(({ events }) => plain(events)),
    });
  }
}

class FakeShared implements SharedStore {
  readonly id = randomUUID();
  role: ReplicaRole = 'following';
  term = 0;
  hasLed = false;
  isTakingOver = false;
  /** While it leads. */
  leaseMs = LEASE_MS;
  /** How many engines it was told are reached, each time. */
  readonly said: number[] = [];
  untilFollowed?: SharedStore['untilFollowed'];
  private readonly followers = new Set<(change: FollowedChange) => void>();

  constructor(private readonly database: FakeDatabase) {}

  get reaches(): number {
    return this.said.at(-1) ?? 0;
  }

  get replicas(): readonly ReplicaStatus[] {
    return this.database.handles.map(({ shared }) => ({
      id: shared.id,
      leads: this.database.leader?.shared === shared,
      reaches: shared.reaches,
      version: '0.0.0',
      seenAt: new Date(this.database.clock.now()).toISOString(),
    }));
  }

  answer: (question: unknown) => Promise<unknown> = () => Promise.reject(new Error('Nobody answers.'));

  leaseLeftMs(): number {
    return this.role === 'leading' ? this.leaseMs : 0;
  }

  sayReach(engines: number): void {
    this.said.push(engines);
  }

  onFollowed(listener: (change: FollowedChange) => void): () => void {
    this.followers.add(listener);
    return () => this.followers.delete(listener);
  }

  ask(question: unknown, deadlineMs: number): Promise<unknown> {
    if (this.role === 'cut-off') return Promise.reject(new UnansweredError('no-leader', 'It is cut off.'));
    return new Promise((resolve, reject) => {
      const deadlineAt = this.database.clock.monotonic() + deadlineMs;
      this.database.questions.push({ text: JSON.stringify(question), deadlineAt, resolve, reject });
      setImmediate(() => this.database.answerAll());
    });
  }

  onAsked(answer: (question: unknown) => Promise<unknown>): void {
    this.answer = answer;
  }

  tell(change: FollowedChange): void {
    for (const listener of this.followers) {
      try {
        listener(change);
      } catch {
        // One that fails stops nobody.
      }
    }
  }

  giveUpLate(): void {
    const now = this.database.clock.monotonic();
    const { questions } = this.database;
    for (const late of questions.filter(({ deadlineAt }) => deadlineAt <= now)) {
      questions.splice(questions.indexOf(late), 1);
      late.reject(new UnansweredError('no-leader', 'Nobody took it.'));
    }
  }
}

function ignore(): void {
  // Tests look at what is so, not at the log.
}
