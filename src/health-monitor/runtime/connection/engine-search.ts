import { tcpAddressFrom, isLoopback } from '../../../common/options/index.js';
import { RuntimeError } from '../runtime-error.js';
import { Backoff } from './backoff.js';
import { type EngineConnection } from './engine-connection.js';
import { noSocket, remoteSockets } from './ssh/remote-sockets.js';
import { type SshTarget } from './ssh/ssh-arguments.js';
import { SshTunnel } from './ssh/ssh-tunnel.js';
import { TcpConnection } from './tcp/tcp-connection.js';
import { type TlsFiles } from './tcp/tls-files.js';

/** How to reach an engine on another machine, from the `runtime` part of the module's options; `null`: not that way. */
export interface RemoteOptions {
  /** Which engines' sockets are looked for; `auto`: all. */
  readonly kind: string;
  /** As `ssh` takes it. */
  readonly ssh: string | null;
  readonly sshConfig: string | null;
  /** `https://nas:2376` */
  readonly tcp: string | null;
  readonly tls: TlsFiles | null;
  /** With `ssh`: over there. `null`: the usual places. */
  readonly socketPath: string | null;
}

/** Looks for the ways to an engine on another machine. */
export interface EngineSearch {
  /**
   * Those that can be tried, in that order; the same objects at each call.
   *
   * @throws RuntimeError of kind `outage` that says what was tried, and what to do
   */
  connections(): Promise<readonly EngineConnection[]>;
  /** Closes all but the one with this address. */
  keepOnly(address: string): Promise<void>;
  /** Closes them, and whatever is still looked for. */
  close(): Promise<void>;
}

/** `null`: the engine is on this machine. */
export function engineSearch(options: RemoteOptions): EngineSearch | null {
  const { kind, ssh, sshConfig, socketPath, tcp, tls } = options;
  if (ssh !== null) {
    const target = { destination: ssh, configFile: sshConfig };
    return socketPath === null ? new SshSearch(target, kind) : only(new SshTunnel(target, socketPath));
  }
  const place = tcp === null ? null : tcpAddressFrom(tcp);
  if (place === null) return null;
  const isExposed = !place.isTls && !isLoopback(place.host);
  return only(new TcpConnection(place, tls ?? { ca: null, cert: null, key: null }, isExposed));
}

function only(connection: EngineConnection): EngineSearch {
  return {
    connections: () => Promise.resolve([connection]),
    keepOnly: () => Promise.resolve(),
    close: () => connection.close(),
  };
}

const LOOKING_MS = 30_000;

/** Asks over SSH where the sockets are. */
class SshSearch implements EngineSearch {
  private readonly tunnels = new Map<string, SshTunnel>();
  private readonly backoff = new Backoff();
  private readonly closing = new AbortController();

  private looking: Promise<readonly EngineConnection[]> | null = null;

  constructor(
    private readonly target: SshTarget,
    private readonly kind: string,
  ) {}

  /** One look serves all who wait for it. */
  connections(): Promise<readonly EngineConnection[]> {
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
    return this.looking;
  }

  async keepOnly(address: string): Promise<void> {
    const others = [...this.tunnels].filter(([, tunnel]) => tunnel.address !== address);
    for (const [path] of others) this.tunnels.delete(path);
    await Promise.all(others.map(([, tunnel]) => tunnel.close()));
  }

  private async look(): Promise<readonly EngineConnection[]> {
    this.backoff.check();
    const paths = await this.usable().catch((error: unknown) => {
      throw this.failed(error);
    });
    this.backoff.succeeded();
    return paths.map((path) => this.tunnelTo(path));
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([...this.tunnels.values()].map((tunnel) => tunnel.close()));
  }

  private async usable(): Promise<readonly string[]> {
    const signal = AbortSignal.any([this.closing.signal, AbortSignal.timeout(LOOKING_MS)]);
    const { uid, sockets } = await remoteSockets(this.target, null, signal);
    const wanted = sockets.filter(({ path }) => this.kind === 'auto' || path.endsWith(`/${this.kind}.sock`));
    const paths = wanted.flatMap(({ state, path }) => (state === 'usable' ? [path] : []));
    if (paths.length === 0) throw noSocket(this.target, { uid, sockets: wanted });
    return paths;
  }

  private tunnelTo(path: string): SshTunnel {
    const known = this.tunnels.get(path);
    if (known) return known;
    const tunnel = new SshTunnel(this.target, path);
    this.tunnels.set(path, tunnel);
    return tunnel;
  }

  private failed(error: unknown): RuntimeError {
    const failure =
      error instanceof RuntimeError
        ? error
        : new RuntimeError(
            'outage',
            `SSH to ${this.target.destination}: no answer within ${LOOKING_MS / 1_000} s.`,
            {
              cause: error,
            },
          );
    this.backoff.failed(failure);
    return failure;
  }
}
