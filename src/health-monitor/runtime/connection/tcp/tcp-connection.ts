import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type TcpAddress } from '../../../../common/options/index.js';
import { RuntimeError } from '../../runtime-error.js';
import { type EngineConnection } from '../engine-connection.js';
import { unreachedByTcp } from './tcp-failure.js';
import { TlsContext, type TlsFiles } from './tls-files.js';

/** A stream of events may be silent for days: after so long it is asked whether the other end is still there. */
const ALIVE_AFTER_MS = 10_000;

/** An engine that listens on TCP: with TLS, or, where that is wanted or never leaves this machine, without. */
export class TcpConnection implements EngineConnection {
  readonly isLocal = false;
  readonly address: string;
  readonly authority: string;
  readonly warning: string | null;
  private readonly tls: TlsContext | null;
  private readonly open = new Set<Socket>();
  private isClosed = false;

  /** `isExposed`: it goes through a network as plain text. */
  constructor(
    private readonly place: TcpAddress,
    files: TlsFiles,
    isExposed: boolean,
  ) {
    const { host, port, isTls } = place;
    this.authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.address = `${isTls ? 'https' : 'http'}://${this.authority}`;
    this.tls = isTls ? new TlsContext(files) : null;
    this.warning = isExposed
      ? `${this.address} is asked without TLS (runtime.insecure): who is in between can read and change everything, and ` +
        'who reaches that port may be able to do what this monitor can.'
      : null;
  }

  async connect(signal: AbortSignal): Promise<Socket> {
    if (this.isClosed) throw new RuntimeError('aborted', `The connection to ${this.address} was closed.`);
    const { host, port } = this.place;
    const { tls } = this;
    if (tls === null) return this.connected(connect({ host, port }), 'connect', signal);
    const secureContext = await tls.current();
    const servername = isIP(host) === 0 ? host : '';
    const socket = connectTls({ host, port, servername, secureContext });
    return this.connected(socket, 'secureConnect', signal);
  }

  explain(cause: unknown): Promise<RuntimeError> {
    return Promise.resolve(unreachedByTcp(this.address, cause));
  }

  close(): Promise<void> {
    this.isClosed = true;
    for (const socket of this.open) socket.destroy();
    return Promise.resolve();
  }

  private connected(socket: Socket, sign: 'connect' | 'secureConnect', signal: AbortSignal): Promise<Socket> {
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    // Between two listeners nobody may hear of it, which would end the process.
    socket.on('error', () => undefined);
    socket.setKeepAlive(true, ALIVE_AFTER_MS);
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        signal.removeEventListener('abort', abort);
        socket.off('error', fail).off(sign, done);
        act();
      };
      const fail = (error: Error) => settle(() => reject(unreachedByTcp(this.address, error)));
      const done = () => settle(() => resolve(socket));
      const abort = () => socket.destroy(new Error('no longer wanted'));
      socket.once('error', fail).once(sign, done);
      signal.addEventListener('abort', abort);
      if (signal.aborted) abort();
    });
  }
}
