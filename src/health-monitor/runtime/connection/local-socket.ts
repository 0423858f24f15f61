import { connect, type Socket } from 'node:net';
import { unreachableSocket } from '../engine-api/unreachable.js';
import { RuntimeError } from '../runtime-error.js';
import { type EngineConnection } from './engine-connection.js';

/** A unix socket of this machine. */
export class LocalSocket implements EngineConnection {
  readonly isLocal = true;
  readonly authority = 'localhost';
  readonly warning = null;

  /**
   * @param engine for people
   * @param remedy what to do about a socket that cannot be used, from the code of the error
   */
  constructor(
    private readonly engine: string,
    readonly address: string,
    private readonly remedy: (code: string) => string,
  ) {}

  connect(): Promise<Socket> {
    return Promise.resolve(connect(this.address));
  }

  explain(cause: unknown): Promise<RuntimeError> {
    return Promise.resolve(
      cause instanceof RuntimeError
        ? cause
        : unreachableSocket(this.engine, this.address, cause, this.remedy),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
