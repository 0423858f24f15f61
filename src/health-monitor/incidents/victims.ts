import type { Victim } from '../../common/events/index.js';
import type { Conditions } from './condition.js';
import { iso, type IncidentRecord } from './incident-record.js';
import { openIncidentOf, type Incidents } from './incidents.js';

/** With these victims, too; the same incident when all of them are down because of it already. */
export function withVictims(incident: IncidentRecord, victims: readonly Victim[]): IncidentRecord {
  const down = new Set(incident.victims.filter(({ to }) => to === null).map(({ container }) => container));
  const news = victims.filter(({ container }) => !down.has(container));
  return news.length === 0 ? incident : { ...incident, victims: [...incident.victims, ...news] };
}

/** The victims as they are now; the same array when nothing changed. */
export function victimsNow({ victims }: IncidentRecord, conditions: Conditions): readonly Victim[] {
  const now = victims.map((victim) => {
    const readySince = conditions.get(victim.container)?.record.health.readySince ?? null;
    return victim.to === null && readySince !== null ? { ...victim, to: iso(readySince) } : victim;
  });
  return now.some((victim, index) => victim !== victims[index]) ? now : victims;
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
  { victims }: IncidentRecord,
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
