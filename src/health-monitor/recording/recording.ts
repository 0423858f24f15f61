import type { HealthEventType, NotificationType } from '../../common/events/index.js';
import type {
  ContainerRules,
  External,
  ProbeCredentials,
  ResolvedOptions,
} from '../../common/options/index.js';
import { probeWithoutSecrets } from '../policy/index.js';
import type { Act, Fact, MonitorState, Step } from '../step/index.js';

/** Rises when a recording of before cannot be read any more. */
export const RECORDING_FORMAT = 1;

/** The options that decide anything. None of them can hold a secret. */
const RECORDED_OPTIONS = [
  'mode',
  'watch',
  'preset',
  'check',
  'restart',
  'memory',
  'host',
  'hosts',
  'ofHost',
  'containers',
  'externals',
] as const satisfies readonly (keyof ResolvedOptions)[];

/** The first line of a recording: what made it, and with what. */
export interface RecordingHeader {
  readonly kind: 'recording';
  readonly format: number;
  /** Version of this package. */
  readonly version: string;
  /** As in `Europe/Berlin`: sentences show the host's time of day. */
  readonly timeZone: string;
  /** `own`: the host decides by a policy of its own, which cannot be replayed. */
  readonly policy: 'built-in' | 'own';
  readonly options: Pick<ResolvedOptions, (typeof RECORDED_OPTIONS)[number]> & {
    /** Where the store runs in a container: in which. Left out: in none, or to versions that knew none. */
    readonly storage?: Extract<ResolvedOptions['storage'], { readonly kind: 'postgres' }>;
  };
  readonly bootId: string | null;
  readonly ownId: string | null;
  /** Left out by versions that knew one host only. */
  readonly isRemote?: boolean;
}

/** What is kept of a step, to be compared with. */
export interface Outcome {
  readonly acts: readonly Pick<Act, 'name' | 'kind' | 'attempt' | 'reason'>[];
  readonly events: readonly {
    readonly type: HealthEventType;
    readonly container?: string;
    readonly reason?: string;
  }[];
  readonly messages: readonly {
    readonly type: NotificationType;
    readonly container: string | null;
    readonly title: string;
    readonly message: string;
  }[];
  readonly checkNext: readonly string[];
  /** Of each container that something is said of: what is decided about it now, also when that is nothing new. */
  readonly decided: Readonly<Record<string, string>>;
}

/** One thing that happened, and what followed from it. */
export interface RecordedFact {
  readonly fact: Fact;
  readonly then: Outcome;
}

/** A recording as it was read. */
export interface Recording {
  readonly header: RecordingHeader;
  /** As it was before the first fact. */
  readonly before: MonitorState;
  readonly facts: readonly RecordedFact[];
}

/** With credentials, another probe of the preset's is asked. */
const LEFT_OUT: ProbeCredentials = { env: 'LEFT_OUT' };

/** Of all options those that decide anything; of probes what they are, since their answers are recorded. */
export function recordedOptions(options: ResolvedOptions): RecordingHeader['options'] {
  const kept = Object.fromEntries(RECORDED_OPTIONS.map((key) => [key, options[key]]));
  const containers = Object.entries(options.containers).map(
    ([name, rules]) => [name, recordedRules(rules)] as const,
  );
  const externals = Object.entries(options.externals).map(([id, external]) => [
    id,
    recordedExternal(external),
  ]);
  return {
    ...kept,
    containers: Object.fromEntries(containers),
    externals: Object.fromEntries(externals) as ResolvedOptions['externals'],
    hosts: recordedHosts(options.hosts),
    ...recordedStorage(options.storage),
  } as RecordingHeader['options'];
}

/** Which there are; where they are is nobody's business. */
const recordedHosts = (hosts: ResolvedOptions['hosts']): ResolvedOptions['hosts'] =>
  Object.fromEntries(
    Object.entries(hosts).map(([key, { name }]) => [key, { name }]),
  ) as ResolvedOptions['hosts'];

/** Nothing of where it is, nor of who may read it. */
const recordedStorage = (storage: ResolvedOptions['storage']): Pick<RecordingHeader['options'], 'storage'> =>
  storage.kind === 'postgres' && storage.container !== null
    ? { storage: { ...storage, url: null, pool: null } }
    : {};

const recordedExternal = ({ name, ...probe }: External): External => ({
  ...(probeWithoutSecrets(probe) as External),
  ...(name === undefined ? {} : { name }),
});

function recordedRules({ probe, credentials, ...others }: ContainerRules): ContainerRules {
  const rules = credentials === undefined ? others : { ...others, credentials: LEFT_OUT };
  if (probe === undefined) return rules;
  if (probe === false) return { ...rules, probe };
  return {
    ...rules,
    probe: Array.isArray(probe) ? probe.map(probeWithoutSecrets) : probeWithoutSecrets(probe),
  };
}

/** What is kept of a step. Pure. */
export const outcomeOf = ({ state, acts, events, messages, checkNext }: Step): Outcome => ({
  acts: acts.map(({ name, kind, attempt, reason }) => ({ name, kind, attempt, reason })),
  events: events.map(({ type, container, data }) => ({
    type,
    ...(container === undefined ? {} : { container }),
    ...('reason' in data ? { reason: data.reason } : {}),
  })),
  messages: messages.map(({ type, container, title, message }) => ({ type, container, title, message })),
  checkNext,
  decided: Object.fromEntries(
    events.flatMap(({ container }) => {
      const reason =
        container === undefined ? undefined : state.records.get(container)?.shown.decision?.reason;
      return container === undefined || reason === undefined ? [] : [[container, reason]];
    }),
  ),
});
