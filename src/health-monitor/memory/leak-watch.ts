import type { MemoryTrend } from '../../common/events/index.js';
import type { MemoryReading } from '../runtime/index.js';
import type { DetectorState } from './leak-detector.js';
import type { MemoryChange } from './memory-change.js';
import type { SampleHistory } from './sample-history.js';

/** The figures of one container. */
export interface Figures {
  /** The latest. */
  readonly reading: MemoryReading;
  /** The latest `memory.windowSamples` of them. */
  readonly samples: SampleHistory;
}

/** Watches the memory of one container by one rule. */
export interface LeakWatch {
  /** Whether a figure of 0 is one; else it is an outage of the figures, and is skipped. */
  readonly countsZero: boolean;
  /** What it knows, to be kept over a restart of ours. */
  readonly state: WatchState;
  /** Where the floor of the memory stands; `null` while that is not known. Bytes. */
  readonly floorBytes: number | null;

  /** Learns the latest figure. What is new with it; `null`: nothing. */
  next(figures: Figures, ageMs: number): MemoryChange | null;

  /** What people are shown; `null` while too little is known. */
  trend(figures: Figures): MemoryTrend | null;
}

/**
 * What a watch knows. A watch fills the part of its own rule and carries the others along: the rule may have been another
 * one before our last restart, and a leak that it found is still to be reported as over.
 */
export interface WatchState {
  /** Of the rule `trend`; `null` before the first sample. */
  readonly detector: DetectorState | null;
  /** Of the rule `trend`: it was reported that little time is left. */
  readonly urgentReported: boolean;
  /** Of the rule `growth`: a leak was reported that is not over. */
  readonly growthReported: boolean;
}

export const NOTHING_KNOWN: WatchState = { detector: null, urgentReported: false, growthReported: false };

/** Whether a leak was found that is not over, by whichever rule. */
export function isLeakOpen({ detector, growthReported }: WatchState): boolean {
  return growthReported || Boolean(detector?.leak);
}
