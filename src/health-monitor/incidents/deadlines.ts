import { isOfContainer } from '../../common/standing/index.js';
import { BEFORE_CAUSE_MS } from './attribution.js';
import { isOpen, type IncidentRecord } from './incident-record.js';
import { RECOVERED_AFTER_MS } from './ladder.js';

/** When time alone takes an incident on: milliseconds since 1970. Its cause is to be checked then. */
export function deadlinesOf(incident: IncidentRecord): readonly number[] {
  if (!isOpen(incident) || !isOfContainer(incident)) return [];
  const { backAt, stage, since } = incident;
  return [
    ...(backAt === null ? [] : [backAt + RECOVERED_AFTER_MS]),
    ...(stage === 'hidden' ? [since + BEFORE_CAUSE_MS] : []),
  ];
}
