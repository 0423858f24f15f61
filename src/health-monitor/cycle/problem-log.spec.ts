import { describe, expect, it } from 'vitest';
import { aRecord } from '../../../test/support/situation.js';
import type { Message } from '../incidents/index.js';
import { NOTHING_KNOWN, POLICY_FAILED, type Fact, type Step } from '../step/index.js';
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
      message('memory.leak', 'warning', 'lnd is leaking memory'),
    ];
    log.onStep(
      NOTHING_KNOWN,
      { kind: 'slept' } as Fact,
      { state: NOTHING_KNOWN, events: [], messages, policyFailures: new Map() } as unknown as Step,
    );
    expect(lines).toEqual([
      'error lnd was given up. It says why.',
      'error lnd is unhealthy. It says why.',
      'warn lnd keeps crashing. It says why.',
      'log lnd is healthy again. It says why.',
    ]);
  });

  it('says at once that the engine does not answer, and that it does again, whatever people are told of it', () => {
    const lines: string[] = [];
    const log = new ProblemLog({
      log: (line: string) => lines.push(`log ${line}`),
      warn: (line: string) => lines.push(`warn ${line}`),
      error: (line: string) => lines.push(`error ${line}`),
    });
    const away = {
      ...NOTHING_KNOWN,
      engine: { ...NOTHING_KNOWN.engine, reachable: false, problem: 'Nothing listens.' },
    };
    const step = (state: Step['state'], changes: Partial<Step>): Step =>
      ({ state, events: [], messages: [], policyFailures: new Map(), ...changes }) as unknown as Step;
    const fact = { kind: 'slept' } as Fact;
    const at = '2026-01-01T00:00:00.000Z';
    log.onStep(NOTHING_KNOWN, fact, step(away, {}));
    log.onStep(away, fact, step(away, { messages: [message('engine.unreachable', 'error', 'It is away')] }));
    log.onStep(
      away,
      fact,
      step(NOTHING_KNOWN, {
        events: [{ type: 'engine.reachable', at, data: { reason: 'It was away for 1 minute.' } }],
        messages: [message('engine.reachable', 'info', 'It is back')],
      }),
    );
    expect(lines).toEqual([
      'error The engine does not answer. Nothing listens.',
      'log The engine answers again. It was away for 1 minute.',
    ]);
  });

  it('names a container for which the policy fails once, until the policy decides about it again', () => {
    const errors: string[] = [];
    const log = new ProblemLog({
      log: () => undefined,
      warn: () => undefined,
      error: (line: string) => errors.push(line),
    });
    const after = (failures: readonly (readonly [string, unknown])[], reason: string): void => {
      const decision = { ...POLICY_FAILED, reason, at: 0 };
      const state = { ...NOTHING_KNOWN, records: new Map([['lnd', aRecord({ decision })]]) };
      const step = { state, events: [], messages: [], policyFailures: new Map(failures) } as unknown as Step;
      log.onStep(NOTHING_KNOWN, { kind: 'slept' } as Fact, step);
    };
    const failed = [['lnd', new Error('Boom.')]] as const;
    after(failed, POLICY_FAILED.reason);
    after(failed, POLICY_FAILED.reason);
    after([], POLICY_FAILED.reason);
    after(failed, POLICY_FAILED.reason);
    expect(errors).toEqual(['The restart policy failed for lnd; it is left alone until that is mended.']);
    after([], 'All is well.');
    after(failed, POLICY_FAILED.reason);
    expect(errors).toHaveLength(2);
  });
});
