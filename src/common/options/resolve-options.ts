import { hostname } from 'node:os';
import { isRecord } from './expectation.decorators.js';
import { externalProblems } from './external-problems.js';
import { inheritedKeyProblems } from './inherited-keys.js';
import { optionProblems, pathTo } from './option-problems.js';
import { HealthMonitorOptionsError } from './options.error.js';
import { ExtrasSchema, OptionsSchema } from './options.schema.js';
import { dashboardConflict, trimSlashes } from './paths.js';
import { credentialsProblems, probeProblems } from './probe-problems.js';
import { referenceProblems } from './reference-problems.js';
import { runtimeProblems } from './runtime-problems.js';
import { socketPathFrom } from './socket-path.js';
import type {
  HealthMonitorExtras,
  HealthMonitorOptions,
  ResolvedExtras,
  ResolvedHostOptions,
  ResolvedOptions,
  ResolvedPostgresStorage,
  RuntimeOptions,
} from './options.js';
import { postgresProblems } from './postgres-place.js';
import { unreachableEndpoints } from './unreachable-endpoints.js';

const SQLITE = { kind: 'sqlite', path: './data/health-monitor.db' } as const;

/** What counts where the host writes nothing; `nodeId` is the host's name, and `access` has no default. */
export const DEFAULT_OPTIONS: Omit<ResolvedOptions, 'nodeId' | 'access' | 'host'> & {
  readonly host: ResolvedHostOptions;
} = deepFreeze({
  mode: 'heal',
  watch: 'all',
  preset: 'archipelago',
  runtime: {
    kind: 'auto',
    socketPath: null,
    command: ['sudo', 'podman'],
    timeoutMs: 10_000,
    ssh: null,
    sshConfig: null,
    tcp: null,
    tls: null,
    insecure: false,
  },
  hosts: {},
  check: { intervalMs: 60_000, startupDelayMs: 120_000, events: true },
  restart: {
    maxAttempts: 3,
    backoffMs: [10_000, 30_000, 90_000],
    stableAfterMs: 600_000,
    rearmAfterMs: 3_600_000,
    adoptStopped: false,
    tierSettleMs: 5_000,
    maxConcurrent: 2,
    on: 'auto',
    unhealthy: 'restart',
    unhealthyForMs: 60_000,
    engineGraceMs: 10_000,
  },
  memory: { intervalMs: 300_000, windowSamples: 288, rule: 'trend', growthPercent: 50 },
  host: {
    everyMs: 60_000,
    disk: { freeShare: 0.1, freeBytes: 5 * 1024 ** 3, foretellMs: 259_200_000 },
    memoryPressure: 0.1,
    clockOffMs: 300_000,
  },
  notifications: { keep: 20 },
  recording: { keepBytes: 1_000_000 },
  webhooks: { endpoints: [], egress: 'lan', allowCidrs: [], denyCidrs: [] },
  storage: SQLITE,
  containers: {},
  externals: {},
});

/**
 * Checks what the host wrote and fills in the defaults. The host's object is copied, never changed, and the result is
 * frozen, but for `access`, which is the host's own object.
 *
 * @param input what the host wrote; `undefined` counts as `{}`
 * @param extras decide whether `access` may be left out
 * @throws HealthMonitorOptionsError with every problem at once
 */
export function resolveOptions(input: unknown, extras: HealthMonitorExtras = {}): ResolvedOptions {
  const written = (input ?? {}) as HealthMonitorOptions;
  refuse([
    ...optionProblems(OptionsSchema, input === undefined ? {} : input),
    ...inheritedKeyProblems(input),
    ...contradictions(written, extras),
  ]);
  // A pool is the host's own object, too, and cannot be copied.
  const { access, nodeId, storage, ...rest } = written;
  const { runtime, hosts, check, restart, memory, host, notifications, recording, webhooks, ...plain } =
    structuredClone(rest);
  const resolved = deepFreeze({
    ...filledIn(DEFAULT_OPTIONS, plain),
    nodeId: nodeId ?? hostname(),
    runtime: resolvedRuntime(runtime),
    hosts: Object.fromEntries(
      Object.entries(hosts ?? {}).map(([host, { name, runtime: reached }]) => [
        host,
        { name: name ?? host, runtime: resolvedRuntime(reached) },
      ]),
    ),
    check: filledIn(DEFAULT_OPTIONS.check, check),
    restart: filledIn(DEFAULT_OPTIONS.restart, restart),
    memory: filledIn(DEFAULT_OPTIONS.memory, memory),
    host: resolveHost(host),
    notifications: filledIn(DEFAULT_OPTIONS.notifications, notifications),
    recording: filledIn(DEFAULT_OPTIONS.recording, recording),
    webhooks: filledIn(DEFAULT_OPTIONS.webhooks, webhooks),
  });
  return Object.freeze({ ...resolved, storage: resolvedStorage(storage), access: access ?? null });
}

/**
 * Checks what is fixed before any factory runs, and fills in the defaults. `null` is what is switched off. Paths come
 * without slashes around them, the namespace with one in front.
 *
 * @throws HealthMonitorOptionsError with every problem at once
 */
export function resolveExtras(extras: HealthMonitorExtras = {}): ResolvedExtras {
  const isSwitchedOff = ([key, value]: [string, unknown]): boolean =>
    value === false && SWITCHES.includes(key);
  const switchedOn = Object.fromEntries(Object.entries(extras).filter((entry) => !isSwitchedOff(entry)));
  const { http, socket, dashboard, metrics, decorators = [], overrides = [], isGlobal = false } = extras;
  refuse([
    ...optionProblems(ExtrasSchema, switchedOn),
    ...inheritedKeyProblems({ http, socket, dashboard, metrics }),
    ...(dashboard && (http === false || socket === false)
      ? ['dashboard: expected REST and the socket to be on, since it lives on them']
      : []),
    ...(metrics && http === false ? ['metrics: expected REST to be on, since they are under its path'] : []),
  ]);
  const httpPath = trimSlashes(http === false ? '' : (http?.path ?? 'health-monitor'));
  const page = dashboard ? trimSlashes(dashboard.path ?? `${httpPath}/dashboard`) : null;
  const conflict = page === null ? null : dashboardConflict(page, httpPath);
  if (conflict !== null) refuse([`dashboard.path: ${conflict}`]);
  return Object.freeze({
    http: http === false ? null : { path: httpPath },
    socket: socket === false ? null : { namespace: `/${trimSlashes(socket?.namespace ?? 'health-monitor')}` },
    dashboard: page === null ? null : { path: page },
    metrics: metrics === false ? null : { access: metrics?.access ?? 'viewer' },
    decorators: [...decorators],
    overrides: [...overrides],
    isGlobal,
  });
}

const SWITCHES: readonly string[] = ['http', 'socket', 'dashboard', 'metrics'];

/** What is wrong between options that are each well written. Says nothing of those that are not. */
function contradictions(options: HealthMonitorOptions, extras: HealthMonitorExtras): string[] {
  return [
    ...missingAccess(options, extras),
    ...doubleEndpoints(options),
    ...unreachableEndpoints(options.webhooks),
    ...referenceProblems(options.containers, options.hosts),
    ...wrongProbes(options),
    ...externalProblems(options.externals),
    ...runtimeProblems(options.runtime),
    ...runtimesOfHosts(options),
    ...postgresProblems(options.storage),
  ];
}

function missingAccess({ access }: HealthMonitorOptions, { http, socket }: HealthMonitorExtras): string[] {
  const doors = [
    http === false ? [] : ['REST (http)'],
    socket === false ? [] : ['the socket (socket)'],
  ].flat();
  if (access !== undefined || doors.length === 0) return [];
  return [
    `access: missing, and ${doors.join(' and ')} would be open to everybody. Write ` +
      "access: { authenticate: (handshake) => ({ id: 'me', role: 'operator' }) or null }, " +
      "or access: 'open' if everybody who can reach it may also act, or turn it off: http: false, socket: false",
  ];
}

function doubleEndpoints({ webhooks }: HealthMonitorOptions): string[] {
  const endpoints: unknown = webhooks?.endpoints;
  if (!Array.isArray(endpoints)) return [];
  const ids = endpoints.map((endpoint: unknown) => (isRecord(endpoint) ? endpoint.id : undefined));
  return ids.flatMap((id, index) =>
    typeof id === 'string' && ids.indexOf(id) < index
      ? [
          `webhooks.endpoints[${index}].id: expected an id of its own; endpoint [${ids.indexOf(id)}] has the same`,
        ]
      : [],
  );
}

function runtimesOfHosts({ hosts }: HealthMonitorOptions): string[] {
  if (!isRecord(hosts)) return [];
  return Object.entries(hosts as Record<string, unknown>).flatMap(([host, written]) => {
    const path = `${pathTo('hosts', host)}.runtime`;
    const runtime: unknown = isRecord(written) ? written.runtime : undefined;
    return [...placeless(runtime, path), ...runtimeProblems(runtime, path)];
  });
}

/** Without a place of its own, it would be the engine of this machine once more. */
function placeless(runtime: unknown, path: string): string[] {
  const isPlaced = isRecord(runtime) && PLACES.some((place) => runtime[place] !== undefined);
  return isPlaced ? [] : [`${path}: expected where its engine is, by one of ${PLACES.join(', ')}`];
}

const PLACES = ['ssh', 'tcp', 'socketPath', 'command'] as const satisfies readonly (keyof RuntimeOptions)[];

function wrongProbes({ containers }: HealthMonitorOptions): string[] {
  if (!isRecord(containers)) return [];
  return Object.entries(containers as Record<string, unknown>).flatMap(([name, rules]) => {
    const probe: unknown = isRecord(rules) ? rules.probe : undefined;
    const path = pathTo('containers', name);
    const own = Array.isArray(probe)
      ? probe.flatMap((one: unknown, index) => probeProblems(one, `${path}.probe[${index}]`))
      : probeProblems(probe, `${path}.probe`);
    const credentials: unknown = isRecord(rules) ? rules.credentials : undefined;
    if (credentials === undefined) return own;
    if (probe !== undefined)
      return [...own, `${path}.credentials: expected within the probe, where one is written`];
    return [...own, ...credentialsProblems(credentials, `${path}.credentials`)];
  });
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new HealthMonitorOptionsError(problems);
}

type Given<T> = { readonly [K in keyof T]?: unknown };

/** The defaults with what was written in their place. A key written as `undefined` was not written. */
function filledIn<T extends object>(defaults: T, written: Given<T> = {}): T {
  return {
    ...defaults,
    ...Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)),
  };
}

function resolveHost(host: HealthMonitorOptions['host'] = {}): ResolvedHostOptions | null {
  if (host === false) return null;
  const disk = filledIn(DEFAULT_OPTIONS.host.disk, host.disk);
  return { ...filledIn(DEFAULT_OPTIONS.host, host), disk };
}

const resolvedRuntime = (written: RuntimeOptions | undefined): ResolvedOptions['runtime'] =>
  filledIn(DEFAULT_OPTIONS.runtime, plainRuntime(written));

function plainRuntime(runtime: RuntimeOptions = {}): Given<ResolvedOptions['runtime']> {
  const { socketPath, tls } = runtime;
  return {
    ...runtime,
    ...(socketPath !== undefined && { socketPath: socketPathFrom(socketPath) }),
    ...(tls !== undefined && { tls: filledIn({ ca: null, cert: null, key: null }, tls) }),
  };
}

const POSTGRES = {
  kind: 'postgres',
  url: null,
  pool: null,
  schema: 'health_monitor',
  container: null,
} as const;

function resolvedStorage(storage: HealthMonitorOptions['storage']): ResolvedOptions['storage'] {
  if (storage?.kind === 'postgres')
    return Object.freeze(filledIn<ResolvedPostgresStorage>(POSTGRES, storage));
  if (storage?.kind === 'memory') return Object.freeze({ kind: 'memory' });
  return Object.freeze(filledIn(SQLITE, storage));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
