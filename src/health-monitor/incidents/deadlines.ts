import { isOfContainer } from '../../common/standing/index.js';
import { BEFORE_CAUSE_MS } from './attribution.js';
import { isOpen, type IncidentRecord } from './incident-record.js';
import { RECOVERED_AFTER_MS } from './ladder.js';

/** When time alone takes an incident on: milliseconds since 1970. Its cause, or whatever it may be, is to be checked then. */
export function deadlinesOf(incident: IncidentRecord): readonly number[] {
  const isFollowed = isOfContainer(incident) || incident.cause.external !== undefined;
  if (!isOpen(incident) || !isFollowed) return [];
  const { backAt, stage, since } = incident;
  return [
    ...(backAt === null ? [] : [backAt + RECOVERED_AFTER_MS]),
    ...(stage === 'hidden' ? [since + BEFORE_CAUSE_MS] : []),
  ];
}
