import type { Logger } from '@nestjs/common';
import type { Fact, MonitorState, Step } from '../step/index.js';

/** Writes to the server's log what is wrong around the monitor, each thing once. */
export class ProblemLog {
  private readonly logged = new Set<string>();
  private eventsBroken = false;

  constructor(private readonly logger: Pick<Logger, 'log' | 'warn' | 'error'>) {}

  onStep(before: MonitorState, fact: Fact, { state }: Step): void {
    const { engine, topology } = state;
    if (fact.kind === 'memory-changed')
      for (const { container, trend } of fact.changes) this.logger.warn(`${container}: ${trend.reason}`);
    if (engine.reachable === false && before.engine.reachable !== false)
      this.logger.error(`The engine does not answer. ${engine.problem}`);
    if (fact.kind === 'checked' && fact.observation.engine.warning !== null)
      this.warnOnce(fact.observation.engine.warning);
    if (topology !== before.topology) topology?.problems.forEach((problem) => this.warnOnce(problem));
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
