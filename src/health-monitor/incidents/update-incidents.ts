import { isOfContainer } from '../../common/standing/index.js';
import { withParts } from '../policy/index.js';
import { attemptsOf } from './attempts-of.js';
import { absorb, attribute, type Scene } from './attribution.js';
import { climb, type Climbed } from './climb.js';
import { backSince, type Condition, type Conditions } from './condition.js';
import { endOnPurpose } from './end-incident.js';
import { isOpen, type IncidentRecord } from './incident-record.js';
import type { IncidentUpdate } from './incident-update.js';
import { withIncident, type Incidents } from './incidents.js';
import { CONTAINER_LADDER } from './ladder.js';
import type { Message } from './message.js';
import { TOGETHER } from './refused-starts.js';
import { followExternal } from './update-externals.js';
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
    if (!isOpen(incident)) continue;
    const climbed =
      incident.cause.external !== undefined
        ? followExternal(incident, followed, scene)
        : isOfContainer(incident)
          ? follow(incident, followed, scene, othersAreDown)
          : null;
    if (climbed === null) continue;
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
    victims: victimsNow(incident, conditions, now),
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
  const { healing } = condition.record;
  return {
    kind: kindNow(incident, condition),
    cause: causeNow(incident, condition),
    ...attemptsOf(incident, condition),
    helpedBy: incident.helpedBy ?? (healing.attempts.length > 0 ? 'attempt' : null),
    backAt: backSince(condition, incident.since),
  };
}

/** What goes on for long says more than how it began. */
function kindNow({ kind }: IncidentRecord, { trouble }: Condition): IncidentRecord['kind'] {
  return trouble?.kind === 'crash-loop' || trouble?.kind === 'flapping' ? trouble.kind : kind;
}

/** How it began. What was found after that is about an attempt, unless nothing is known yet. */
function causeNow({ cause, attempts }: IncidentRecord, { evidence }: Condition): IncidentRecord['cause'] {
  if (evidence === null) return cause;
  const known = cause.evidence;
  const isOfCause =
    known === null ? attempts === 0 : known.at === evidence.at && known.log.length < evidence.log.length;
  return isOfCause ? { ...cause, evidence } : cause;
}
