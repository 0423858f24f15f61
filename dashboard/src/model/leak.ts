import type { ContainerView, MemoryTrend } from '../client.js';
import * as copy from '../words/copy/index.js';
import { dayAhead, duration, time, upperFirst } from '../words/format.js';
import { shown } from '../words/safe-text.js';

const HOUR = 3_600_000;
/** Before that, it matters how many minutes are left. */
const SOON_HOURS = 2;

/** What a leak comes to, to stand behind the container's name: `will run out of memory tomorrow about 18:00.` */
export function leakOutlook({ hoursToLimit }: MemoryTrend, limitBytes: number | null, now: number): string {
  if (hoursToLimit === null) return copy.leakOutlook.grows;
  const say = limitBytes === null ? copy.leakOutlook.host : copy.leakOutlook.limit;
  const left = hoursToLimit * HOUR;
  if (hoursToLimit < SOON_HOURS) return say(copy.leakOutlook.within(duration(Math.max(left, 60_000))));
  const at = Math.round((now + left) / HOUR) * HOUR;
  return say(copy.leakOutlook.at(dayAhead(at, now), time(at)));
}

/** As {@link leakOutlook}, of a container as it is; `null` while it does not leak. */
export function outlookOf(view: ContainerView | null, now: number): string | null {
  const memory = view?.memory;
  return memory?.trend?.leaking ? leakOutlook(memory.trend, memory.limitBytes, now) : null;
}

/** What is decided about a container; where nothing is to be done but it leaks, what that comes to. */
export function decisionSentence(view: ContainerView, now: number): string {
  const outlook = view.status === 'healthy' ? outlookOf(view, now) : null;
  return outlook === null ? shown(view.decision.reason, 400) : upperFirst(outlook);
}
