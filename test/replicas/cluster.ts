import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { RuntimeError } from '../../src/health-monitor/runtime/index.js';
import { InMemoryRuntime } from '../../src/testing/index.js';
import { EngineServer, type EngineCall } from '../support/engine-server.js';
import { freePort } from '../support/free-port.js';
import { PostgresServer } from '../support/postgres.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { Receiver } from '../webhooks/receiver.js';
import type { AnsweredAct, EngineStep, Freeze, History } from './history.js';
import { WanderingClient } from './wandering-client.js';

/** What freezes for less than this still leads when it wakes up. */
const LEASE_MS = 8_000;

/** A process of the app, reached by its port, which reaches the database through a proxy of its own. */
interface Replica {
  readonly name: string;
  readonly port: number;
  readonly proxy: TcpProxy;
  child: ChildProcess;
  frozenSince: number | null;
}

/** Real processes that share a PostgreSQL and an engine, which this process plays; a client on each. It writes down all that can be seen. */
export class Cluster {
  readonly answered: AnsweredAct[] = [];
  readonly replicas: Replica[] = [];
  readonly clients: WanderingClient[] = [];
  private readonly steps: EngineStep[] = [];
  private readonly freezes: Freeze[] = [];
  private readonly names = new Map<string, string>();
  private readonly watching = new AbortController();

  private constructor(
    readonly postgres: PostgresServer,
    readonly engine: InMemoryRuntime,
    private readonly engineServer: EngineServer,
    private readonly receiver: Receiver,
    private readonly patient: readonly string[],
  ) {}

  /** @param patient services that are never given up */
  static async start(names: readonly string[], patient: readonly string[]): Promise<Cluster> {
    const postgres = new PostgresServer();
    await postgres.start();
    const engine = new InMemoryRuntime();
    const server = await EngineServer.start(engine, (call) => cluster.onCall(call));
    const cluster: Cluster = new Cluster(postgres, engine, server, await Receiver.start(), patient);
    void cluster.watchEngine();
    for (const name of names) {
      const proxy = new TcpProxy(() => postgres.port);
      await proxy.start();
      const replica = { name, port: await freePort(), proxy, frozenSince: null };
      cluster.replicas.push({ ...replica, child: cluster.fork(replica) });
    }
    await Promise.all(cluster.replicas.map(({ child }) => once(child, 'message')));
    const ports = cluster.replicas.map(({ port }) => port);
    cluster.clients.push(...ports.map((_, place) => new WanderingClient(ports, place)));
    return cluster;
  }

  /** Adds a running service, which dies that often when it is started, shortly after each start. */
  addService(name: string, deaths = 0, takesMs = 0): void {
    this.names.set(this.engine.add({ name, state: 'running', startedAt: Date.now() - 1_000 }), name);
    const crashing = Array.from({ length: deaths }, () => ({ diesAfterMs: 100, exitCode: 3, takesMs }));
    this.engine.onStart(name, ...crashing, { takesMs });
  }

  async kill(replica: Replica): Promise<void> {
    this.thaw(replica);
    const ended = once(replica.child, 'exit');
    replica.child.kill('SIGKILL');
    await ended;
    replica.child = this.fork(replica);
  }

  freeze(replica: Replica): void {
    replica.frozenSince ??= Date.now();
    replica.child.kill('SIGSTOP');
  }

  thaw(replica: Replica): void {
    const { frozenSince: from, name } = replica;
    replica.child.kill('SIGCONT');
    replica.frozenSince = null;
    if (from !== null && Date.now() - from >= LEASE_MS)
      this.freezes.push({ replica: name, from, to: Date.now() });
  }

  async restartPostgres(signal: 'SIGQUIT' | 'SIGINT'): Promise<void> {
    await this.postgres.down(signal);
    await this.postgres.up();
  }

  /** PostgreSQL ends every connection, as its administrator may. */
  async endConnections(): Promise<void> {
    await this.postgres.query(
      'postgres',
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()',
    );
  }

  /** As a standby is that became no primary. */
  async allowWrites(allowed: boolean): Promise<void> {
    const setting = allowed ? 'off' : 'on';
    await this.postgres.query('postgres', `alter system set default_transaction_read_only = ${setting}`);
    await this.postgres.query('postgres', 'select pg_reload_conf()');
  }

  /** Asks a replica as a person would; keeps what was answered as done, and gives whether it was. */
  async hold(replica: Replica, container: string, reason: string): Promise<boolean> {
    const body = JSON.stringify({ reason });
    const done = await this.post(replica, `containers/${container}/hold`, body);
    if (done) this.answered.push({ container, reason });
    return done;
  }

  async post(replica: Replica, call: string, body = '{}'): Promise<boolean> {
    try {
      const response = await fetch(`http://127.0.0.1:${replica.port}/health-monitor/${call}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(60_000),
      });
      await response.text();
      return response.ok;
    } catch {
      return false;
    }
  }

  async get<T>({ port }: Replica, call: string): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${port}/health-monitor/${call}`);
    if (!answer.ok) throw new Error(`${call}: ${answer.status}`);
    return (await answer.json()) as T;
  }

  /** All that was seen. @param log what the store has of it */
  history(log: History['log']): History {
    return {
      clients: new Map(this.clients.map((client, place) => [`client ${place}`, client.steps])),
      engine: this.steps,
      answered: this.answered,
      webhooks: this.receiver.received.map(({ headers, body }) => ({
        id: headers['webhook-id'] ?? '',
        event: String(body['event']),
        container: (body['details'] as { container?: string }).container ?? null,
        timestamp: String(body['timestamp']),
      })),
      freezes: this.freezes,
      log,
    };
  }

  async stop(): Promise<void> {
    this.watching.abort();
    for (const client of this.clients) client.close();
    for (const { child, proxy } of this.replicas) {
      child.kill('SIGKILL');
      await proxy.stop();
    }
    this.engineServer.stop();
    await this.receiver.stop();
    await this.postgres.remove();
  }

  private fork({ name, port, proxy }: Pick<Replica, 'name' | 'port' | 'proxy'>): ChildProcess {
    return fork(path.join(import.meta.dirname, 'replica-app.mjs'), {
      env: {
        ...process.env,
        REPLICA: name,
        PORT: String(port),
        PATIENT: this.patient.join(','),
        DATABASE_URL: this.postgres.url('postgres', proxy.port),
        ENGINE_URL: this.engineServer.url,
        WEBHOOK_URL: this.receiver.url,
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  private onCall({ from, call, args }: EngineCall): void {
    const container = this.names.get(String(args[0]));
    if ((call !== 'start' && call !== 'restart') || container === undefined) return;
    this.steps.push({ kind: 'asked', container, at: Date.now(), by: from });
  }

  private async watchEngine(): Promise<void> {
    const { signal } = this.watching;
    try {
      for await (const { action, name } of this.engine.events({ signal }))
        if (action === 'died') this.steps.push({ kind: 'died', container: name, at: Date.now() });
    } catch (error) {
      if (!(error instanceof RuntimeError) || !signal.aborted) throw error;
    }
  }
}
