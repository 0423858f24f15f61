import { once } from 'node:events';
import {
  ContainerRuntime,
  RuntimeError,
  type CallOptions,
  type Container,
  type EngineEvent,
  type EngineEventAction,
  type EngineInfo,
  type EventOptions,
  type Health,
  type MemoryReading,
  type StopOptions,
} from '@archipelago/health-monitor';
import type { Toy, ToyEngine, ToyNews } from './toy-engine.js';

const READING_MS = 10_000;
const START_MS = 120_000;
const STOP_SLACK_MS = 30_000;
const LINE_LENGTH = 1_000;

/** Says in the monitor's words what a toy engine says in its own. */
export class ToyEngineRuntime extends ContainerRuntime {
  constructor(private readonly engine: ToyEngine) {
    super();
  }

  info({ signal }: CallOptions = {}): Promise<EngineInfo> {
    return answer(READING_MS, signal, () => ({
      kind: 'toys',
      version: '1.0',
      rootless: true,
      address: 'this process',
      tellsWhoStopped: 'flag',
      warning: null,
    }));
  }

  list({ signal }: CallOptions = {}): Promise<readonly Container[]> {
    return answer(READING_MS, signal, () => [...this.engine.toys.values()].map(toContainer));
  }

  inspect(id: string, { signal }: CallOptions = {}): Promise<Container> {
    return answer(READING_MS, signal, () => toContainer(this.find(id)));
  }

  memory({ signal }: CallOptions = {}): Promise<readonly MemoryReading[]> {
    return answer(READING_MS, signal, () =>
      [...this.engine.toys.values()]
        .filter(({ power }) => power === 'on')
        .map(({ id, name, onAt }) => ({
          id,
          name,
          startedAt: onAt,
          usedBytes: 1_000_000,
          limitBytes: null,
          figure: 'engine',
        })),
    );
  }

  logs(id: string, lines: number, { signal }: CallOptions = {}): Promise<readonly string[]> {
    return answer(READING_MS, signal, () => {
      const { output } = this.find(id);
      return output.slice(Math.max(0, output.length - lines)).map((line) => line.slice(0, LINE_LENGTH));
    });
  }

  start(id: string, { signal }: CallOptions = {}): Promise<'started' | 'already-running'> {
    return answer(START_MS, signal, () => {
      const toy = this.find(id);
      if (toy.power === 'on') return 'already-running';
      this.engine.switchOn(toy);
      return 'started';
    });
  }

  stop(id: string, { signal, timeoutMs }: StopOptions): Promise<'stopped' | 'already-stopped'> {
    return answer(timeoutMs + STOP_SLACK_MS, signal, () => {
      const toy = this.find(id);
      if (toy.power !== 'on') return 'already-stopped';
      this.engine.switchOff(toy);
      return 'stopped';
    });
  }

  restart(id: string, { signal, timeoutMs }: StopOptions): Promise<void> {
    return answer(timeoutMs + STOP_SLACK_MS, signal, () => {
      const toy = this.find(id);
      if (toy.power === 'on') this.engine.switchOff(toy);
      this.engine.switchOn(toy);
    });
  }

  async *events({ since, signal }: EventOptions): AsyncGenerator<EngineEvent> {
    const { news } = this.engine;
    const first = since === undefined ? -1 : news.findIndex(({ at }) => at >= since);
    for (let next = first === -1 ? news.length : first; !signal.aborted;) {
      const one = news[next];
      if (one === undefined) await once(this.engine, 'news', { signal }).catch(() => undefined);
      else yield (next++, toEvent(one));
    }
  }

  private find(id: string): Toy {
    const toy = this.engine.toys.get(id);
    if (!toy) throw new RuntimeError('not-found', `There is no toy with the id ${id}.`);
    return toy;
  }
}

function toContainer(toy: Toy): Container {
  const isOn = toy.power === 'on';
  const health: Health = toy.test === null ? 'none' : toy.test.passed ? 'healthy' : 'unhealthy';
  return {
    id: toy.id,
    name: toy.name,
    image: 'toy',
    state: isOn ? 'running' : toy.power === 'off' ? 'exited' : 'created',
    health: isOn ? health : 'none',
    exitCode: isOn ? 0 : toy.code,
    createdAt: toy.madeAt,
    startedAt: toy.onAt,
    exitedAt: toy.offAt,
    labels: toy.tags,
    autoRemove: false,
    pid: null,
    processVanished: false,
    restartPolicy: 'none',
    engineRestarts: 0,
    requires: [],
    stopTimeoutMs: 10_000,
    stoppedByUser: toy.switchedOff,
    oomKilled: false,
    healthCheck: toy.test && {
      intervalMs: 30_000,
      startPeriodMs: 0,
      onFailure: 'none',
      lastStatus: health,
      lastRunAt: toy.test.at,
      lastOutput: null,
    },
  };
}

const ACTIONS: Readonly<Record<ToyNews['what'], EngineEventAction>> = {
  made: 'created',
  on: 'started',
  off: 'died',
  switch: 'stopped',
  tested: 'health-checked',
};

function toEvent({ what, toy: { id, name }, at, code, passed }: ToyNews): EngineEvent {
  const health = passed === undefined ? null : passed ? 'healthy' : 'unhealthy';
  return { action: ACTIONS[what], id, name, at, exitCode: code ?? null, health };
}

/** What every call keeps to: a deadline, an end when it is no longer wanted, and no error but a `RuntimeError`. */
async function answer<T>(deadlineMs: number, signal: AbortSignal | undefined, work: () => T): Promise<T> {
  const aborted = new RuntimeError('aborted', 'The caller no longer waits for the answer.');
  const timeout = new RuntimeError('timeout', `No answer within ${deadlineMs / 1000} s.`);
  if (signal?.aborted) throw aborted;
  const gaveUp = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(aborted), { once: true });
    AbortSignal.timeout(deadlineMs).addEventListener('abort', () => reject(timeout), { once: true });
  });
  try {
    return await Promise.race([Promise.resolve().then(work), gaveUp]);
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    throw new RuntimeError('refused', cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
