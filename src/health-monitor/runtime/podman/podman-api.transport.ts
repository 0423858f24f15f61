import { type EngineConnection } from '../connection/engine-connection.js';
import { type EngineEvent, type EngineInfo, type Execution } from '../container.js';
import { clockAhead } from '../engine-clock.js';
import { RuntimeError } from '../runtime-error.js';
import { Answer } from '../engine-api/answer.js';
import { type Asking } from '../engine-api/asking.js';
import {
  readContainerList,
  readInspectedContainer,
  type InspectedContainer,
  type ReportedMember,
} from './container.reader.js';
import { readEngineInfo } from './engine-info.js';
import { readApiEvent } from './event.reader.js';
import { type EngineSocket } from '../engine-api/engine-socket.js';
import { withoutReach } from '../engine-api/reach.reader.js';
import { ExecSession } from '../engine-api/exec-session.js';
import { type HostProcesses } from '../engine-api/host-processes.js';
import { textOfLogFrames } from '../engine-api/log-frames.js';
import { splitLog } from '../engine-api/log-lines.js';
import { podmanSocket, refusal } from './podman-socket.js';
import { type EngineUsage } from '../engine-api/memory-reader.js';
import { type PodmanTransport } from './podman-transport.js';

const AN_EVENT = 'An event';
const EXEC_WAYS = { canRemove: true, showsWhetherRun: false };

/** Asks Podman's API service. */
export class PodmanApiTransport implements PodmanTransport {
  private readonly socket: EngineSocket;

  constructor(
    private readonly connection: EngineConnection,
    private readonly processes: HostProcesses,
  ) {
    this.socket = podmanSocket(connection);
  }

  async info(signal: AbortSignal): Promise<Omit<EngineInfo, 'warning'>> {
    const from = Date.now();
    const answer = await this.socket.send('GET', '/info', {}, signal);
    const told = Date.parse(answer.headers.date ?? '');
    const ahead = Number.isNaN(told) ? {} : clockAhead(told, 1_000, { from, to: Date.now() });
    const body = await this.socket.readBody('/info', answer, signal);
    const info = Answer.parse(body.toString('utf8'), this.socket.answerTo('/info'));
    return { ...readEngineInfo(info, 'podman', this.connection.address), ...ahead };
  }

  async list(signal: AbortSignal): Promise<ReportedMember[]> {
    return readContainerList(await this.socket.get('/containers/json', { all: true }, signal));
  }

  async inspect(id: string, signal: AbortSignal): Promise<InspectedContainer> {
    const inspected = readInspectedContainer(await this.socket.get(`/containers/${id}/json`, {}, signal));
    return this.connection.isLocal
      ? inspected
      : { ...inspected, container: withoutReach(inspected.container) };
  }

  async usage(signal: AbortSignal): Promise<EngineUsage[]> {
    const answer = await this.socket.get('/containers/stats', { stream: false }, signal);
    if (!answer.at('Error').isAbsent)
      throw new RuntimeError('refused', 'Reading memory: Podman could not read it.');
    return answer
      .at('Stats')
      .items()
      .map((stats) => ({
        id: stats.at('ContainerID').string(),
        usedBytes: stats.at('MemUsage').number(),
        limitBytes: stats.at('MemLimit').number(),
      }));
  }

  async logs(id: string, lines: number, signal: AbortSignal): Promise<string[]> {
    const path = `/containers/${id}/logs`;
    const body = await this.socket.bytes(path, { stdout: true, stderr: true, tail: lines }, signal);
    return splitLog(textOfLogFrames(body));
  }

  exec(id: string, command: readonly string[], signal: AbortSignal): Promise<Execution> {
    return new ExecSession(id, this.socket, this.processes, EXEC_WAYS).run(command, signal);
  }

  start(id: string, when: Asking): Promise<boolean> {
    return this.socket.act(`/containers/${id}/start`, {}, when);
  }

  stop(id: string, timeoutSeconds: number, when: Asking): Promise<boolean> {
    return this.socket.act(`/containers/${id}/stop`, { timeout: timeoutSeconds }, when);
  }

  /** Without `timeout`, Podman would kill it at once. */
  async restart(id: string, timeoutSeconds: number, when: Asking): Promise<void> {
    await this.socket.act(`/containers/${id}/restart`, { timeout: timeoutSeconds }, when);
  }

  async events(since: string | null, signal: AbortSignal): Promise<AsyncIterable<EngineEvent>> {
    const query = {
      stream: true,
      filters: JSON.stringify({ type: ['container'] }),
      ...(since === null ? {} : { since }),
    };
    return readEvents(await this.socket.lines('/events', query, AN_EVENT, signal));
  }
}

async function* readEvents(lines: AsyncIterable<string>): AsyncGenerator<EngineEvent, void, void> {
  for await (const line of lines) {
    const answer = Answer.parse(line, AN_EVENT).record();
    // Podman 4 tells of an error in the middle of a stream that began well.
    if (!answer.at('response').isAbsent) throw refusal(answer.at('response').number(), line, '/events');
    const event = readApiEvent(answer);
    if (event) yield event;
  }
}
