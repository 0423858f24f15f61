import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { RuntimeError } from '../../src/health-monitor/runtime/index.js';
import type { InMemoryRuntime } from '../../src/testing/index.js';

/** One call of a process to the engine. */
export interface EngineCall {
  /** As the process calls itself; `''`: it does not. */
  readonly from: string;
  readonly call: string;
  readonly args: readonly unknown[];
}

/** Lets other processes ask an engine that this one plays: it goes on, whatever happens to them. See `remote-runtime.mjs`. */
export class EngineServer {
  private readonly server = createServer((request, response) => {
    text(request)
      .then((body) => this.answer(JSON.parse(body) as EngineCall))
      .then((answer) => response.end(JSON.stringify(answer)))
      .catch(() => response.destroy());
  });

  private constructor(
    private readonly engine: InMemoryRuntime,
    private readonly heard: (call: EngineCall) => void,
  ) {}

  /** @param heard is told of each call before it is done */
  static async start(
    engine: InMemoryRuntime,
    heard: (call: EngineCall) => void = () => undefined,
  ): Promise<EngineServer> {
    const server = new EngineServer(engine, heard);
    server.server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(call: EngineCall): Promise<unknown> {
    this.heard(call);
    try {
      return { value: await this.engine[call.call as 'start'](...(call.args as [string])) };
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      return { error: { kind: error.kind, message: error.message } };
    }
  }
}
