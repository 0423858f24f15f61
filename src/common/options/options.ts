import type { Provider } from '@nestjs/common';
import type { Tier } from '../events/index.js';
import type { External } from './external.js';
import type { Probe, ProbeCredentials } from './probe.js';

/** `auto`: whichever is found. */
export type EngineKind = 'auto' | 'podman' | 'podman-cli' | 'docker';
export type Mode = 'heal' | 'observe';
export type ExitRule = 'auto' | 'failure' | 'any-exit';
export type UnhealthyRule = 'restart' | 'notify' | 'ignore';
export type DependencyCondition = 'started' | 'healthy' | 'completed';
export type WebhookFormat = 'archipelago' | 'slack' | 'discord' | 'ntfy';
export type MetricsAccess = 'viewer' | 'open';
export type LeakRule = 'trend' | 'growth' | 'off';

/** What a request or a socket's handshake brings to be recognised by. */
export interface Handshake {
  /** `Authorization: Bearer …`, or the socket's `auth.token`. */
  readonly token?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly address: string;
}

/** Who it is, and whether they may look (`viewer`) or also act (`operator`). */
export interface Principal {
  readonly id: string;
  readonly role: 'viewer' | 'operator';
}

export interface Authenticator {
  /** `null`: nobody we know. What it throws, but an `HttpException` of 401 or 403: not known now, to be tried again. */
  authenticate(handshake: Handshake): Principal | null | Promise<Principal | null>;
}
export type Access = 'open' | Authenticator;

/** Rules for one container. They win over its labels, which win over the preset. */
export interface ContainerRules {
  ignore?: boolean;
  /** Something that runs once and ends: shown, never healed, no problem when it fails. Default: what Compose runs once. */
  job?: boolean;
  tier?: Tier;
  /** Names, or app ids, of what it needs, behind `HOST/` those of another host; ids of externals. */
  dependsOn?: string[] | Record<string, { condition?: DependencyCondition; restart?: boolean }>;
  unhealthy?: UnhealthyRule;
  /** Milliseconds it may take to stop. */
  stopTimeoutMs?: number;
  maxAttempts?: number;
  /** Milliseconds to wait before the next attempt, one entry an attempt. */
  backoffMs?: number[];
  on?: ExitRule;
  /** What a found memory leak causes. Default `notify`. */
  onLeak?: 'notify' | 'restart';
  /** When `onLeak: 'restart'` may restart it, daily, in the host's time: `HH:mm-HH:mm`. Default `03:00-05:00`. */
  leakRestartWindow?: string;
  /**
   * How it is asked whether it works, beside the engine's own health check: the worse of the answers counts. `false`, or an
   * empty list: not at all. Default: its label, else the preset's.
   */
  probe?: Probe | Probe[] | false;
  /** What the preset's probe logs in with, where it takes any; a probe that is written here has its own. */
  credentials?: ProbeCredentials;
}

/** Someone to be told over HTTP. */
export interface WebhookEndpoint {
  id: string;
  url: string;
  /** `whsec_…` (Standard Webhooks). Without one, messages are not signed. */
  secret?: string;
  /** Types of notification, `container.*` allowed. Default: all. */
  events?: string[];
  /** Default `archipelago`. */
  format?: WebhookFormat;
}

/** How a container engine is reached. */
export interface RuntimeOptions {
  /** Default `auto`. */
  kind?: EngineKind;
  /** Default: the engine's usual places. With `ssh`, a path on that host. */
  socketPath?: string;
  /**
   * An engine on another host, reached by this machine's own `ssh` and the config of the user that this process runs as:
   * a name of it, `admin@attic` or `ssh://admin@attic:2222`.
   */
  ssh?: string;
  /** For `ssh`: a config file in place of the user's and the system's (`ssh -F`). */
  sshConfig?: string;
  /** An engine that listens on TCP: `https://nas:2376`; plain `http` only on this machine, or with `insecure`. */
  tcp?: string;
  /** For `tcp`: files in PEM, read anew when one was renewed. Without `ca`, authorities are those that Node knows. */
  tls?: { ca?: string; cert?: string; key?: string };
  /** For `tcp`: plain `http` through a network, for everybody there to read and change. Default false. */
  insecure?: boolean;
  /** For `podman-cli`. Default `['sudo', 'podman']`. */
  command?: string[];
  /** Deadline of each reading call. Default 10,000. */
  timeoutMs?: number;
}

/** Another host, whose containers are called `HOST/NAME`. */
export interface OtherHostOptions {
  runtime: RuntimeOptions;
  /** What people call it. Default: its name in `hosts`. */
  name?: string;
}

/** Options as a host writes them. All optional, but for `access` while REST or the socket is on. Times are milliseconds. */
export interface HealthMonitorOptions {
  /** Names this server in webhooks. Default: the host's name. */
  nodeId?: string;
  /** `observe` decides and explains, and touches nothing. Default `heal`. */
  mode?: Mode;
  /** `apps` leaves backend and `*-ui` containers alone. Default `all`. */
  watch?: 'all' | 'apps';
  /** Default `archipelago`. */
  preset?: 'archipelago' | 'none';
  runtime?: RuntimeOptions;
  /** Other hosts to be watched beside this one, by the name by which they are called. Default: none. */
  hosts?: Record<string, OtherHostOptions>;
  check?: {
    /** Default 60,000. */
    intervalMs?: number;
    /** Before the first healing. Default 120,000. */
    startupDelayMs?: number;
    /** Listen to the engine's events. Default true. */
    events?: boolean;
  };
  restart?: {
    /** Default 3. */
    maxAttempts?: number;
    /** Default [10,000, 30,000, 90,000]. */
    backoffMs?: number[];
    /** Up that long, attempts are forgotten. Default 600,000. */
    stableAfterMs?: number;
    /** Given up that long, it gets new attempts. Default 3,600,000. */
    rearmAfterMs?: number;
    /** Heal what was already down at first sight. Default false. */
    adoptStopped?: boolean;
    /** Pause after the last start of a lower tier. Default 5,000. */
    tierSettleMs?: number;
    /** Starts at one time. Default 2. */
    maxConcurrent?: number;
    /** Which exits are healed. Default `auto`. */
    on?: ExitRule;
    /** Default `restart`. */
    unhealthy?: UnhealthyRule;
    /** Unhealthy that long without a break. Default 60,000. */
    unhealthyForMs?: number;
    /** How long an engine with a restart policy of its own goes first. Default 10,000. */
    engineGraceMs?: number;
  };
  memory?: {
    /** Default 300,000. */
    intervalMs?: number;
    /** Default 288. */
    windowSamples?: number;
    /** Default `trend`; `growth` = latest over oldest by `growthPercent`. */
    rule?: LeakRule;
    /** Default 50. */
    growthPercent?: number;
  };
  /** Watching the machine itself: space, read-only file systems, memory pressure, the clock. `false`: not at all. */
  host?:
    | false
    | {
        /** How often it is read. Default 60,000. */
        everyMs?: number;
        disk?: {
          /** Little space is less than this share of a file system, from 0 to 0.9, … Default 0.1; 0 tells nothing of it. */
          freeShare?: number;
          /** … and less than so many bytes. Default 5 GiB. */
          freeBytes?: number;
          /** That one will be full is told so long before. Default 259,200,000 (3 days); 0 foretells nothing. */
          foretellMs?: number;
        };
        /** The share of five minutes, from 0 to 1, for which everything waits for memory. Default 0.1; 1 tells nothing of it. */
        memoryPressure?: number;
        /** So far off is a clock that is far off. Default 300,000; 0 never asks. */
        clockOffMs?: number;
      };
  notifications?: {
    /** Default 20. */
    keep?: number;
  };
  recording?: {
    /** How much of what happened is kept in memory for `GET recording`. Default 1,000,000; 0 keeps nothing. */
    keepBytes?: number;
  };
  webhooks?: {
    endpoints?: WebhookEndpoint[];
    /** Default `lan`. */
    egress?: 'lan' | 'public' | 'strict';
    allowCidrs?: string[];
    denyCidrs?: string[];
  };
  /** Who may look and act. `'open'` must be written out. */
  access?: Access;
  /** Default `{ kind: 'sqlite', path: './data/health-monitor.db' }`. */
  storage?: { kind: 'sqlite'; path?: string } | { kind: 'memory' } | PostgresStorage;
  /** By name or app id; those of another host by `HOST/NAME`. */
  containers?: Record<string, ContainerRules>;
  /** What is no container and what containers need, by an id that `dependsOn` names. Default: nothing. */
  externals?: Record<string, External>;
}

/** A PostgreSQL that several processes of the app may share. Exactly one of `url` and `pool`. */
export interface PostgresStorage {
  kind: 'postgres';
  /** `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`, with what else the package `pg` knows. It is never shown. */
  url?: string;
  /** The host's own pool of the package `pg`; the host ends it, after the app. */
  pool?: PostgresPool;
  /** Where the tables are made, a plain name in lower case. Default `'health_monitor'`. */
  schema?: string;
  /** The container on this machine in which the database runs: it is started even while the database is away. Default: none. */
  container?: string;
}

/** What is used of a pool of the package `pg`. */
export interface PostgresPool {
  /** `max`: how many connections it makes at most. */
  readonly options?: { readonly max?: number };
  connect(): Promise<PostgresClient>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'connect', listener: (client: PostgresClient) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'connect', listener: (client: PostgresClient) => void): unknown;
}

/** What is used of a connection of such a pool. */
export interface PostgresClient {
  query(query: PostgresQuery): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'notification', listener: (notification: { readonly payload?: string }) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'notification', listener: (notification: { readonly payload?: string }) => void): unknown;
  /** `true`: it is not to be used again. */
  release(destroy?: boolean): void;
}

export interface PostgresQuery {
  text: string;
  values?: unknown[];
  types?: { getTypeParser(type: number): (text: string) => unknown };
}

/** {@link PostgresStorage} with every default filled in. */
export interface ResolvedPostgresStorage {
  readonly kind: 'postgres';
  readonly url: string | null;
  readonly pool: PostgresPool | null;
  readonly schema: string;
  readonly container: string | null;
}

/** Fixed before any factory runs, so written beside the options, not in them. */
export interface HealthMonitorExtras {
  /** REST. Default `{ path: 'health-monitor' }`. */
  http?: false | { path?: string };
  /** Socket.IO. Default `{ namespace: '/health-monitor' }`. */
  socket?: false | { namespace?: string };
  /** The page. Default false. */
  dashboard?: false | { path?: string };
  /**
   * `GET metrics` under the path of REST, for Prometheus. `viewer`: with a token, as the other calls that read; `open`:
   * for anybody. Default `{ access: 'viewer' }`. OpenTelemetry gets the same metrics, also while REST is off. `false`:
   * nothing is measured.
   */
  metrics?: false | { access?: MetricsAccess };
  /**
   * Class decorators of the host, put on our controllers, the page's too: `[SetMetadata('isPublic', true)]` lets them
   * through its global guard. Default none.
   */
  decorators?: ClassDecorator[];
  /** Replaces our injectables: `[{ provide: RestartPolicy, useClass: Mine }]`. */
  overrides?: Provider[];
  isGlobal?: boolean;
}

type Complete<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** What is told of the machine, and how often it is read. */
export interface ResolvedHostOptions {
  readonly everyMs: number;
  readonly disk: { readonly freeShare: number; readonly freeBytes: number; readonly foretellMs: number };
  readonly memoryPressure: number;
  readonly clockOffMs: number;
}

/** How an engine is reached, with every default filled in. */
export interface ResolvedRuntime {
  readonly kind: EngineKind;
  readonly socketPath: string | null;
  readonly command: readonly string[];
  readonly timeoutMs: number;
  readonly ssh: string | null;
  readonly sshConfig: string | null;
  readonly tcp: string | null;
  readonly tls: {
    readonly ca: string | null;
    readonly cert: string | null;
    readonly key: string | null;
  } | null;
  readonly insecure: boolean;
}

/** Options with every default filled in; what the code reads. */
export interface ResolvedOptions {
  readonly nodeId: string;
  readonly mode: Mode;
  readonly watch: 'all' | 'apps';
  readonly preset: 'archipelago' | 'none';
  readonly runtime: ResolvedRuntime;
  readonly hosts: Readonly<Record<string, { readonly name: string; readonly runtime: ResolvedRuntime }>>;
  /** Of the options by which one host is watched: which. Left out, and `null`: the local one. */
  readonly ofHost?: string | null;
  readonly check: Complete<NonNullable<HealthMonitorOptions['check']>>;
  readonly restart: Complete<NonNullable<HealthMonitorOptions['restart']>>;
  readonly memory: Complete<NonNullable<HealthMonitorOptions['memory']>>;
  /** `null`: the machine is not watched. */
  readonly host: ResolvedHostOptions | null;
  readonly notifications: Complete<NonNullable<HealthMonitorOptions['notifications']>>;
  readonly recording: Complete<NonNullable<HealthMonitorOptions['recording']>>;
  readonly webhooks: Complete<NonNullable<HealthMonitorOptions['webhooks']>>;
  readonly access: Access | null;
  readonly storage:
    | { readonly kind: 'sqlite'; readonly path: string }
    | { readonly kind: 'memory' }
    | ResolvedPostgresStorage;
  readonly containers: Readonly<Record<string, ContainerRules>>;
  readonly externals: Readonly<Record<string, External>>;
}

/** Extras with every default filled in; `null` is what is switched off. */
export interface ResolvedExtras {
  /** Without slashes around it. */
  readonly http: { readonly path: string } | null;
  /** With one slash in front. */
  readonly socket: { readonly namespace: string } | null;
  /** Without slashes around it. Default: `dashboard` under the path of REST. */
  readonly dashboard: { readonly path: string } | null;
  /** `access`: of the call, which is there while REST is on. */
  readonly metrics: { readonly access: MetricsAccess } | null;
  readonly decorators: readonly ClassDecorator[];
  readonly overrides: readonly Provider[];
  readonly isGlobal: boolean;
}

/** Injection token of the {@link ResolvedOptions}. */
export const HEALTH_MONITOR_OPTIONS = Symbol('HEALTH_MONITOR_OPTIONS');
