import type { Incident } from '../common/events/index.js';
import { timeOf } from './terminal/text.js';

/** When an incident began, and began again after it had been over: `12:00:00, again 12:09:00`. Pure. */
export const beganAt = ({ openedAt, reopenedAt }: Incident, now: number, again = 'again'): string =>
  timeOf(openedAt, now) + (reopenedAt === undefined ? '' : `, ${again} ${timeOf(reopenedAt, now)}`);

/** The same in a sentence: `since 12:00:00, again since 12:09:00`. Pure. */
export const sinceBegan = (incident: Incident, now: number): string =>
  `since ${beganAt(incident, now, 'again since')}`;
