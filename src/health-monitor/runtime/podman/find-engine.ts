import { type ContainerRuntime } from '../container-runtime.js';
import { RuntimeError } from '../runtime-error.js';
import { AutoPodmanRuntime } from './auto-podman.runtime.js';
import { PodmanApiRuntime } from './podman-api.runtime.js';
import { PodmanCliRuntime } from './podman-cli.runtime.js';

/** How to reach Podman; the `runtime` part of the module's options. */
export interface PodmanRuntimeOptions {
  readonly kind: 'auto' | 'podman' | 'podman-cli';
  /** `null`: the usual places. */
  readonly socketPath: string | null;
  /** Program and first arguments of the command line. */
  readonly command: readonly string[];
  /** Deadline of each reading call, milliseconds. */
  readonly timeoutMs: number;
}

const ROOTFUL_SOCKET = '/run/podman/podman.sock';
const DEFAULT_COMMAND = ['sudo', 'podman'];

/** What the search depends on; replaced in tests. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `null` where the system has no such thing. */
  readonly uid: number | null;
  readonly rootfulSocket: string;
}

/** One place where a Podman may be. */
export type Place =
  | { readonly kind: 'socket'; readonly socketPath: string }
  | { readonly kind: 'command'; readonly command: readonly string[] };

/** The runtime that the options ask for. It looks for its engine when it is first used, not before. */
export function createPodmanRuntime(
  options: PodmanRuntimeOptions,
  surroundings: Surroundings = theseSurroundings(),
): ContainerRuntime {
  const { timeoutMs, command } = options;
  if (options.kind === 'podman-cli') return new PodmanCliRuntime({ command, timeoutMs });
  return new AutoPodmanRuntime(() =>
    placesToLook(options, surroundings).map((place) =>
      place.kind === 'socket'
        ? new PodmanApiRuntime({ socketPath: place.socketPath, timeoutMs })
        : new PodmanCliRuntime({ command: place.command, timeoutMs }),
    ),
  );
}

/**
 * Where to look for Podman, in this order. What was said outright, by the option `socketPath` or by `CONTAINER_HOST`,
 * is the only place; else the system's socket, its command, the user's socket. `kind: 'podman'` never uses the command.
 *
 * @throws RuntimeError of kind `outage` when CONTAINER_HOST cannot be used.
 */
export function placesToLook(options: PodmanRuntimeOptions, surroundings: Surroundings): readonly Place[] {
  const { environment, uid, rootfulSocket } = surroundings;
  if (options.socketPath !== null) return [{ kind: 'socket', socketPath: options.socketPath }];
  const host = environment['CONTAINER_HOST'];
  if (host) return [{ kind: 'socket', socketPath: socketPathOf(host) }];

  const runtimeDirectory = environment['XDG_RUNTIME_DIR'] ?? (uid === null ? undefined : `/run/user/${uid}`);
  const rootful: Place = { kind: 'socket', socketPath: rootfulSocket };
  const command: Place = { kind: 'command', command: commandFor(options.command, uid) };
  return [
    rootful,
    ...(options.kind === 'auto' ? [command] : []),
    ...(uid !== 0 && runtimeDirectory !== undefined
      ? [{ kind: 'socket', socketPath: `${runtimeDirectory}/podman/podman.sock` } as const]
      : []),
  ];
}

function socketPathOf(containerHost: string): string {
  const [, path] = /^unix:\/\/(\/.+)$/.exec(containerHost) ?? [];
  if (path !== undefined) return path;
  throw new RuntimeError(
    'outage',
    'CONTAINER_HOST names an engine that is not on this host: only unix:///path/to/podman.sock can be used. ' +
      'Change or unset it, or set runtime.socketPath.',
  );
}

/** While only looking, nobody is asked for a password; and root needs no sudo. */
function commandFor(command: readonly string[], uid: number | null): readonly string[] {
  if (command.join(' ') !== DEFAULT_COMMAND.join(' ')) return command;
  return uid === 0 ? ['podman'] : ['sudo', '-n', 'podman'];
}

function theseSurroundings(): Surroundings {
  return { environment: process.env, uid: process.getuid?.() ?? null, rootfulSocket: ROOTFUL_SOCKET };
}
