import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as SocketServer, type Socket } from 'socket.io';
import type { SyncReply } from '../../src/client/index.js';
import type { DashboardPage } from '../../src/dashboard/index.js';
import type {
  ContainerView,
  EventDraft,
  HealthEvent,
  Incident,
  Notification,
} from '../../src/common/events/index.js';
import type { DeliveryView, WebhookView } from '../../src/webhooks/webhook-view.js';
import type { Scenario } from './scenarios.js';

export const OPERATOR = 'operator-token';
export const VIEWER = 'viewer-token';

const SECRET = 'whsec_bm90IGEgcmVhbCBzZWNyZXQgYXQgYWxs';

type Role = 'operator' | 'viewer';
const roleOf = (token: unknown): Role | null =>
  token === OPERATOR ? 'operator' : token === VIEWER ? 'viewer' : null;

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly role: Role;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Speaks the contract's socket protocol and REST with a state that a test writes: a server to develop the page
 * against, and to test it and the client in seconds.
 */
export class MockServer {
  readonly calls: Call[] = [];
  /** Answers a call before the usual answer does; return `undefined` to leave it to that. */
  intercept: (call: Call) => Answer | undefined | Promise<Answer | undefined> = () => undefined;
  epoch: string = randomUUID();
  build = '1.0.0';
  /** How many events a sync can still tell; older ones come as a snapshot. */
  keep = 1_000;

  /** Answers no sync while true. */
  silent = false;
  /** Called whenever somebody asks to be let in. */
  onKnock: () => void = () => undefined;

  private http!: Server;
  private io!: SocketServer;
  private log: HealthEvent[] = [];
  private head = 100;
  private port = 0;
  private mute = false;

  constructor(
    public scene: Scenario,
    private readonly page: DashboardPage | null = null,
    private readonly mount = 'dashboard',
  ) {}

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Address of the page, with a token in its fragment. */
  address(token: string | null = OPERATOR, route = ''): string {
    return `${this.origin}/${this.mount}/#${token === null ? '' : `token=${token}&`}${route}`;
  }

  async start(): Promise<this> {
    this.http = createServer((request, response) => {
      void this.handle(request, response).catch((error: unknown) =>
        send(response, 500, { message: String(error) }),
      );
    });
    this.io = new SocketServer(this.http);
    const namespace = this.io.of('/health-monitor');
    namespace.use((socket, next) => {
      this.onKnock();
      const role = roleOf(socket.handshake.auth['token']);
      (socket.data as { role: Role | null }).role = role;
      next(role ? undefined : new Error('unauthorized'));
    });
    namespace.on('connection', (socket) => this.welcome(socket));
    await new Promise<void>((resolve) => this.http.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.http.address() as AddressInfo).port;
    return this;
  }

  /** Goes away as a process does; `start()` brings it back on the same port, with what it knew. */
  async stop(): Promise<void> {
    this.io.disconnectSockets(true);
    const closed = this.io.close();
    // Browsers keep connections open ahead of any request; closing would wait for those.
    this.http.closeAllConnections();
    await closed;
  }

  /** Ends every connection, as a server does with a client that stopped reading. */
  throwOut(): void {
    this.io.of('/health-monitor').disconnectSockets();
  }

  /** Records events and tells them to whoever is connected; `container` changes go into the scene, too. */
  emit(...drafts: EventDraft[]): HealthEvent[] {
    const events = drafts.map((draft): HealthEvent => ({ ...draft, seq: ++this.head }));
    for (const event of events) {
      this.remember(event);
      this.log.push(event);
      if (!this.mute) this.io.of('/health-monitor').emit('event', event);
    }
    this.log = this.log.slice(-this.keep);
    return events;
  }

  /** Events emitted within `work` are recorded, but never sent: a hole for whoever listens. */
  lose(work: () => void): void {
    this.mute = true;
    work();
    this.mute = false;
  }

  /** Changes a container and tells it. */
  change(name: string, change: Partial<ContainerView>, type: EventDraft['type'] = 'container.changed'): void {
    const view = this.scene.containers.find((one) => one.name === name);
    if (!view) throw new Error(`The scene has no ${name}.`);
    const next = { ...view, ...change };
    this.emit({
      type,
      at: new Date().toISOString(),
      container: name,
      data: { reason: next.decision.reason, view: next },
    } as EventDraft);
  }

  incident(incident: Incident, type: 'incident.opened' | 'incident.updated' | 'incident.resolved'): void {
    this.emit({ type, at: new Date().toISOString(), data: { incident } });
  }

  memory(samples: { container: string; usedBytes: number; limitBytes: number | null }[]): void {
    this.io.of('/health-monitor').volatile.emit('memory', { at: new Date().toISOString(), samples });
  }

  private remember(event: HealthEvent): void {
    const { view, incident, notification } = event.data as {
      view?: ContainerView;
      incident?: Incident;
      notification?: Notification;
    };
    const { scene } = this;
    if (view) scene.containers = [...scene.containers.filter(({ name }) => name !== view.name), view];
    if (incident) scene.incidents = [...scene.incidents.filter(({ id }) => id !== incident.id), incident];
    if (notification) {
      scene.notifications = [...scene.notifications.filter(({ id }) => id !== notification.id), notification];
    }
    if (event.type === 'notification.removed') {
      const { id } = event.data as { id: string };
      scene.notifications = scene.notifications.filter((one) => one.id !== id);
    }
    if (event.type === 'engine.reachable' || event.type === 'engine.unreachable') {
      const engine = {
        ...scene.status.engine,
        reachable: event.type === 'engine.reachable',
        since: event.at,
      };
      scene.status = { ...scene.status, engine };
    }
  }

  private welcome(socket: Socket): void {
    const { epoch, head, build } = this;
    socket.emit('hello', {
      epoch,
      head,
      role: (socket.data as { role: Role }).role,
      now: new Date().toISOString(),
      build,
    });
    socket.on('sync', (request: unknown, reply: unknown) => {
      if (typeof reply !== 'function' || this.silent) return;
      (reply as (answer: unknown) => void)(this.sync(request));
    });
  }

  private sync(request: unknown): SyncReply | { error: string } {
    const { epoch, last } = (request ?? {}) as { epoch?: unknown; last?: unknown };
    if (typeof epoch !== 'string' || typeof last !== 'number') return { error: 'expected { epoch, last }' };
    const oldest = this.log[0]?.seq ?? this.head + 1;
    if (epoch === this.epoch && last <= this.head && last >= oldest - 1) {
      return { mode: 'delta', events: this.log.filter(({ seq }) => seq > last), head: this.head };
    }
    const { containers, externals, incidents, notifications, status } = this.scene;
    return {
      mode: 'snapshot',
      state: { containers, externals, incidents, notifications, status },
      epoch: this.epoch,
      head: this.head,
    };
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    if (url.pathname.startsWith('/health-monitor/')) return this.rest(request, response, url);
    if (this.page && `${url.pathname}/`.startsWith(`/${this.mount}/`)) {
      const accepted = request.headers['accept-encoding'];
      const answer = await this.page.answer({ path: url.pathname, acceptEncoding: accepted?.toString() });
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return;
    }
    send(response, 404, { message: 'Not found' });
  }

  private async rest(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const role = roleOf(request.headers.authorization?.replace(/^Bearer /, ''));
    if (!role) return send(response, 401, { statusCode: 401, message: 'Unauthorized' });
    const method = request.method ?? 'GET';
    const path = decodeURIComponent(url.pathname.slice('/health-monitor/'.length)) + url.search;
    const text = await body(request);
    const call: Call = { method, path, body: text === '' ? null : (JSON.parse(text) as unknown), role };
    this.calls.push(call);
    if (method !== 'GET' && role === 'viewer')
      return send(response, 403, { statusCode: 403, message: 'Forbidden' });
    const answer = (await this.intercept(call)) ?? this.answer(call);
    send(response, answer.status, answer.body);
  }

  private answer({ method, path, body }: Call): { status: number; body: unknown } {
    const [room = '', id = '', action = ''] = path.split(/[/?]/);
    const { scene } = this;
    const found = (value: unknown) =>
      value ? { status: 200, body: value } : { status: 404, body: { message: 'Not found' } };
    switch (`${method} ${room}${id && ` :id`}${action && ` ${action}`}`) {
      case 'GET status':
        return found({ ...scene.status, lastCheckAt: new Date().toISOString() });
      case 'GET recording':
        return { status: 200, body: { kind: 'recording' } };
      case 'GET containers :id':
        return found(this.detail(id));
      case 'POST containers :id stop':
        if (path.endsWith('dryRun=true'))
          return found({ dependents: this.dependents(id), stopTimeoutMs: 300_000 });
        return this.act(id, {
          status: 'stopped',
          wish: 'stopped',
          desired: 'stopped',
          state: 'exited',
          decision: decided('stopped', 'You stopped it; left off.'),
        });
      case 'POST containers :id start':
      case 'POST containers :id restart':
      case 'POST containers :id retry':
        return this.act(id, {
          status: 'starting',
          wish: 'running',
          desired: 'running',
          state: 'running',
          attempts: 0,
          nextAttemptAt: null,
          decision: decided('starting', 'Started by you.'),
        });
      case 'POST containers :id hold': {
        const { reason, forMs } = body as { reason: string; forMs?: number };
        const until = forMs === undefined ? null : new Date(Date.now() + forMs).toISOString();
        return this.act(id, {
          status: 'held',
          desired: 'held',
          hold: { reason, by: 'operator', since: new Date().toISOString(), until },
          decision: decided('held', `On hold: ${reason}.`),
        });
      }
      case 'POST containers :id release':
        return this.act(id, {
          status: 'healthy',
          desired: 'running',
          hold: null,
          decision: decided('healthy', 'Healthy. Nothing to do.'),
        });
      case 'POST notifications :id':
        for (const one of scene.notifications.filter(({ read }) => !read)) this.markRead(one);
        return { status: 204, body: null };
      case 'POST notifications :id read': {
        const notification = scene.notifications.find((one) => one.id === id);
        if (notification) this.markRead(notification);
        return found(notification);
      }
      case 'DELETE notifications :id':
        this.emit({ type: 'notification.removed', at: new Date().toISOString(), data: { id } });
        return { status: 204, body: null };
      case 'GET webhooks':
        return found(scene.webhooks);
      case 'POST webhooks': {
        const {
          id: name = 'webhook-1',
          url,
          format = 'archipelago',
          events = null,
        } = body as Partial<WebhookView>;
        const refused = (status: number, message: string) => ({ status, body: { message } });
        if (scene.webhooks.some((one) => one.id === name))
          return refused(409, `There is a webhook ${name} already.`);
        if (url?.includes('//127.')) return refused(400, 'url: 127.0.0.1 is this machine (loopback).');
        const endpoint: WebhookView = {
          id: name,
          url: url ?? '',
          format,
          events,
          origin: 'api',
          enabled: true,
          disabled: null,
          signed: true,
          rotatingUntil: null,
          failingSince: null,
          testFailedAt: null,
          lastDeliveredAt: null,
          pending: 0,
        };
        scene.webhooks = [...scene.webhooks, endpoint];
        return { status: 201, body: { ...endpoint, secret: SECRET } };
      }
      case 'PATCH webhooks :id': {
        const { rotateSecret = false, ...change } = body as Partial<WebhookView> & { rotateSecret?: boolean };
        const known = scene.webhooks.find((one) => one.id === id);
        if (!known) return found(null);
        const makesSecret = rotateSecret || (change.format === 'archipelago' && !known.signed);
        const endpoint = { ...known, ...change, signed: known.signed || makesSecret };
        scene.webhooks = scene.webhooks.map((one) => (one === known ? endpoint : one));
        return found({ ...endpoint, ...(makesSecret && { secret: SECRET }) });
      }
      case 'DELETE webhooks :id':
        scene.webhooks = scene.webhooks.filter((one) => one.id !== id);
        return { status: 204, body: null };
      case 'POST webhooks :id test':
        return found(deliveries(id)[2]);
      case 'GET webhooks :id deliveries':
        return found(deliveries(id));
      case 'POST deliveries :id replay':
        return { status: 202, body: {} };
      default:
        return { status: 404, body: { statusCode: 404, message: `Cannot ${method} /${path}` } };
    }
  }

  private markRead(notification: Notification): void {
    const at = new Date().toISOString();
    this.emit({ type: 'notification.updated', at, data: { notification: { ...notification, read: true } } });
  }

  private act(name: string, change: Partial<ContainerView>): { status: number; body: unknown } {
    if (!this.scene.containers.some((view) => view.name === name)) {
      return { status: 404, body: { statusCode: 404, message: `There is no container ${name}.` } };
    }
    this.change(name, change);
    return { status: 200, body: this.scene.containers.find((view) => view.name === name) };
  }

  private dependents(name: string): string[] {
    return this.scene.containers.filter(({ dependsOn }) => dependsOn.includes(name)).map((view) => view.name);
  }

  private detail(name: string): unknown {
    const view = this.scene.containers.find((one) => one.name === name);
    if (!view) return null;
    const timeline = this.scene.incidents.flatMap((incident) => incident.timeline);
    const history = [...timeline, ...this.log].filter(({ container }) => container === name).slice(-50);
    const memory = view.memory && { ...view.memory, samples: this.scene.samples[name] ?? [] };
    return { ...view, history, memory };
  }
}

const decided = (code: string, reason: string) => ({ code, reason, at: new Date().toISOString() });

function deliveries(endpointId: string): DeliveryView[] {
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const delivery = (
    minutes: number,
    event: DeliveryView['event'],
    rest: Partial<DeliveryView>,
  ): DeliveryView => ({
    id: `delivery-${minutes}`,
    messageId: `msg_${minutes}`,
    endpointId,
    status: 'delivered',
    event,
    title: '',
    message: '',
    createdAt: at(minutes),
    nextAttemptAt: null,
    attempts: [{ at: at(minutes), status: 200, error: null, durationMs: 88 }],
    endedBecause: null,
    ...rest,
  });
  return [
    delivery(20, 'container.given_up', {
      status: 'pending',
      nextAttemptAt: at(-40),
      attempts: [{ at: at(20), status: 500, error: 'It answered 500.', durationMs: 412 }],
    }),
    delivery(120, 'memory.leak', {
      status: 'failed',
      attempts: [{ at: at(120), status: null, error: 'connect ECONNREFUSED', durationMs: 12 }],
    }),
    delivery(300, 'container.recovered', {}),
  ];
}

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json' })
    .end(answer === null ? '' : JSON.stringify(answer));
}
