import { AutoRuntime, type Candidate } from './auto.runtime.js';
import { type EngineConnection, type ReachedBy } from './connection/engine-connection.js';
import { engineSearch, type EngineSearch, type RemoteOptions } from './connection/engine-search.js';
import { type ContainerRuntime } from './container-runtime.js';
import { DockerRuntime } from './docker/docker.runtime.js';
import { localDocker } from './docker/docker-socket.js';
import { withDeadline } from './engine-api/deadline.js';
import { engineBehind } from './engine-api/ping.js';
import { PodmanApiRuntime } from './podman/podman-api.runtime.js';
import { PodmanCliRuntime } from './podman/podman-cli.runtime.js';
import { RuntimeError } from './runtime-error.js';

/** How to reach an engine; the `runtime` part of the module's options. */
export interface EngineOptions extends RemoteOptions {
  readonly kind: 'auto' | 'podman' | 'podman-cli' | 'docker';
  /** Program and first arguments of Podman's command line. */
  readonly command: readonly string[];
  /** Deadline of each reading call, milliseconds. */
  readonly timeoutMs: number;
  /** Whose engine it is, for the log: its name in `hosts` of the options. Default: the local host's. */
  readonly host?: string | undefined;
}

const PODMAN_SOCKET = '/run/podman/podman.sock';
const DOCKER_SOCKET = '/var/run/docker.sock';
const DEFAULT_COMMAND = ['sudo', 'podman'];

/** What the search depends on; replaced in tests. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `null` where the system has no such thing. */
  readonly uid: number | null;
  readonly rootfulSocket: string;
  readonly dockerSocket: string;
}

/** One place where an engine may be. */
export type Place =
  | {
      readonly kind: 'socket';
      readonly socketPath: string;
      /** Whose it is; `either`: that is to be asked. */
      readonly engine: 'podman' | 'either';
    }
  | { readonly kind: 'command'; readonly command: readonly string[] };

/** Where to look, for each engine in its own order. */
export interface Places {
  readonly podman: () => readonly Place[];
  readonly docker: () => readonly Place[];
}

/**
 * The runtime that the options ask for. It looks for its engine when it is first used, not before.
 *
 * @param knownIds ids of containers that were watched before, by which their engine is known again. Default: none
 */
export function createEngineRuntime(
  options: EngineOptions,
  knownIds: () => Promise<ReadonlySet<string>> = () => Promise.resolve(new Set()),
  surroundings: Surroundings = theseSurroundings(),
): ContainerRuntime {
  const { timeoutMs, command } = options;
  if (options.kind === 'podman-cli') return new PodmanCliRuntime({ command, timeoutMs });
  const search = engineSearch(options);
  if (search !== null) return elsewhere(search, options, knownIds);
  const places = placesToLook(options, surroundings);
  const candidates = (look: () => readonly Place[]) => () =>
    look().map((place) => candidateAt(place, timeoutMs));
  return new AutoRuntime(
    { podman: candidates(places.podman), docker: candidates(places.docker) },
    { knownIds, engine: nameOf(options.kind), host: options.host },
  );
}

/** The engine of another machine. A connection may be to either, but for one to a socket with Podman's name. */
function elsewhere(
  search: EngineSearch,
  { kind, timeoutMs, host }: EngineOptions,
  knownIds: () => Promise<ReadonlySet<string>>,
): ContainerRuntime {
  const candidates =
    (isWanted: (connection: EngineConnection) => boolean, engine: 'podman' | 'either') => async () =>
      (await search.connections())
        .filter(isWanted)
        .map((connection) => candidateBehind(connection, engine, timeoutMs));
  const isPodmans = ({ address }: EngineConnection) => kind === 'podman' || address.endsWith('/podman.sock');
  return new AutoRuntime(
    {
      podman: candidates(isPodmans, 'podman'),
      docker: candidates((connection) => !isPodmans(connection), 'either'),
    },
    {
      knownIds,
      engine: nameOf(kind),
      host,
      onChosen: ({ address }) => search.keepOnly(address),
      disconnect: () => search.close(),
    },
  );
}

const nameOf = (kind: EngineOptions['kind']): string =>
  kind === 'auto' ? 'The container engine' : kind === 'docker' ? 'Docker' : 'Podman';

function candidateAt(place: Place, timeoutMs: number): Candidate {
  if (place.kind === 'command')
    return () => Promise.resolve(new PodmanCliRuntime({ command: place.command, timeoutMs }));
  const { socketPath, engine } = place;
  return candidateBehind(localDocker(socketPath, 'The engine'), engine, timeoutMs, { socketPath });
}

/** `reachedBy`: how the runtime is told of it, whichever engine it is. */
function candidateBehind(
  connection: EngineConnection,
  engine: 'podman' | 'either',
  timeoutMs: number,
  reachedBy: ReachedBy = { connection },
): Candidate {
  const podman = () => new PodmanApiRuntime({ ...reachedBy, timeoutMs });
  const behind = () =>
    withDeadline('Reaching the engine', timeoutMs, undefined, (signal) => engineBehind(connection, signal));
  if (engine === 'podman')
    return async () => {
      // A mistaken address is the likelier the farther it is.
      if (!connection.isLocal) await behind();
      return podman();
    };
  return async () =>
    (await behind()) === 'podman' ? podman() : new DockerRuntime({ ...reachedBy, timeoutMs });
}

/**
 * Where to look for engines. What was said outright, by the option `socketPath` or by `CONTAINER_HOST`, is the only place;
 * else, for Podman, the system's socket, its command, the user's socket, and for Docker `DOCKER_HOST`, or the system's
 * socket and the user's. `kind: 'podman'` never uses the command.
 */
export function placesToLook(options: EngineOptions, surroundings: Surroundings): Places {
  const { kind, socketPath } = options;
  const { environment } = surroundings;
  const nowhere = () => [];
  const podman = () => podmanPlaces(options, surroundings);
  const docker = () => dockerPlaces(surroundings);
  if (socketPath !== null) {
    const told = (): readonly Place[] => [
      { kind: 'socket', socketPath, engine: kind === 'podman' ? 'podman' : 'either' },
    ];
    return kind === 'podman' ? { podman: told, docker: nowhere } : { podman: nowhere, docker: told };
  }
  if (kind === 'podman' || (kind === 'auto' && environment['CONTAINER_HOST']))
    return { podman, docker: nowhere };
  return { podman: kind === 'docker' ? nowhere : podman, docker };
}

/** @throws RuntimeError of kind `outage` when CONTAINER_HOST cannot be used */
function podmanPlaces(options: EngineOptions, surroundings: Surroundings): readonly Place[] {
  const { environment, uid, rootfulSocket } = surroundings;
  const host = environment['CONTAINER_HOST'];
  if (host)
    return [{ kind: 'socket', socketPath: socketPathOf(host, 'CONTAINER_HOST', 'podman'), engine: 'podman' }];
  const folder = runtimeFolder(surroundings);
  return [
    { kind: 'socket', socketPath: rootfulSocket, engine: 'podman' },
    ...(options.kind === 'auto'
      ? [{ kind: 'command', command: commandFor(options.command, uid) } as const]
      : []),
    ...(folder === null
      ? []
      : [{ kind: 'socket', socketPath: `${folder}/podman/podman.sock`, engine: 'podman' } as const]),
  ];
}

/** @throws RuntimeError of kind `outage` when DOCKER_HOST cannot be used */
function dockerPlaces(surroundings: Surroundings): readonly Place[] {
  const host = surroundings.environment['DOCKER_HOST'];
  const folder = runtimeFolder(surroundings);
  const paths = host
    ? [socketPathOf(host, 'DOCKER_HOST', 'docker')]
    : [surroundings.dockerSocket, ...(folder === null ? [] : [`${folder}/docker.sock`])];
  return paths.map((socketPath) => ({ kind: 'socket', socketPath, engine: 'either' }));
}

/** Where the sockets of this user are; `null`: root's are the system's. */
function runtimeFolder({ environment, uid }: Surroundings): string | null {
  if (uid === 0) return null;
  return environment['XDG_RUNTIME_DIR'] ?? (uid === null ? null : `/run/user/${uid}`);
}

function socketPathOf(host: string, variable: string, socket: string): string {
  const [, path] = /^unix:\/\/(\/.+)$/.exec(host) ?? [];
  if (path !== undefined) return path;
  throw new RuntimeError(
    'outage',
    `${variable} names an engine that is not on this host: only unix:///path/to/${socket}.sock can be used there. ` +
      'Change or unset it, or set runtime.socketPath; an engine on another host is named by runtime.ssh or runtime.tcp.',
  );
}

/** While only looking, nobody is asked for a password; and root needs no sudo. */
function commandFor(command: readonly string[], uid: number | null): readonly string[] {
  if (command.join(' ') !== DEFAULT_COMMAND.join(' ')) return command;
  return uid === 0 ? ['podman'] : ['sudo', '-n', 'podman'];
}

function theseSurroundings(): Surroundings {
  return {
    environment: process.env,
    uid: process.getuid?.() ?? null,
    rootfulSocket: PODMAN_SOCKET,
    dockerSocket: DOCKER_SOCKET,
  };
}
