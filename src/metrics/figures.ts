import { Injectable } from '@nestjs/common';
import { NOTIFICATION_TYPES } from '../common/events/index.js';
import { Counter } from './counter.js';
import type { Family } from './family.js';
import { Histogram } from './histogram.js';

export const ENGINE_CALLS = [
  'info',
  'ping',
  'list',
  'inspect',
  'memory',
  'logs',
  'exec',
  'start',
  'stop',
  'restart',
] as const;
export type EngineCall = (typeof ENGINE_CALLS)[number];

const ACTS = ['start', 'stop', 'restart'];
const OUTCOMES = ['done', 'void', 'refused', 'timed-out'];

/** What is counted and timed since this process began. Whoever sees it happen notes it here. */
@Injectable()
export class Figures {
  /** `kind`, `outcome` and `by`: the monitor or a person. */
  readonly acts = new Counter(
    { name: 'health_monitor_acts_total', help: 'Starts, stops and restarts of containers that ended.' },
    ACTS.flatMap((kind) =>
      OUTCOMES.flatMap((outcome) => ['monitor', 'person'].map((by) => ({ kind, outcome, by }))),
    ),
  );

  /** Without labels. */
  readonly recoveries = new Histogram(
    {
      name: 'health_monitor_container_recovery_seconds',
      help: 'From the death of a container that is wished running until it was ready again, whoever brought it back.',
    },
    [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3_600],
  );

  /** Without labels. */
  readonly fullChecks = new Histogram(
    { name: 'health_monitor_full_check_seconds', help: 'How long checks of all containers took.' },
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  );

  /** `call`. */
  readonly engineCalls = new Histogram(
    {
      name: 'health_monitor_engine_call_seconds',
      help: 'How long calls of the container engine took, also those that failed.',
    },
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30, 120],
    ENGINE_CALLS.map((call) => ({ call })),
  );

  /** `call` and `kind`, as of `RuntimeError`. */
  readonly engineFailures = new Counter({
    name: 'health_monitor_engine_call_failures_total',
    help: 'Calls of the container engine that failed.',
  });

  /** Without labels. */
  readonly commits = new Histogram(
    {
      name: 'health_monitor_store_commit_seconds',
      help: 'How long the store took for one transaction.',
    },
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  );

  /** `type`. */
  readonly messages = new Counter(
    { name: 'health_monitor_messages_total', help: 'Messages that people were told.' },
    NOTIFICATION_TYPES.map((type) => ({ type })),
  );

  /** `endpoint` and `result`. */
  readonly deliveries = new Counter({
    name: 'health_monitor_webhook_deliveries_total',
    help: 'Deliveries of webhooks that ended: delivered, failed for good, or merged into another.',
  });

  families(): Family[] {
    return Object.values(this)
      .filter((one) => one instanceof Counter || one instanceof Histogram)
      .map((one) => one.family());
  }

  histograms(): Histogram[] {
    return Object.values(this).filter((one) => one instanceof Histogram);
  }
}
