import { applyMemory } from './apply-event.js';
import { Manager, type Socket } from 'socket.io-client';
import type { HealthEvent, MemoryTick } from '../common/events/index.js';
import { receive, synced } from './event-order.js';
import { EMPTY_DATA, type ConnectionStatus, type MonitorState } from './monitor-state.js';
import { watchPage } from './page-signals.js';
import type { ClientToServerEvents, ConnectRefusal, Hello, ServerToClientEvents, SyncReply } from './wire.js';

export interface ConnectOptions {
  /** Sent as the socket's `auth.token`. A function is asked at every connection. */
  readonly token?: string | (() => string | null | Promise<string | null>);
  /** Where Socket.IO itself is served. Default `/socket.io`. */
  readonly path?: string;
  /** How long the server may take to answer, milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
}

/** What a listener is told beside the new state. */
export type Change =
  | { readonly kind: 'connection' }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'events'; readonly events: readonly HealthEvent[]; readonly missed: boolean }
  | { readonly kind: 'memory'; readonly tick: MemoryTick };

export type Listener = (state: MonitorState, change: Change) => void;

export interface HealthMonitorClient {
  /** The latest state. A new object after every change. */
  readonly state: MonitorState;
  /** Calls `listener` after every change; returns how to stop it. */
  subscribe(listener: Listener): () => void;
  /** Tries now, whatever the connection's status is. */
  reconnect(): void;
  /** Asks the server whether it is still there, and for what was missed. */
  check(): void;
  /** Ends it for good. */
  close(): void;
}

const DEFAULT_NAMESPACE = '/health-monitor';

/**
 * Keeps a live, gap-free state of one server's containers, incidents and notifications.
 *
 * It reconnects by itself (after 0.5 to 5 s), asks for what it missed, and applies events in the order of their
 * `seq`; a hole makes it ask again. A refused token ends the trying; a server that cannot tell whose it is does not. Never throws: trouble is told as
 * `state.connection`.
 *
 * @param url the server, such as `https://box.local`; a path is the Socket.IO namespace (default `/health-monitor`)
 */
export function connectHealthMonitor(url: string, options: ConnectOptions = {}): HealthMonitorClient {
  return new LiveConnection(url, options);
}

const NOTHING_UNTOLD = { events: [], isDelta: true } as const;

class LiveConnection implements HealthMonitorClient {
  state: MonitorState = {
    ...EMPTY_DATA,
    connection: { status: 'connecting', since: Date.now(), reason: null },
    role: 'viewer',
    build: '',
    clockOffsetMs: 0,
    missed: null,
  };

  private readonly listeners = new Set<Listener>();
  private readonly manager: Manager;
  private readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  private readonly stopWatching: () => void;
  private readonly timeoutMs: number;
  private pending: readonly HealthEvent[] = [];
  /** What answers brought since the state was last told: an answer may leave a hole, and be followed by another. */
  private untold: { readonly events: readonly HealthEvent[]; readonly isDelta: boolean } = NOTHING_UNTOLD;
  private syncing = false;
  private syncsInARow = 0;
  /** Counts the syncs, so that a late answer to an old one is known as such. */
  private syncNumber = 0;
  private helloTimer: ReturnType<typeof setTimeout> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private lostAt: number | null = null;
  private closed = false;

  constructor(url: string, { token, path = '/socket.io', timeoutMs = 10_000 }: ConnectOptions) {
    const { origin, pathname } = new URL(url);
    this.timeoutMs = timeoutMs;
    this.manager = new Manager(origin, {
      path,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
      timeout: timeoutMs,
      // A WebSocket is one connection to one process; polling needs a load balancer that keeps its many requests together.
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      autoConnect: false,
    });
    this.socket = this.manager.socket(pathname === '/' ? DEFAULT_NAMESPACE : pathname, {
      auth: (send) => {
        void askFor(token).then((value) => send(value === null ? {} : { token: value }));
      },
    });
    this.socket.on('connect', () => this.expectHello());
    this.socket.on('hello', (hello) => this.greet(hello));
    this.socket.on('event', (event) => this.take(event));
    this.socket.on('memory', (tick) => {
      this.state = { ...this.state, ...applyMemory(this.state, tick) };
      this.publish(this.state, { kind: 'memory', tick });
    });
    this.socket.on('connect_error', (error) => this.failed(error));
    this.socket.on('disconnect', (reason) => this.disconnected(reason));
    this.stopWatching = watchPage({
      offline: () => this.lose('This device is offline.'),
      wake: () => this.check(),
    });
    this.socket.connect();
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  reconnect(): void {
    if (this.closed) return;
    clearTimeout(this.retryTimer);
    if (this.state.connection.status === 'refused') this.setConnection('connecting', null);
    this.socket.disconnect();
    this.socket.connect();
  }

  check(): void {
    if (this.closed || this.state.connection.status === 'refused') return;
    if (this.socket.connected) this.sync();
    else this.reconnect();
  }

  close(): void {
    this.closed = true;
    this.stopWatching();
    clearTimeout(this.helloTimer);
    clearTimeout(this.retryTimer);
    this.listeners.clear();
    this.socket.disconnect();
  }

  private expectHello(): void {
    clearTimeout(this.helloTimer);
    this.helloTimer = setTimeout(() => this.reconnect(), this.timeoutMs);
  }

  private greet(hello: Hello): void {
    clearTimeout(this.helloTimer);
    this.state = {
      ...this.state,
      role: hello.role,
      build: hello.build,
      clockOffsetMs: new Date(hello.now).getTime() - Date.now(),
    };
    // A greeting may come again within a connection: the server counts anew, and older numbers mean nothing.
    if (hello.epoch !== this.state.epoch) this.pending = [];
    this.syncing = false;
    this.syncsInARow = 0;
    this.sync();
  }

  /** Asks for what is missing; for everything when asking twice did not close the hole. */
  private sync(): void {
    if (this.syncing) return;
    this.syncing = true;
    const { epoch, head } = this.state;
    const request = this.syncsInARow++ < 2 ? { epoch, last: head } : { epoch: '', last: 0 };
    const number = ++this.syncNumber;
    this.socket.timeout(this.timeoutMs).emit('sync', request, (failure, reply) => {
      if (!this.syncing || number !== this.syncNumber) return;
      this.syncing = false;
      if (failure) return this.startOver('The server does not answer.');
      if ('error' in reply) return this.startOver(reply.error);
      this.catchUp(reply);
    });
  }

  private catchUp(reply: SyncReply): void {
    const result = synced({ data: this.state, pending: this.pending, applied: [] }, reply);
    const wasAway = this.lostAt;
    const knewSomething = this.state.epoch !== '';
    this.pending = result.pending;
    const isDelta = this.untold.isDelta && reply.mode === 'delta';
    const events = isDelta ? [...this.untold.events, ...result.applied] : [];
    if (result.pending.length > 0 || result.data.head < reply.head) {
      this.untold = { events, isDelta };
      this.state = { ...this.state, ...result.data };
      this.retryTimer = setTimeout(() => this.sync(), this.syncsInARow > 2 ? 1_000 : 0);
      return;
    }
    this.syncsInARow = 0;
    this.lostAt = null;
    this.untold = NOTHING_UNTOLD;
    this.state = {
      ...this.state,
      ...result.data,
      connection: this.live(),
      missed:
        wasAway !== null && knewSomething ? { since: wasAway, events, complete: isDelta } : this.state.missed,
    };
    this.publish(
      this.state,
      isDelta ? { kind: 'events', events, missed: wasAway !== null } : { kind: 'snapshot' },
    );
  }

  private take(event: HealthEvent): void {
    if (this.syncing || this.state.epoch === '') {
      this.pending = [...this.pending, event];
      return;
    }
    const result = receive({ data: this.state, pending: this.pending, applied: [] }, event);
    this.pending = result.pending;
    if (result.applied.length > 0) {
      this.state = { ...this.state, ...result.data };
      this.publish(this.state, { kind: 'events', events: result.applied, missed: false });
    }
    if (result.pending.length > 0) this.sync();
  }

  /** `active` sockets try again by themselves; one that is not was turned away before it was let in. */
  private failed(error: Error & { readonly data?: Partial<ConnectRefusal> }): void {
    if (this.socket.active) return this.lose(error.message);
    if (error.data?.retry === true) return this.startOver(error.message);
    this.setConnection('refused', error.message);
  }

  private disconnected(reason: string): void {
    this.syncing = false;
    this.pending = [];
    clearTimeout(this.helloTimer);
    if (this.closed) return;
    this.lose(WORDS[reason] ?? reason);
    if (reason === 'io server disconnect') {
      this.retryTimer = setTimeout(() => this.socket.connect(), 500 + Math.random() * 2_000);
    }
  }

  /** Connects anew, after a pause in which a server in trouble can breathe. */
  private startOver(reason: string): void {
    this.lose(reason);
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.reconnect(), 500 + Math.random() * 1_000);
  }

  private lose(reason: string): void {
    this.lostAt ??= Date.now();
    const { status } = this.state.connection;
    if (status === 'live') this.setConnection('lost', reason);
    else if (status === 'connecting') this.setConnection('connecting', reason);
  }

  private live(): MonitorState['connection'] {
    const { connection } = this.state;
    return connection.status === 'live' ? connection : { status: 'live', since: Date.now(), reason: null };
  }

  private setConnection(status: ConnectionStatus, reason: string | null): void {
    const { connection } = this.state;
    const since = connection.status === status ? connection.since : Date.now();
    this.state = { ...this.state, connection: { status, since, reason } };
    this.publish(this.state, { kind: 'connection' });
  }

  private publish(state: MonitorState, change: Change): void {
    for (const listener of [...this.listeners]) listener(state, change);
  }
}

/** Socket.IO's reasons, for people. */
const WORDS: Readonly<Record<string, string>> = {
  'io client disconnect': 'Reconnecting.',
  'io server disconnect': 'The server ended the connection.',
  'ping timeout': 'The server does not answer.',
  'transport close': 'The connection broke.',
  'transport error': 'The connection broke.',
};

async function askFor(token: ConnectOptions['token']): Promise<string | null> {
  try {
    return (typeof token === 'function' ? await token() : token) ?? null;
  } catch {
    return null;
  }
}
