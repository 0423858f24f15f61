import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { Family, Metric } from './family.js';

/** How often the loop is looked at. Ten times a second costs 0.3 ms a second; every pause longer than this is seen. */
const RESOLUTION_MS = 100;

/** How late the event loop was at worst since it was last asked. Begins with the first time it is asked. */
export class EventLoopDelay {
  static readonly metric: Metric = {
    name: 'health_monitor_event_loop_delay_max_seconds',
    type: 'gauge',
    help: 'How late the event loop of this process was at worst since the last answer.',
  };
  private histogram: IntervalHistogram | null = null;

  family(): Family {
    const seconds = this.longest();
    return { ...EventLoopDelay.metric, samples: seconds === null ? [] : [{ labels: {}, value: seconds }] };
  }

  stop(): void {
    this.histogram?.disable();
    this.histogram = null;
  }

  private longest(): number | null {
    if (this.histogram === null) {
      this.histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      this.histogram.enable();
      return null;
    }
    // What it measures is from one look to the next.
    const seconds = Math.max(0, this.histogram.max / 1e9 - RESOLUTION_MS / 1_000);
    this.histogram.reset();
    return seconds;
  }
}
