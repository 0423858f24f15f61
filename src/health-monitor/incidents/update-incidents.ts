import { withParts } from '../policy/index.js';
import { absorb, attribute, type Scene } from './attribution.js';
import { climb, type Climbed } from './climb.js';
import type { Condition, Conditions } from './condition.js';
import { endOnPurpose } from './end-incident.js';
import { isOfContainer, isOpen, type IncidentRecord } from './incident-record.js';
import type { IncidentUpdate } from './incident-update.js';
import { withIncident, type Incidents } from './incidents.js';
import { CONTAINER_LADDER } from './ladder.js';
import type { Message } from './message.js';
import { TOGETHER } from './refused-starts.js';
import { areVictimsBack, victimsNow } from './victims.js';

/**
 * Keeps the incidents of containers in step with the containers: opens one a cause, attaches victims, lets it climb its
 * ladder, ends it. Pure.
 *
 * `conditions` come in order, what others depend on first. Those that matter are enough: of all in trouble, of all that
 * wait for a dependency, and of the causes and victims of open incidents. Who is missing is taken to be gone: what it
 * caused ends as if a person had ended it, and as a victim it is waited for no more.
 */
export function updateIncidents({
  incidents,
  ...scene
}: Scene & { readonly incidents: Incidents }): IncidentUpdate {
  const othersAreDown = areManyDown(scene.conditions);
  const attributed = absorb(attribute(incidents, scene), scene);
  const messages: Message[] = [];
  let followed = attributed;
  for (const incident of attributed.values()) {
    if (!isOpen(incident) || !isOfContainer(incident)) continue;
    const climbed = follow(incident, followed, scene, othersAreDown);
    followed = withIncident(followed, climbed.incident);
    messages.push(...climbed.messages);
  }
  return { incidents: followed, messages };
}

/** Follows one open incident: its cause, its victims, its messages, its end. */
function follow(
  incident: IncidentRecord,
  incidents: Incidents,
  { conditions, now }: Scene,
  othersAreDown: boolean,
): Climbed {
  const condition = conditions.get(incident.cause.container ?? '');
  if (condition === undefined || condition.leftOnPurpose)
    return { incident: endOnPurpose(incident, condition, now), messages: [] };
  const found = withParts(incident, {
    ...findings(incident, condition),
    victims: victimsNow(incident, conditions),
  });
  const victimsAreBack = areVictimsBack(found, conditions, incidents);
  return climb(CONTAINER_LADDER, found, { condition, victimsAreBack, othersAreDown, now });
}

const areManyDown = (conditions: Conditions): boolean =>
  [...conditions.values()].filter(
    ({ trouble, record, decision }) =>
      trouble?.kind === 'down' && record.healing.givenUp === null && decision.blockedBy.length === 0,
  ).length >= TOGETHER;

/** What the latest check shows of its cause. */
function findings(incident: IncidentRecord, condition: Condition): Partial<IncidentRecord> {
  const { healing, life, health } = condition.record;
  return {
    kind: condition.trouble?.kind === 'crash-loop' ? 'crash-loop' : incident.kind,
    cause: causeNow(incident, condition),
    helpedBy: incident.helpedBy ?? (healing.attempts.length > 0 ? 'attempt' : null),
    backAt: life.up ? health.readySince : null,
  };
}

/** What was found when the last attempt failed says more of why than what was found first. */
function causeNow({ cause }: IncidentRecord, { record, evidence }: Condition): IncidentRecord['cause'] {
  if (evidence === null || evidence === cause.evidence) return cause;
  return cause.evidence === null || record.healing.attempts.length > 0 ? { ...cause, evidence } : cause;
}
