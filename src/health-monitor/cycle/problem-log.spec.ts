import { describe, expect, it } from 'vitest';
import type { Message } from '../incidents/index.js';
import { NOTHING_KNOWN, type Fact, type Step } from '../step/index.js';
import { ProblemLog } from './problem-log.js';

const message = (type: Message['type'], level: Message['level'], title: string): Message => ({
  type,
  level,
  title,
  message: 'It says why.',
  container: 'lnd',
  incidentId: null,
  details: {},
});

describe("the server's log", () => {
  it('says in a line each what people are told of a container, and that it is over', () => {
    const lines: string[] = [];
    const log = new ProblemLog({
      log: (line: string) => lines.push(`log ${line}`),
      warn: (line: string) => lines.push(`warn ${line}`),
      error: (line: string) => lines.push(`error ${line}`),
    });
    const messages = [
      message('container.given_up', 'error', 'lnd was given up'),
      message('container.unhealthy', 'error', 'lnd is unhealthy'),
      message('container.crash_loop', 'warning', 'lnd keeps crashing'),
      message('container.recovered', 'info', 'lnd is healthy again'),
      message('engine.reachable', 'info', 'Podman answers again'),
      message('memory.leak', 'warning', 'lnd is leaking memory'),
    ];
    log.onStep(
      NOTHING_KNOWN,
      { kind: 'slept' } as Fact,
      { state: NOTHING_KNOWN, messages } as unknown as Step,
    );
    expect(lines).toEqual([
      'error lnd was given up. It says why.',
      'error lnd is unhealthy. It says why.',
      'warn lnd keeps crashing. It says why.',
      'log lnd is healthy again. It says why.',
      'log Podman answers again. It says why.',
    ]);
  });
});
