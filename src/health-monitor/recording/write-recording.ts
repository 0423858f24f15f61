import { readable } from '../../common/text/index.js';
import { isNoProbe, isReadLabel, probeFromLabel, probeInWords } from '../policy/index.js';
import type { Container, ListedContainer } from '../runtime/index.js';
import type { Fact, FactOf, MonitorState, Step } from '../step/index.js';
import { outcomeOf, type RecordingHeader } from './recording.js';

/** Of what a health check said, so much is kept. */
const WORDS = 1_000;
/** Lists of dependencies are long, and replayed. */
const LABEL = 65_536;
const PROBE_LABEL = 'health-monitor.probe';

export const writeHeader = (header: RecordingHeader): string => JSON.stringify(header);

/** One line: a fact with what followed from it. Secrets are masked, and of labels only those are kept that are read. Pure. */
export const writeFact = (fact: Fact, step: Step): string =>
  JSON.stringify({ fact: fact.kind === 'checked' ? ofCheck(fact) : fact, then: outcomeOf(step) });

/** One line: everything known. What can be worked out from the rest is left out. Pure. */
export function writeState({
  containers,
  records,
  incidents,
  externals,
  elsewhere,
  views,
  awake,
  topology: _topology,
  ...rest
}: MonitorState): string {
  return JSON.stringify({
    kind: 'state',
    ...rest,
    containers: [...containers.values()].map(ofContainer),
    records: [...records.values()],
    incidents: [...incidents.values()],
    externals: [...externals.values()],
    elsewhere: [...elsewhere.values()],
    views: [...views.values()],
    awake: [...awake],
  });
}

const ofCheck = (fact: FactOf<'checked'>): Fact => ({
  ...fact,
  observation: {
    ...fact.observation,
    inspected: fact.observation.inspected.map((one) => ({ ...one, container: ofContainer(one.container) })),
    unreadable: fact.observation.unreadable.map((one) => ({ ...one, listed: withReadLabels(one.listed) })),
  },
});

const withReadLabels = <T extends ListedContainer>(container: T): T => ({
  ...container,
  labels: Object.fromEntries(
    Object.entries(container.labels)
      .filter(([name]) => isReadLabel(name))
      .map(([name, value]) => [name, readable(name === PROBE_LABEL ? probeWords(value) : value, LABEL)]),
  ),
});

/** What is asked, as the same label would have it: what is sent with the question may hold secrets. */
function probeWords(label: string): string {
  const probe = probeFromLabel(label);
  return probe === undefined || isNoProbe(probe) ? label : probeInWords(probe);
}

/** Where its volumes are is nobody's business; which file systems it needs, facts about the machine say. */
function ofContainer({ volumes: _, ...container }: Container): Container {
  const { healthCheck } = container;
  return {
    ...withReadLabels(container),
    healthCheck: healthCheck && {
      ...healthCheck,
      lastOutput: healthCheck.lastOutput === null ? null : readable(healthCheck.lastOutput, WORDS),
    },
  };
}
