import type { ContainerView, ExitView, ProgressView, RuleView } from '../../common/events/index.js';
import {
  appIdOf,
  believedHealth,
  knownNeeds,
  type Decision,
  isUp,
  meaningOf,
  probeInWords,
  signalOf,
  statusOf,
  type ContainerRecord,
  type ElsewhereByReference,
  type Rules,
  type Topology,
} from '../policy/index.js';
import type { Container, ProbedHealth } from '../runtime/index.js';

/** A container as people and their pages see it, but for its memory. Pure. */
export function viewContainer(
  container: Container,
  record: ContainerRecord,
  topology: Topology,
  elsewhere: ElsewhereByReference,
  now: number,
): ContainerView {
  const rules = topology.rules.get(container.name)!;
  const decision = record.shown.decision ?? {
    code: 'in-transition' as const,
    reason: 'Not looked at yet.',
    at: now,
    dueAt: null,
    blockedBy: [],
  };
  const held =
    record.intent.hold !== null && (record.intent.hold.until === null || record.intent.hold.until > now);
  return {
    name: container.name,
    appId: appIdOf(container.name),
    id: container.id,
    image: container.image,
    tier: rules.tier,
    owner: ownerOf(container),
    desired: held ? 'held' : record.intent.wish.value,
    wish: record.intent.wish.value,
    hold:
      held && record.intent.hold !== null
        ? {
            reason: record.intent.hold.reason,
            by: record.intent.hold.by,
            since: iso(record.intent.hold.since),
            until: record.intent.hold.until === null ? null : iso(record.intent.hold.until),
          }
        : null,
    state: container.state,
    health: believedHealth(container, now),
    exit: exitOf(container, record),
    status: statusOf({ container, record, rules, now }, decision),
    startedAt: container.startedAt === null ? null : iso(container.startedAt),
    spans: spanViews(record.shown.spans),
    rules: ruleViews(rules),
    attempts: record.healing.attempts.length,
    maxAttempts: rules.maxAttempts,
    nextAttemptAt: nextAttempt(record, decision),
    dependsOn: shownNeeds(container.name, topology, elsewhere),
    blockedBy: decision.blockedBy,
    memory: null,
    probe: probeView(container),
    progress: progressView(container),
    unreadable: record.life.unreadable?.words ?? null,
    decision: { code: decision.code, reason: decision.reason, at: iso(decision.at) },
  };
}

/** What a container needs itself, of whatever kind. */
function shownNeeds(
  name: string,
  { graph }: Pick<Topology, 'graph'>,
  elsewhere: ElsewhereByReference,
): readonly string[] {
  const dependencies = graph.dependencies.get(name) ?? [];
  const externals = graph.externals.get(name) ?? [];
  const others = knownNeeds(name, graph.elsewhere.get(name) ?? [], elsewhere);
  // It may be needed by the configuration and by the engine.
  return [
    ...new Set([
      ...dependencies.flatMap(({ anyOf }) => anyOf),
      ...externals.flat(),
      ...others.map(({ called }) => called),
    ]),
  ];
}

function probeView({ probed }: Container): ContainerView['probe'] {
  if (probed === undefined) return null;
  const { health, sentence, since, needsPerson } = probed;
  return { health, sentence, since: iso(since), needsYou: needsPerson };
}

function progressView({ probed }: Container): ContainerView['progress'] {
  if (probed === undefined || (probed.health !== 'not-yet' && probed.share === null)) return null;
  return progressOf(probed);
}

/** In whole milliseconds: it is an estimate. */
export const progressOf = ({
  sentence,
  share,
  leftMs,
}: Pick<ProbedHealth, 'sentence' | 'share' | 'leftMs'>): ProgressView => ({
  sentence,
  share,
  leftMs: leftMs === null ? null : Math.round(leftMs),
});

export function ownerOf(container: Container): ContainerView['owner'] {
  if (container.labels['PODMAN_SYSTEMD_UNIT'] !== undefined) return 'systemd';
  return container.restartPolicy === 'none' ? 'monitor' : 'engine';
}

function exitOf(container: Container, { life: { death } }: ContainerRecord): ExitView | null {
  if (isUp(container) || death === null) return null;
  const signal = signalOf(death.exitCode);
  return {
    code: death.exitCode,
    ...(signal === null ? {} : { signal }),
    oomKilled: death.oomKilled,
    at: iso(death.at),
  };
}

function nextAttempt(record: ContainerRecord, decision: Pick<Decision, 'code' | 'dueAt'>): string | null {
  const { dueAtIsNextAttempt } = meaningOf(decision);
  const counts = dueAtIsNextAttempt === 'always' || (dueAtIsNextAttempt === 'down' && !record.life.up);
  return counts && typeof decision.dueAt === 'number' ? iso(decision.dueAt) : null;
}

const SHOWN_RULES = [
  'ignore',
  'tier',
  'dependsOn',
  'on',
  'unhealthy',
  'stopTimeoutMs',
  'maxAttempts',
  'backoffMs',
  'onLeak',
  'probes',
] as const satisfies readonly (keyof Rules)[];

const ruleViews = oncePerObject((rules: Rules): Readonly<Record<string, RuleView>> => {
  const value = (rule: (typeof SHOWN_RULES)[number]): unknown => {
    switch (rule) {
      case 'dependsOn':
        return rules.dependsOn.map(({ anyOf, condition, restart }) => ({ anyOf, condition, restart }));
      case 'probes':
        return rules.probes.map(probeInWords);
      default:
        return rules[rule];
    }
  };
  return Object.fromEntries(
    SHOWN_RULES.map((rule) => [rule, { value: value(rule), from: rules.origin[rule] ?? 'default' }]),
  );
});

const spanViews = oncePerObject((spans: ContainerRecord['shown']['spans']): ContainerView['spans'] =>
  spans.map(({ from, status }) => ({ from: iso(from), status })),
);

/** Views are made anew much more often than their rules and spans change. */
function oncePerObject<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

const iso = (at: number): string => new Date(at).toISOString();
