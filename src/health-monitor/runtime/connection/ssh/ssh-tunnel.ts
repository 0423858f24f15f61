import { connect } from 'node:net';
import { type Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { RuntimeError } from '../../runtime-error.js';
import { Backoff } from '../backoff.js';
import { type EngineConnection } from '../engine-connection.js';
import { unlessAborted } from '../unless-aborted.js';
import { makePrivateFolder, socketIn, whyNoConnection } from './private-folder.js';
import { noSocket, remoteSockets } from './remote-sockets.js';
import { tunnelArguments, type Alive, type SshTarget } from './ssh-arguments.js';
import { SshProcess } from './ssh-process.js';
import { refusedToForward, sshRefusal, unreachedBySsh } from './ssh-refusal.js';

/** A peer that is silent for so long, though asked, is lost: 15 s. */
const ALIVE: Alive = { intervalSeconds: 5, count: 3 };
/** `ssh` bounds how long it connects; how long a server may think about who we are is bounded here. */
const OPEN_DEADLINE_MS = 30_000;
const LOOK_AGAIN_MS = 20;
/** What breaks a call is told by `ssh` at about the same time. */
const SAID_MS = 100;
const RECENT_MS = 2_000;
/** Lost sooner than this, it was no good: the next one has to wait. */
const LASTING_MS = 10_000;

interface Tunnel {
  readonly process: SshProcess;
  readonly socketPath: string;
}

/**
 * A socket of another machine, forwarded by the system's own `ssh`: one process for all calls. It is opened when it is
 * first needed, and again by the first call after it was lost, with growing pauses while that fails.
 */
export class SshTunnel implements EngineConnection {
  readonly isLocal = false;
  readonly authority = 'localhost';
  readonly warning = null;
  readonly address: string;
  private readonly logger = new Logger(SshTunnel.name);
  private readonly closing = new AbortController();
  private tunnel: Tunnel | null = null;
  private opening: Promise<Tunnel> | null = null;
  /** Why the latest one ended. */
  private lost: RuntimeError | null = null;

  constructor(
    private readonly target: SshTarget,
    private readonly remotePath: string,
    private readonly alive: Alive = ALIVE,
    private readonly backoff = new Backoff(),
  ) {
    this.address = `ssh://${target.destination.replace(/^ssh:\/\//, '')}${remotePath}`;
  }

  async connect(signal: AbortSignal): Promise<Duplex> {
    const { socketPath } = this.tunnel ?? (await this.openedFor(signal));
    const stream = connect(socketPath);
    // Between two listeners nobody may hear of it, which would end the process.
    stream.on('error', () => undefined);
    return stream;
  }

  async explain(cause: unknown): Promise<RuntimeError> {
    if (cause instanceof RuntimeError) return cause;
    const { tunnel } = this;
    if (tunnel) await Promise.race([tunnel.process.finished(), delay(SAID_MS)]);
    if (tunnel?.process.hasEnded) return this.whyEnded(tunnel.process);
    if (this.tunnel === null && this.lost !== null) return this.lost;
    if (tunnel?.process.linesOfLast(RECENT_MS).some(refusedToForward)) return this.whyNotForwarded();
    const words = cause instanceof Error ? cause.message : String(cause);
    return unreachedBySsh(this.target, `the connection to the engine broke (${words}).`, cause);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.opening?.catch(() => undefined);
    await this.tunnel?.process.end();
  }

  /** One attempt serves all who wait for it. */
  private openedFor(signal: AbortSignal): Promise<Tunnel> {
    if (this.closing.signal.aborted) throw new RuntimeError('aborted', 'The SSH tunnel was closed.');
    if (this.opening === null) {
      this.backoff.check();
      this.opening = this.open().finally(() => {
        this.opening = null;
      });
    }
    return unlessAborted(this.opening, 'Opening an SSH tunnel', signal);
  }

  private async open(): Promise<Tunnel> {
    try {
      const folder = await makePrivateFolder();
      const socketPath = socketIn(folder);
      const forward = { localPath: socketPath, remotePath: this.remotePath };
      const process = new SshProcess(tunnelArguments(this.target, forward, this.alive), '', folder);
      await this.untilItListens(process, socketPath);
      this.lost = null;
      this.tunnel = { process, socketPath };
      this.watch(this.tunnel);
      return this.tunnel;
    } catch (error) {
      const failure =
        error instanceof RuntimeError ? error : unreachedBySsh(this.target, `${String(error)}.`, error);
      this.backoff.failed(failure);
      throw failure;
    }
  }

  private async untilItListens(process: SshProcess, socketPath: string): Promise<void> {
    const deadline = performance.now() + OPEN_DEADLINE_MS;
    while ((await whyNoConnection(socketPath)) !== null) {
      if (process.hasEnded) throw await this.whyEnded(process);
      if (performance.now() > deadline || this.closing.signal.aborted) {
        await process.end();
        throw unreachedBySsh(
          this.target,
          `no connection within ${OPEN_DEADLINE_MS / 1_000} s. Try \`BY HAND\`.`,
        );
      }
      await delay(LOOK_AGAIN_MS);
    }
  }

  private watch(tunnel: Tunnel): void {
    const since = performance.now();
    void this.whyEnded(tunnel.process).then((why) => {
      this.tunnel = null;
      if (this.closing.signal.aborted) return;
      this.lost = why;
      this.logger.warn(`The connection was lost. ${this.lost.message}`);
      if (performance.now() - since < LASTING_MS) this.backoff.failed(this.lost);
      else this.backoff.succeeded();
    });
  }

  private async whyEnded(process: SshProcess): Promise<RuntimeError> {
    const result = await process.finished();
    return sshRefusal(this.target, process.lines, result);
  }

  /** The server says no more than that it did not connect; what may be behind that is looked at. */
  private async whyNotForwarded(): Promise<RuntimeError> {
    const { target, remotePath } = this;
    try {
      const found = await remoteSockets(target, remotePath, AbortSignal.timeout(OPEN_DEADLINE_MS));
      if (found.sockets.every(({ state }) => state !== 'usable')) return noSocket(target, found);
    } catch {
      // An account without a shell. It was let in, so what follows is what there is to say.
    }
    return unreachedBySsh(
      target,
      `its server does not connect us to ${remotePath}. Nothing may listen there, or the server forbids it: ` +
        'AllowStreamLocalForwarding and AllowTcpForwarding in /etc/ssh/sshd_config there must not be `no`, and the key in ' +
        'authorized_keys needs `port-forwarding` beside `restrict`.',
    );
  }
}
