import type { HealthEvent } from '../../src/common/events/index.js';
import type { ClientStep, EngineStep, Freeze, History } from './history.js';

/** What is wrong with a history, in sentences. Empty: every promise was kept. Pure. */
export function problemsOf(history: History): readonly string[] {
  return [
    ...holesIn(history.log),
    ...[...history.clients].flatMap(([name, steps]) => gapsOf(name, steps)),
    ...contradictionsAmong(history.clients),
    ...startsByTwo(history.engine, history.freezes),
    ...lostActs(history),
    ...untold(history),
    ...renamed(history),
    ...disordered(history),
  ];
}

function holesIn(log: readonly HealthEvent[]): readonly string[] {
  return log.flatMap(({ seq }, index) => {
    const expected = (log[0]?.seq ?? 1) + index;
    return seq === expected ? [] : [`The log has ${seq} where ${expected} is due.`];
  });
}

/** A client goes on where it was, unless it was given everything anew. */
function gapsOf(client: string, steps: readonly ClientStep[]): readonly string[] {
  const problems: string[] = [];
  let at: { readonly epoch: string; readonly seq: number } | null = null;
  for (const step of steps) {
    if (step.kind === 'snapshot') {
      at = { epoch: step.epoch, seq: step.head };
      continue;
    }
    for (const { seq } of step.events) {
      if (at === null) problems.push(`${client} was given ${seq} before anything else.`);
      else if (at.epoch !== step.epoch) problems.push(`${client} was given ${seq} of another epoch.`);
      else if (seq <= at.seq) problems.push(`${client} was given ${seq} twice, having ${at.seq}.`);
      else if (seq > at.seq + 1)
        problems.push(`${client} was given ${seq} after ${at.seq}: some are missing.`);
      at = { epoch: step.epoch, seq };
    }
  }
  return problems;
}

/** Within an epoch, a number names one event, whoever tells it. */
function contradictionsAmong(clients: History['clients']): readonly string[] {
  const known = new Map<string, { readonly client: string; readonly what: string }>();
  const problems: string[] = [];
  for (const [client, steps] of clients) {
    for (const step of steps) {
      if (step.kind !== 'events') continue;
      for (const { seq, type, at, container } of step.events) {
        const key = `${step.epoch} ${seq}`;
        const what = `${type} ${container ?? ''} at ${at}`;
        const other = known.get(key);
        if (other && other.what !== what)
          problems.push(`${seq} is ${what} for ${client}, and ${other.what} for ${other.client}.`);
        known.set(key, other ?? { client, what });
      }
    }
  }
  return problems;
}

/**
 * Nobody starts what another replica was asked to start and has not died since. One that was frozen may have been in the
 * middle of writing one request, which it finishes when it wakes up.
 */
function startsByTwo(steps: readonly EngineStep[], freezes: readonly Freeze[]): readonly string[] {
  const asked = new Map<string, Extract<EngineStep, { kind: 'asked' }>>();
  const excused = new Set<Freeze>();
  const problems: string[] = [];
  for (const step of steps) {
    const earlier = asked.get(step.container);
    if (step.kind === 'died') asked.delete(step.container);
    else if (earlier === undefined || earlier.by === step.by) asked.set(step.container, step);
    else {
      const freeze = freezes.find(
        (one) => !excused.has(one) && one.replica === step.by && step.at >= one.to && earlier.at >= one.from,
      );
      if (freeze) excused.add(freeze);
      else
        problems.push(
          `${step.container} was started by ${earlier.by} at ${earlier.at} and, not having died, by ${step.by} at ${step.at}.`,
        );
    }
  }
  return problems;
}

function lostActs({ answered, log }: History): readonly string[] {
  const reasons = new Set(
    log.flatMap(({ type, data }) => (type === 'container.held' ? [(data as { reason: string }).reason] : [])),
  );
  return answered
    .filter(({ reason }) => ![...reasons].some((known) => known.includes(reason)))
    .map(
      ({ container, reason }) =>
        `That ${container} is held for ${reason} was answered, and is not in the log.`,
    );
}

interface Told {
  readonly event: string;
  readonly container: string | null;
  readonly timestamp: string;
}

const keyOf = ({ event, container, timestamp }: Told): string => `${event} ${container ?? ''} ${timestamp}`;

const toldIn = (log: readonly HealthEvent[]): readonly Told[] =>
  log.flatMap((event) => {
    if (event.type !== 'notification.created') return [];
    const { notification, details } = event.data;
    const { type, timestamp } = notification;
    return [{ event: type, container: (details as { container?: string }).container ?? null, timestamp }];
  });

function untold({ log, webhooks }: History): readonly string[] {
  const arrived = new Set(webhooks.map(keyOf));
  return toldIn(log)
    .filter((told) => !arrived.has(keyOf(told)))
    .map((told) => `The webhook ${keyOf(told)} never came.`);
}

/** Receivers know by its id what they have had already, whoever sends it again. */
function renamed({ webhooks }: History): readonly string[] {
  const ids = new Map<string, string>();
  const problems: string[] = [];
  for (const webhook of webhooks) {
    const known = ids.get(keyOf(webhook)) ?? webhook.id;
    if (known !== webhook.id)
      problems.push(`The webhook ${keyOf(webhook)} came as ${known}, and again as ${webhook.id}.`);
    ids.set(keyOf(webhook), known);
  }
  return problems;
}

/** As they came first, whatever was repeated. */
function disordered({ log, webhooks }: History): readonly string[] {
  const place = new Map(toldIn(log).map((told, index) => [keyOf(told), index]));
  const first = [...new Set(webhooks.map(keyOf))].filter((key) => place.has(key));
  return first.flatMap((key, index) => {
    const before = first[index - 1];
    return before !== undefined && place.get(before)! > place.get(key)!
      ? [`The webhook ${before} came before ${key}, which is older.`]
      : [];
  });
}
