import type { Logger } from '@nestjs/common';
import { stackOf } from '../../common/text/index.js';
import type { Message } from '../incidents/index.js';
import { POLICY_FAILED, type Fact, type MonitorState, type Step } from '../step/index.js';

/** Leaks and the store have lines of their own, and so has the engine's coming and going. */
const LOGGED_OTHERWISE: ReadonlySet<Message['type']> = new Set([
  'memory.leak',
  'memory.leak_urgent',
  'memory.leak_cleared',
  'engine.unreachable',
  'engine.reachable',
  'monitor.check_failed',
  'store.degraded',
  'store.recovered',
  'webhook.disabled',
]);

/** Writes to the server's log what is wrong, and that it is over, each thing once. */
export class ProblemLog {
  private readonly logged = new Set<string>();
  private readonly policyFailsFor = new Set<string>();
  private eventsBroken = false;

  constructor(private readonly logger: Pick<Logger, 'log' | 'warn' | 'error'>) {}

  onStep(before: MonitorState, fact: Fact, { state, events, messages, policyFailures }: Step): void {
    const { engine, topology } = state;
    messages.filter(({ type }) => !LOGGED_OTHERWISE.has(type)).forEach((message) => this.logMessage(message));
    if (fact.kind === 'memory-changed')
      for (const { container, trend } of fact.changes) this.logger.warn(`${container}: ${trend.reason}`);
    if (engine.reachable === false && before.engine.reachable !== false)
      this.logger.error(`The engine does not answer. ${engine.problem}`);
    for (const event of events)
      if (event.type === 'engine.reachable')
        this.logger.log(`The engine answers again. ${event.data.reason}`);
    if (fact.kind === 'checked' && fact.observation.engine.warning !== null)
      this.warnOnce(fact.observation.engine.warning);
    if (topology !== before.topology) topology?.problems.forEach((problem) => this.warnOnce(problem));
    this.logPolicyFailures(policyFailures, state);
  }

  /** Once until the policy decides about that container again. */
  private logPolicyFailures(failures: Step['policyFailures'], { records }: MonitorState): void {
    for (const [name, error] of failures) {
      if (!this.policyFailsFor.has(name))
        this.logger.error(
          `The restart policy failed for ${name}; it is left alone until that is mended.`,
          stackOf(error),
        );
      this.policyFailsFor.add(name);
    }
    for (const name of this.policyFailsFor)
      if (records.get(name)?.shown.decision?.reason !== POLICY_FAILED.reason)
        this.policyFailsFor.delete(name);
  }

  private logMessage({ level, title, message }: Message): void {
    const line = `${title}. ${message}`;
    if (level === 'error') this.logger.error(line);
    else if (level === 'warning') this.logger.warn(line);
    else this.logger.log(line);
  }

  onEventsHeard(heard: boolean): void {
    if (heard === !this.eventsBroken) return;
    this.eventsBroken = !heard;
    this.logger.log(
      heard
        ? "The engine's events are heard again."
        : "The engine's events are not heard; checks go on as usual.",
    );
  }

  private warnOnce(problem: string): void {
    if (!this.logged.has(problem)) this.logger.warn(problem);
    this.logged.add(problem);
  }
}
