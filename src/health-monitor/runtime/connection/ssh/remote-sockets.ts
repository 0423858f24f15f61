import { type RuntimeError } from '../../runtime-error.js';
import { shellArguments, type SshTarget } from './ssh-arguments.js';
import { SshProcess } from './ssh-process.js';
import { sshRefusal, unreachedBySsh } from './ssh-refusal.js';

/** `usable`: the user may speak there; `denied`: may not; `missing`: there is none. */
export interface RemoteSocket {
  readonly path: string;
  readonly state: 'usable' | 'denied' | 'missing';
}

/** What was found over there. */
export interface RemoteSockets {
  readonly uid: number;
  /** In the order in which they are to be tried. */
  readonly sockets: readonly RemoteSocket[];
}

/** What a shell says before it is in our hands may be anything. */
const MARK = 'engine-sockets:';

const LOOK = `
look() {
  state=missing
  if [ -S "$1" ]; then
    state=denied
    [ -r "$1" ] && [ -w "$1" ] && state=usable
  elif [ -d "\${1%/*}" ] && [ ! -x "\${1%/*}" ]; then
    state=denied
  fi
  echo "${MARK} $state $1"
}
echo "${MARK} uid $(id -u)"
`;

const USUAL_PLACES = `
run="\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"
look /run/podman/podman.sock
look "$run/podman/podman.sock"
look /var/run/docker.sock
look "$run/docker.sock"
`;

/**
 * Asks over there, by one call of `ssh`, which sockets of engines there are and may be used.
 *
 * @param path the only one that is looked at; `null`: the usual places
 * @throws RuntimeError of kind `outage`, with what to do
 */
export async function remoteSockets(
  target: SshTarget,
  path: string | null,
  signal: AbortSignal,
): Promise<RemoteSockets> {
  const process = new SshProcess(
    shellArguments(target),
    `${LOOK}${path === null ? USUAL_PLACES : `look '${path}'\n`}`,
  );
  const end = () => void process.end();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    const result = await process.finished();
    signal.throwIfAborted();
    const found = readFound(process.output);
    if (found !== null) return found;
    throw result === 255 || result === 127
      ? sshRefusal(target, process.lines, result)
      : unreachedBySsh(target, `this account runs no shell there (ended with ${result}). ${SAY_WHERE}`);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

const SAY_WHERE = "Say where the engine's socket is over there: runtime.socketPath.";

/** `null`: it did not come so far. Pure. */
export function readFound(output: string): RemoteSockets | null {
  const lines = output
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith(MARK) ? [line.slice(MARK.length).trim().split(' ')] : []));
  const uid = Number(lines.find(([word]) => word === 'uid')?.[1] ?? NaN);
  if (!Number.isInteger(uid)) return null;
  const sockets = lines.flatMap(([state, ...path]) =>
    state === 'usable' || state === 'denied' || state === 'missing'
      ? [{ state, path: path.join(' ') } as const]
      : [],
  );
  return { uid, sockets };
}

/** That none of the sockets can be used, what was tried, and what a person may do about it. Pure. */
export function noSocket(target: SshTarget, { uid, sockets }: RemoteSockets): RuntimeError {
  const tried = sockets.map(
    ({ path, state }) => `${path} (${state === 'denied' ? 'not allowed' : 'not there'})`,
  );
  return unreachedBySsh(
    target,
    `no engine's socket can be used there as the user with the id ${uid}: ${tried.join(', ')}. ` +
      remedies(uid, sockets).join(' '),
  );
}

function remedies(uid: number, sockets: readonly RemoteSocket[]): string[] {
  if (uid === 0)
    return ['Over there, `systemctl enable --now podman.socket`, or `systemctl enable --now docker`.'];
  const isDenied = sockets.some(({ state, path }) => state === 'denied' && path.endsWith('docker.sock'));
  return [
    'Over there, for containers of this user: `systemctl --user enable --now podman.socket` and `loginctl enable-linger`.',
    isDenied
      ? "For Docker's: `usermod -aG docker` with the user's name, as root, which makes that user root in all but name."
      : "For the system's: log in as root, as in ssh://root@….",
    'Elsewhere: runtime.socketPath.',
  ];
}
