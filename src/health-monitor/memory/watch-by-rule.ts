import type { LeakRule, ResolvedOptions } from '../../common/options/index.js';
import { GrowthWatch } from './growth-watch.js';
import type { LeakWatch, WatchState } from './leak-watch.js';
import { NoWatch } from './no-watch.js';
import { TrendWatch } from './trend-watch.js';

type MakeWatch = (options: ResolvedOptions['memory'], hostBytes: number, known: WatchState) => LeakWatch;

const WATCHES: Readonly<Record<LeakRule, MakeWatch>> = {
  trend: ({ intervalMs }, hostBytes, known) => new TrendWatch(intervalMs, hostBytes, known),
  growth: ({ growthPercent }, hostBytes, known) => new GrowthWatch(growthPercent, hostBytes, known),
  off: (_options, _hostBytes, known) => new NoWatch(known),
};

/** A watch by the configured rule, which goes on from what was known before. */
export const watchByRule: MakeWatch = (options, hostBytes, known) =>
  WATCHES[options.rule](options, hostBytes, known);
