import { readableText } from '../incidents/index.js';
import { isReadLabel, type ContainerRecord } from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { Fact, FactOf, MonitorState, Step } from '../step/index.js';
import { outcomeOf, type RecordingHeader } from './recording.js';

/** Words of an engine or a container are kept to this length. */
const WORDS = 1_000;

export const writeHeader = (header: RecordingHeader): string => JSON.stringify(header);

/** One line: a fact with what followed from it. Secrets are masked, and of labels only those are kept that are read. Pure. */
export const writeFact = (fact: Fact, step: Step): string =>
  JSON.stringify({ fact: withoutSecrets(fact), then: outcomeOf(step) });

/** One line: everything known. What can be worked out from the rest is left out. Pure. */
export function writeState({
  containers,
  records,
  incidents,
  views,
  awakened,
  topology: _topology,
  ...rest
}: MonitorState): string {
  return JSON.stringify({
    kind: 'state',
    ...rest,
    containers: [...containers.values()].map(ofContainer),
    records: [...records.values()].map(ofRecord),
    incidents: [...incidents.values()],
    views: [...views.values()],
    awakened: [...awakened],
  });
}

function withoutSecrets(fact: Fact): Fact {
  switch (fact.kind) {
    case 'checked':
      return ofCheck(fact);
    case 'check-failed':
      return { ...fact, problem: readableText(fact.problem, WORDS) };
    case 'acted': {
      const { kind, detail } = fact.outcome;
      return { ...fact, outcome: { kind, detail: detail === null ? null : readableText(detail, WORDS) } };
    }
    case 'loaded':
      return { ...fact, records: fact.records.map(ofRecord) };
    case 'asked':
    case 'memory-changed':
    case 'store-changed':
    case 'clock-set':
    case 'slept':
      return fact;
  }
}

const ofCheck = (fact: FactOf<'checked'>): Fact => ({
  ...fact,
  observation: {
    ...fact.observation,
    inspected: fact.observation.inspected.map((one) => ({ ...one, container: ofContainer(one.container) })),
  },
});

function ofContainer(container: Container): Container {
  const { healthCheck, labels } = container;
  return {
    ...container,
    labels: Object.fromEntries(Object.entries(labels).filter(([name]) => isReadLabel(name))),
    healthCheck: healthCheck && {
      ...healthCheck,
      lastOutput: healthCheck.lastOutput === null ? null : readableText(healthCheck.lastOutput, WORDS),
    },
  };
}

const ofRecord = (record: ContainerRecord): ContainerRecord => ({
  ...record,
  healing: {
    ...record.healing,
    attempts: record.healing.attempts.map((attempt) => ({
      ...attempt,
      detail: attempt.detail === null ? null : readableText(attempt.detail, WORDS),
    })),
  },
});
