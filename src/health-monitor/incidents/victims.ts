import type { Victim } from '../../common/events/index.js';
import { backSince, type Conditions } from './condition.js';
import { iso, type IncidentRecord } from './incident-record.js';
import { openIncidentOf, type Incidents } from './incidents.js';

/** With these victims, too; the same incident when it has all of them already. */
export function withVictims(incident: IncidentRecord, victims: readonly Victim[]): IncidentRecord {
  const news = victims.filter((victim) => !incident.victims.some((known) => covers(known, victim)));
  return news.length === 0 ? incident : { ...incident, victims: [...incident.victims, ...news] };
}

/** It is down still, or went down before it came back: the same fall. */
const covers = ({ container, to }: Victim, victim: Victim): boolean =>
  container === victim.container && (to === null || Date.parse(victim.from) < Date.parse(to));

/** The victims as they are now; the same array when nothing changed. */
export function victimsNow(
  { victims }: IncidentRecord,
  conditions: Conditions,
  now: number,
): readonly Victim[] {
  const asTheyAre = victims.map((victim) => {
    const condition = conditions.get(victim.container);
    if (victim.to !== null || condition === undefined) return victim;
    const from = Date.parse(victim.from);
    // A fall in the future is from before the clock was set back.
    const backAt = backSince(condition, from > now ? -Infinity : from);
    return backAt === null ? victim : { ...victim, to: iso(backAt) };
  });
  return asTheyAre.some((victim, index) => victim !== victims[index]) ? asTheyAre : victims;
}

export function withVictimsNow(
  incident: IncidentRecord,
  conditions: Conditions,
  now: number,
): IncidentRecord {
  const victims = victimsNow(incident, conditions, now);
  return victims === incident.victims ? incident : { ...incident, victims };
}

/** With those who were still down because of it back now: all, or only some. */
export const withVictimsBack = (
  incident: IncidentRecord,
  now: number,
  isBack: (name: string) => boolean = () => true,
): IncidentRecord => ({
  ...incident,
  victims: incident.victims.map((victim) =>
    victim.to === null && isBack(victim.container) ? { ...victim, to: iso(now) } : victim,
  ),
});

/** Whether nobody is still down because of it; what is down by choice or has an incident of its own is not. */
export function areVictimsBack(
  { victims }: Pick<IncidentRecord, 'victims'>,
  conditions: Conditions,
  incidents: Incidents,
): boolean {
  return victims.every(({ container, to }) => {
    const victim = conditions.get(container);
    const isDown = to === null && victim !== undefined && !victim.leftOnPurpose && victim.trouble !== null;
    return !isDown || openIncidentOf(incidents, container) !== undefined;
  });
}

/** Names of those who are back. */
export const victimsBack = ({ victims }: IncidentRecord): string[] => [
  ...new Set(victims.filter(({ to }) => to !== null).map(({ container }) => container)),
];

/** Names of those who are still down. */
export const victimsDown = ({ victims }: Pick<IncidentRecord, 'victims'>): readonly string[] =>
  victims.flatMap(({ container, to }) => (to === null ? [container] : []));
