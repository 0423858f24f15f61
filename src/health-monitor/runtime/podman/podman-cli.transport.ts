import { type EngineEvent, type EngineInfo, type Execution } from '../container.js';
import { Answer } from '../engine-api/answer.js';
import { type Asking } from '../engine-api/asking.js';
import {
  readContainerList,
  readInspectedContainer,
  type InspectedContainer,
  type ReportedMember,
} from './container.reader.js';
import { readEngineInfo } from './engine-info.js';
import { readCommandEvent } from './event.reader.js';
import { OUTPUT_KEPT_BYTES, readExecution } from '../engine-api/execution.js';
import { splitLog } from '../engine-api/log-lines.js';
import { PodmanCommand } from './podman-command.js';
import { type EngineUsage } from '../engine-api/memory-reader.js';
import { type PodmanTransport } from './podman-transport.js';
import { failedCommand, isOfEngine } from './remedies.js';
import { parseSize } from './size.js';
import { parseTimestamp } from '../engine-api/timestamp.js';

const TIMESTAMPED = /^(\d{4}-\d\d-\d\dT\S+) (.*)$/s;

/** What Podman has to say of the host before it does anything, as about control groups that it will not support. */
const WARNINGS_BEFORE = /^(?:time="[^"\n]*" level=warning [^\n]*\n)+/;

/** Asks Podman by running its command. */
export class PodmanCliTransport implements PodmanTransport {
  /** `commands`: runs what is to run in containers. What hangs there is no sign that Podman hangs. */
  constructor(
    private readonly command: PodmanCommand,
    private readonly commands = new PodmanCommand(command.words),
  ) {}

  async info(signal: AbortSignal): Promise<Omit<EngineInfo, 'warning'>> {
    const answer = await this.json(['info', '--format', 'json'], signal);
    return readEngineInfo(answer, 'podman-cli', this.command.words.join(' '));
  }

  async list(signal: AbortSignal): Promise<ReportedMember[]> {
    return readContainerList(
      await this.json(['ps', '--all', '--pod', '--no-trunc', '--format', 'json'], signal),
    );
  }

  async inspect(id: string, signal: AbortSignal): Promise<InspectedContainer> {
    const answer = await this.json(['inspect', '--type', 'container', '--', id], signal);
    const [container] = answer.items();
    if (!container) throw answer.not('a container');
    return readInspectedContainer(container);
  }

  async usage(signal: AbortSignal): Promise<EngineUsage[]> {
    const answer = await this.json(
      ['stats', '--all', '--no-stream', '--no-trunc', '--format', 'json'],
      signal,
    );
    return answer.items().map((stats) => {
      const [used = '', limit = '', ...more] = stats.at('mem_usage').string().split(' / ');
      if (more.length > 0) throw stats.at('mem_usage').not('two sizes');
      return { id: stats.at('id').string(), usedBytes: parseSize(used), limitBytes: parseSize(limit) };
    });
  }

  /** Both streams come in pipes of their own; their times tell in which order they were written. */
  async logs(id: string, lines: number, signal: AbortSignal): Promise<string[]> {
    const { stdout, stderr } = await this.command.run(
      ['logs', '--timestamps', '--tail', String(lines), '--', id],
      signal,
    );
    return [...splitLog(stdout), ...splitLog(stderr)]
      .flatMap((line) => {
        const [, time, text] = TIMESTAMPED.exec(line) ?? [];
        // What has no time was not written by the container: Podman's own warnings.
        return time === undefined || text === undefined ? [] : [{ time: parseTimestamp(time), text }];
      })
      .sort((a, b) => a.time - b.time)
      .map(({ text }) => text);
  }

  /**
   * Both streams come in pipes of their own, and nothing tells in which order they were written: errors are put last.
   * The command in the container goes on when this one is ended, and Podman has no command to end it.
   */
  async exec(id: string, command: readonly string[], signal: AbortSignal): Promise<Execution> {
    const words = ['exec', '--', id, ...command];
    const { stdout, stderr, code } = await this.commands.tail(words, OUTPUT_KEPT_BYTES, signal);
    const errors = stderr.toString('utf8').replace(WARNINGS_BEFORE, '');
    if (code === null || (code !== 0 && isOfEngine(errors))) throw failedCommand(this.command.words, errors);
    return readExecution(code, stdout, Buffer.from(errors));
  }

  /** The command does not say whether it had anything to do: so it is looked up first. */
  async start(id: string, { signal, before }: Asking): Promise<boolean> {
    const { container } = await this.inspect(id, signal);
    if (container.state === 'running') return false;
    before?.();
    await this.command.run(['start', '--', id], signal);
    return true;
  }

  async stop(id: string, timeoutSeconds: number, { signal, before }: Asking): Promise<boolean> {
    const { container } = await this.inspect(id, signal);
    if (container.state === 'exited' || container.state === 'stopped') return false;
    before?.();
    await this.command.run(['stop', '--time', String(timeoutSeconds), '--', id], signal);
    return true;
  }

  async restart(id: string, timeoutSeconds: number, { signal, before }: Asking): Promise<void> {
    before?.();
    await this.command.run(['restart', '--time', String(timeoutSeconds), '--', id], signal);
  }

  async events(since: string | null, signal: AbortSignal): Promise<AsyncIterable<EngineEvent>> {
    const from = since === null ? [] : ['--since', since];
    const lines = await this.command.lines(
      ['events', '--stream', '--format', 'json', '--filter', 'type=container', ...from],
      signal,
    );
    return readEvents(lines);
  }

  private async json(words: readonly string[], signal: AbortSignal): Promise<Answer> {
    const { stdout } = await this.command.run(words, signal);
    return Answer.parse(stdout, `The answer of podman ${words[0]}`);
  }
}

async function* readEvents(lines: AsyncIterable<string>): AsyncGenerator<EngineEvent, void, void> {
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const event = readCommandEvent(Answer.parse(line, 'An event'));
    if (event) yield event;
  }
}
