import {
  ForbiddenException,
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { WebSocketGateway, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Namespace, Socket } from 'socket.io';
import { authenticate, FOREIGN_PAGE_REFUSAL, withoutBorrowedAuthority } from '../common/access/index.js';
import { Clock } from '../common/clock/index.js';
import { HealthState, type HealthEvent, type MemoryTick } from '../common/events/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import { EventStream, HealthStore } from '../common/store/index.js';
import { acknowledgeWithJson } from './acknowledge-with-json.js';
import { withLatestOnly } from './latest-only.js';
import { NotificationsService } from './notifications.service.js';
import { PACKAGE_VERSION } from '../common/package/index.js';
import { stackOf } from '../common/text/index.js';
import { SharedSnapshot } from './shared-snapshot.js';
import type {
  ClientToServerEvents,
  ConnectRefusal,
  ServerToClientEvents,
  SyncAnswer,
  SyncRequest,
  SyncSnapshot,
} from './socket-protocol.js';
import { StalledClients } from './stalled-clients.js';
import { isSyncRequest, SyncSession } from './sync-session.js';
import { UntilTold } from './until-told.js';

type MonitorNamespace = Namespace<ClientToServerEvents, ServerToClientEvents>;
type MonitorSocket = Socket<ClientToServerEvents, ServerToClientEvents>;

/** The room of those whose sync was answered. */
const LIVE = 'health-monitor:live';
/** For so long a client waits that has more than this replica; longer than a replica takes that only asks now and then. */
const BEHIND_MS = 2_000;
/** A client that missed more than this gets a snapshot. */
const MAX_DELTA = 1_000;

/**
 * Tells the state and every event over Socket.IO, to those `access` knows. The protocol is in docs/socket.md.
 *
 * `told` is the one line between what an answer holds and what comes live: an answer ends exactly there, and its
 * client joins the room in the same turn. Events go to this process's clients only: others that serve from the same
 * store tell theirs.
 */
@Injectable()
export class HealthMonitorGateway
  implements
    OnGatewayInit<MonitorNamespace>,
    OnGatewayConnection<MonitorSocket>,
    OnModuleInit,
    BeforeApplicationShutdown
{
  private readonly logger = new Logger('HealthMonitorSocket');
  private readonly sessions = new WeakMap<MonitorSocket, SyncSession>();
  private readonly syncing = new Set<SyncSession>();
  private readonly shared = new SharedSnapshot(() => this.snapshot());
  private readonly untilTold = new UntilTold();
  private latestTurn: Promise<void> = Promise.resolve();
  private namespace: MonitorNamespace | undefined;
  private stalled: StalledClients | undefined;
  private stopListening: (() => void)[] = [];
  private epoch = '';
  /** `seq` of the latest event that was sent to the room. */
  private told = 0;

  constructor(
    private readonly stream: EventStream,
    private readonly store: HealthStore,
    private readonly state: HealthState,
    private readonly notifications: NotificationsService,
    private readonly clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** Where the host's Socket.IO is served, seen from the host's root: `/socket.io` unless its adapter says otherwise. */
  get serverPath(): string {
    return this.namespace?.server.path() ?? '/socket.io';
  }

  /** Nest calls it before `onModuleInit`, and before the host listens. */
  afterInit(namespace: MonitorNamespace): void {
    this.namespace = namespace;
    if (!isSocketIo(namespace)) return;
    this.stalled = new StalledClients(namespace);
    // A middleware of the server, the host's too, guards its root namespace only.
    namespace.use((socket, next) => {
      this.letIn(socket).then(
        (session) => next(session ? undefined : new Error('This token is not known.')),
        (error: unknown) => next(refusalOf(error)),
      );
    });
  }

  onModuleInit(): void {
    const { namespace } = this;
    if (namespace === undefined) return;
    if (!isSocketIo(namespace)) {
      throw new Error(
        "The health monitor's socket needs Nest's Socket.IO adapter; or turn it off: socket: false.",
      );
    }
    this.epoch = this.store.epoch;
    this.told = this.store.head;
    this.stopListening = [
      this.stream.subscribe((events) => this.tell(namespace, events)),
      this.stream.subscribeMemory((tick) => this.tellMemory(namespace, tick)),
      this.store.onNotice(({ kind }) => {
        this.beginAnewIfLogDid(namespace);
        if (kind === 'reloaded') this.catchUp(namespace);
      }),
    ];
  }

  /** Nest closes the server, and with it the sockets, right after this. */
  beforeApplicationShutdown(): void {
    this.stopListening.forEach((stop) => stop());
    this.stalled?.stop();
    this.shared.forget();
    this.untilTold.told(Infinity);
  }

  handleConnection(socket: MonitorSocket): void {
    void this.greet(socket).catch((error: unknown) => {
      this.logError('A client could not be greeted.', error);
      socket.disconnect();
    });
  }

  /**
   * `null` when nobody we know; throws what `authenticate` does, and ForbiddenException for a page of another origin:
   * CORS does not keep that from opening a WebSocket.
   */
  private async letIn(socket: MonitorSocket): Promise<SyncSession | null> {
    const { auth, headers, address } = socket.handshake;
    const token: unknown = auth['token'];
    const { access } = this.options;
    const given = { token: typeof token === 'string' ? token : undefined, headers, address };
    const handshake = withoutBorrowedAuthority(access, given);
    if (handshake === null) throw new ForbiddenException(FOREIGN_PAGE_REFUSAL);
    const principal = await authenticate(access, handshake);
    if (principal === null) return null;
    const session = new SyncSession(principal);
    this.sessions.set(socket, session);
    return session;
  }

  /** Handles `sync` itself: what Nest acknowledges for us it would send a little later, behind the first events. */
  private async greet(socket: MonitorSocket): Promise<void> {
    // Where the host lets Socket.IO recover connections, it skips middlewares, and sends what was missed in its rooms.
    socket.on('disconnecting', () => void socket.leave(LIVE));
    const session = this.sessions.get(socket) ?? (await this.letIn(socket));
    if (session === null) {
      socket.disconnect();
      return;
    }
    socket.on('sync', (request: unknown, acknowledge: unknown) => {
      if (typeof acknowledge !== 'function') return;
      void this.sync(socket, request, acknowledge as (answer: SyncAnswer) => void);
    });
    this.sayHello(socket, session);
  }

  private sayHello(socket: MonitorSocket, { principal }: SyncSession): void {
    socket.emit('hello', {
      epoch: this.epoch,
      head: this.told,
      role: principal.role,
      now: new Date(this.clock.now()).toISOString(),
      build: PACKAGE_VERSION,
    });
  }

  private async sync(
    socket: MonitorSocket,
    request: unknown,
    acknowledge: (answer: SyncAnswer) => void,
  ): Promise<void> {
    const session = this.sessions.get(socket);
    const refusal = session?.refusal(request, this.clock.monotonic()) ?? null;
    if (!session || refusal !== null || !isSyncRequest(request)) {
      acknowledge({ error: refusal ?? 'This token is not known.' });
      return;
    }
    const { epoch } = this;
    const wasLive = socket.rooms.has(LIVE);
    void socket.leave(LIVE);
    const meanwhile: HealthEvent[] = (session.meanwhile = []);
    this.syncing.add(session);
    try {
      if (this.isBehind(request)) await this.untilTold.reached(request.last, BEHIND_MS);
      const kept = await this.keptSince(request);
      if (kept === null) await this.ownTurn();
      // From here to the end nothing waits, so no event can come in between.
      const isDelta =
        kept !== null && request.epoch === this.epoch && kept.length + meanwhile.length <= MAX_DELTA;
      if (isDelta) {
        const after = kept.at(-1)?.seq ?? request.last;
        const events = [...kept, ...meanwhile.filter(({ seq }) => seq > after)];
        acknowledge({ mode: 'delta', events: withLatestOnly(events), head: this.told });
      } else {
        acknowledgeWithJson(socket, acknowledge, this.shared.get());
      }
      void socket.join(LIVE);
    } catch (error) {
      this.logError('A sync could not be answered.', error);
      acknowledge({ error: 'The server could not answer; its log says why.' });
      // An error changes nothing: who heard events goes on hearing all of them.
      if (wasLive && epoch === this.epoch) {
        meanwhile.forEach((event) => socket.emit('event', event));
        void socket.join(LIVE);
      }
    } finally {
      session.meanwhile = null;
      this.syncing.delete(session);
    }
    this.stalled?.sent();
  }

  /** A client may come from another replica that told it more: what this one would show is older than what it has. */
  private isBehind({ epoch, last }: SyncRequest): boolean {
    return this.store.shared !== null && epoch === this.epoch && last > this.told;
  }

  /** All events after `last` up to `told` as it is now; `null` when a snapshot must take their place. */
  private async keptSince({ epoch, last }: SyncRequest): Promise<readonly HealthEvent[] | null> {
    const missed = this.told - last;
    if (epoch !== this.epoch || missed < 0 || missed > MAX_DELTA) return null;
    if (missed === 0) return [];
    const kept = await this.store.events({ after: last, limit: missed });
    return kept.length === missed && kept[0]?.seq === last + 1 ? kept : null;
  }

  /** Snapshots are large: one a turn, so that others are served in between when many clients come back at once. */
  private ownTurn(): Promise<void> {
    this.latestTurn = this.latestTurn.then(() => nextTurn());
    return this.latestTurn;
  }

  private snapshot(): SyncSnapshot {
    return {
      mode: 'snapshot',
      state: {
        containers: this.state.containers(),
        externals: this.state.externals(),
        incidents: this.state.incidents(),
        notifications: this.notifications.list(),
        status: this.state.status(),
      },
      epoch: this.epoch,
      head: this.told,
    };
  }

  private tell(namespace: MonitorNamespace, events: readonly HealthEvent[]): void {
    this.beginAnewIfLogDid(namespace);
    for (const event of events.filter(({ seq }) => seq > this.told)) {
      this.told = event.seq;
      this.shared.forget();
      for (const { meanwhile } of this.syncing) meanwhile?.push(event);
      this.untilTold.told(event.seq);
      // One broadcast is serialised once, for however many; none is, for nobody.
      if (isSomebodyIn(namespace)) namespace.local.to(LIVE).emit('event', event);
    }
    this.stalled?.sent();
  }

  private tellMemory(namespace: MonitorNamespace, tick: MemoryTick): void {
    this.shared.forget();
    if (isSomebodyIn(namespace)) namespace.local.volatile.to(LIVE).emit('memory', tick);
  }

  /** When `seq` no longer continues (another process had the store, or it was lost), everybody must sync again. */
  private beginAnewIfLogDid(namespace: MonitorNamespace): void {
    this.shared.forget();
    if (this.store.epoch === this.epoch) return;
    this.epoch = this.store.epoch;
    this.greetAnew(namespace);
  }

  /** With the documents, events came that were not told one by one: everybody is to ask for them. */
  private catchUp(namespace: MonitorNamespace): void {
    if (this.store.head > this.told) this.greetAnew(namespace);
  }

  private greetAnew(namespace: MonitorNamespace): void {
    this.told = this.store.head;
    for (const socket of namespace.sockets.values()) {
      void socket.leave(LIVE);
      const session = this.sessions.get(socket);
      if (session) this.sayHello(socket, session);
    }
  }

  private logError(message: string, error: unknown): void {
    this.logger.error(message, stackOf(error));
  }
}

/**
 * The gateway at a namespace: a subclass, since Nest keeps the namespace with the class. It sets nothing else: the
 * server and its options are the host's.
 */
export function createHealthMonitorGateway(namespace: string): Type<HealthMonitorGateway> {
  @WebSocketGateway({ namespace })
  class MountedHealthMonitorGateway extends HealthMonitorGateway {}
  return MountedHealthMonitorGateway;
}

function isSocketIo(namespace: MonitorNamespace): boolean {
  return typeof namespace.use === 'function' && namespace.sockets instanceof Map;
}

/** What Socket.IO sends as `connect_error`. `data.retry`: the same token may be let in a moment later. */
function refusalOf(error: unknown): Error {
  const message = error instanceof Error ? error.message : 'The server could not answer.';
  if (error instanceof ForbiddenException) return new Error(message);
  return Object.assign(new Error(message), { data: { retry: true } satisfies ConnectRefusal });
}

function isSomebodyIn(namespace: MonitorNamespace): boolean {
  return namespace.adapter.rooms.has(LIVE);
}
