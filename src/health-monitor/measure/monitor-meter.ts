import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';
import { Figures } from '../../metrics/index.js';
import type { ContainerRuntime } from '../runtime/index.js';
import type { Fact, MonitorState, Step } from '../step/index.js';
import { MeasuredRuntime } from './measured-runtime.js';
import { RecoveryWatch } from './recovery-watch.js';

/** Looks over the monitor's shoulder and notes figures of what it does. The monitor does not know of it. */
@Injectable()
export class MonitorMeter {
  private readonly recoveries = new RecoveryWatch();
  private engine: MeasuredRuntime | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly figures: Figures,
  ) {}

  /** The engine to give to the monitor in place of this one. */
  measured(engine: ContainerRuntime): ContainerRuntime {
    return (this.engine = new MeasuredRuntime(engine, this.clock, this.figures));
  }

  /** What of a monitor is measured. */
  between(engine: ContainerRuntime): {
    readonly runtime: ContainerRuntime;
    readonly onStep: MonitorMeter['onStep'];
  } {
    return { runtime: this.measured(engine), onStep: (...heard) => this.onStep(...heard) };
  }

  onStep(before: MonitorState, fact: Fact, { state }: Step): void {
    for (const ms of this.recoveries.next(before, state)) this.figures.recoveries.observe({}, ms / 1_000);
    if (fact.kind === 'acted') {
      const by = fact.by === null ? 'monitor' : 'person';
      this.figures.acts.add({ kind: fact.act.kind, outcome: fact.outcome.kind, by });
    } else if (fact.kind === 'checked' && fact.observation.full) this.noteFullCheck();
  }

  /** It begins when the engine is asked for its list, and has ended when what it brought was decided. */
  private noteFullCheck(): void {
    const began = this.engine?.listAskedAt ?? null;
    if (began !== null) this.figures.fullChecks.observe({}, (this.clock.monotonic() - began) / 1_000);
  }
}
