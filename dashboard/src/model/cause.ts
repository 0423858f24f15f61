import { causeName, type ContainerView, type Incident } from '../client.js';
import * as copy from '../words/copy/index.js';
import { upperFirst } from '../words/format.js';
import { shown } from '../words/safe-text.js';
import { outlookOf } from './leak.js';
import { machineWords } from './machine-words.js';
import { needsYou } from './needs-you.js';
import { waitsOf } from './waits.js';

/** Of these a container that is up says nothing. */
const LASTS_WHILE_UP: ReadonlySet<Incident['kind']> = new Set([
  'crash-loop',
  'flapping',
  'leak',
  'unreadable',
]);

/** What causes it, as pages name it: a container, something outside, the engine, or a part of the machine. */
export const nameOfCause = ({ cause }: Incident): string => shown(causeName(cause, 'the engine'));

/** What is said of a container while it is so, and once it was; of any other kind, that it is down. */
const OF_CONTAINERS: Readonly<
  Partial<Record<Incident['kind'], Record<'now' | 'before', (name: string) => string>>>
> = {
  leak: { now: copy.cause.leak, before: copy.cause.wasLeak },
  unreadable: { now: copy.cause.unreadable, before: copy.cause.wasUnreadable },
  'crash-loop': { now: copy.cause.crashLoop, before: copy.cause.wasCrashLoop },
  flapping: { now: copy.cause.flapping, before: copy.cause.wasFlapping },
  unhealthy: { now: copy.cause.unhealthy, before: copy.cause.wasUnhealthy },
};

/** What caused an incident, in one sentence; out of memory is said first. `isUp`: of an external, whether it works again. */
export function causeSentence(incident: Incident, view: ContainerView | null, isUp = false): string {
  const { kind, cause, status } = incident;
  const over = isUp || status === 'resolved' || (view?.status === 'healthy' && !LASTS_WHILE_UP.has(kind));
  const words = copy.cause;
  if (cause.external !== undefined) {
    const called = nameOfCause(incident);
    return over ? words.wasAway(called) : words.away(called);
  }
  if (kind === 'refused-starts') return over ? words.wasRefusing : words.refuses(shown(cause.reason));
  if (cause.machine !== undefined) {
    const { now, before } = machineWords(kind);
    return over ? before(shown(cause.machine)) : now(shown(cause.machine), shown(cause.reason));
  }
  if (cause.container === null) {
    const name = nameOfCause(incident);
    return over ? words.wasSilent(upperFirst(name)) : words.silent(upperFirst(name));
  }
  const name = shown(cause.container);
  if (cause.evidence?.oomKilled) return words.oom(name, view?.memory?.limitBytes ?? null);
  if (kind === 'unhealthy' && !over) return unhealthySentence(name, view);
  const exit = kind === 'down' ? exitSentence(name, cause.evidence?.exitCode ?? null) : null;
  const { now, before } = OF_CONTAINERS[kind] ?? { now: words.down, before: words.wasDown };
  return exit ?? (over ? before(name) : now(name));
}

/** What works on getting ready answers its check; what needs a person says of what. */
function unhealthySentence(name: string, view: ContainerView | null): string {
  if (needsYou(view)) return copy.cause.needsYou(name);
  return view?.status === 'not-yet' ? copy.cause.notReady(name) : copy.cause.unhealthy(name);
}

/** How the cause was found, as the monitor says it; of a leak that goes on, as it is measured now. */
export function causeReason({ kind, status, cause }: Incident, view: ContainerView | null): string {
  if (kind !== 'leak') return shown(cause.reason, 400);
  const trend = status === 'open' ? view?.memory?.trend : null;
  return upperFirst(shown(trend?.leaking ? trend.reason : cause.reason, 400));
}

function exitSentence(name: string, code: number | null): string | null {
  const words = copy.cause;
  if (code === null) return null;
  if (code === 0) return words.ended(name);
  if (code === 1) return words.error(name);
  if (code === 137) return words.killed(name);
  if (code === 143) return words.asked(name);
  if (code === 132 || (code >= 134 && code <= 136) || code === 139) return words.crashed(name, code);
  return words.code(name, code);
}

/** An incident is over once its container has been ready for so long without a break (the monitor's rule). */
const WATCHED_MS = 60_000;
const WATCHED: ReadonlySet<Incident['kind']> = new Set(['down', 'unhealthy', 'crash-loop', 'external']);

/**
 * How long the trouble of an incident lasted, or lasts, milliseconds; without the watching whether it is over. Of one
 * that had been over in between, the latest time.
 */
export function lasted(
  { kind, openedAt, reopenedAt, resolvedAt, endedBy: by }: Incident,
  now: number,
): number {
  const until = resolvedAt === null ? now : Date.parse(resolvedAt);
  const watched = resolvedAt !== null && WATCHED.has(kind) && by !== 'person' && by !== null;
  return Math.max(0, until - Date.parse(reopenedAt ?? openedAt) - (watched ? WATCHED_MS : 0));
}

/** `bitcoin was down for 4 minutes 12 seconds. 4 containers waited for it.` */
export function headline(incident: Incident, view: ContainerView | null, now: number, isUp = false): string {
  if (incident.status === 'open') {
    const waiting = waitsOf(incident).filter(({ since }) => since !== null).length;
    return openSentence(incident, view, now, isUp) + (waiting > 0 ? copy.incident.wait(waiting) : '');
  }
  const victims = waitsOf(incident).length;
  const what = plainSentence(incident).replace(/\.$/, '');
  return (
    copy.incident.wasFor(what, lasted(incident, now)) + (victims > 0 ? copy.incident.waited(victims) : '')
  );
}

/** What a leak comes to is said before what it is. */
function openSentence(incident: Incident, view: ContainerView | null, now: number, isUp: boolean): string {
  const outlook = incident.kind === 'leak' ? outlookOf(view, now) : null;
  return outlook === null || view === null
    ? causeSentence(incident, view, isUp)
    : `${shown(view.name)} ${outlook}`;
}

function plainSentence(incident: Incident): string {
  const { kind, cause } = incident;
  if (kind !== 'down' || cause.container === null) {
    return causeSentence({ ...incident, cause: { ...cause, evidence: null } }, null);
  }
  return copy.cause.wasDown(shown(cause.container));
}

export function endedBy({ status, endedBy: by }: Incident): string {
  return status === 'open' ? copy.endedBy.open : copy.endedBy[by ?? 'none'];
}

/**
 * Of an open incident whose container runs again: that it does, and what the incident waits for. Else `null`.
 *
 * @param isSilent whether the engine does not answer: then nobody knows more than that it did run
 */
export function runsAgain(
  { kind, status, victims }: Incident,
  view: ContainerView | null,
  isSilent = false,
): string | null {
  if (status !== 'open' || view?.state !== 'running') return null;
  if (kind !== 'down' && kind !== 'unhealthy') return null;
  if (isSilent && (view.status === 'starting' || view.status === 'healthy')) return copy.incident.ranAgain;
  if (view.status === 'starting') return copy.incident.runsUnchecked;
  if (view.status !== 'healthy') return null;
  const missing = victims.filter(({ to }) => to === null).map(({ container }) => shown(container));
  return missing.length > 0 ? copy.incident.runsWithout(missing) : copy.incident.runsAgain;
}

/** Of an open incident whose external works again: that it does, and what the incident waits for. */
export function answersAgain({ victims }: Incident): string {
  const missing = victims.filter(({ to }) => to === null).map(({ container }) => shown(container));
  return missing.length > 0 ? copy.incident.answersWithout(missing) : copy.incident.answersAgain;
}

/** What a person may do about it, if anything. */
export function advice(
  incident: Incident,
  incidents: Iterable<Incident>,
  isUp = false,
  view: ContainerView | null = null,
): string {
  const { kind, cause } = incident;
  if (kind === 'refused-starts')
    return incident.status === 'open' ? copy.incident.adviceRefused : copy.incident.adviceNone;
  if (cause.machine !== undefined)
    return incident.status === 'open'
      ? machineWords(kind).advice(shown(cause.machine))
      : copy.incident.adviceNone;
  if (cause.external !== undefined) return adviceOnExternal(incident, isUp);
  if (kind === 'engine' || cause.container === null) {
    if (incident.status !== 'open') return copy.incident.adviceNone;
    return incident.host === undefined ? copy.incident.adviceEngine : copy.incident.adviceHost;
  }
  const name = shown(cause.container);
  if (cause.evidence?.oomKilled) {
    const same = [...incidents].filter(
      (one) => one.cause.container === cause.container && one.cause.evidence?.oomKilled,
    );
    return copy.incident.adviceOom(name, same.length);
  }
  if (kind === 'leak')
    return incident.status === 'open' ? copy.incident.adviceLeak(name) : copy.incident.adviceNone;
  if (kind === 'unreadable') return copy.incident.adviceUnreadable(name);
  if (incident.status === 'open' && view?.probe && needsYou(view)) return shown(view.probe.sentence, 400);
  if (kind === 'unhealthy' || kind === 'flapping') return copy.incident.adviceUnhealthy(name);
  return copy.incident.adviceLog(name);
}

function adviceOnExternal(incident: Incident, isUp: boolean): string {
  if (incident.status === 'resolved') return copy.incident.adviceNone;
  return isUp ? copy.incident.adviceExternalUp : copy.incident.adviceExternal(nameOfCause(incident));
}

/** One line about the last day: how many incidents, and how they ended. */
export function lastDay(incidents: Iterable<Incident>, now: number): string {
  const since = now - 24 * 3_600_000;
  const recent = [...incidents].filter(
    ({ openedAt, resolvedAt }) =>
      resolvedAt === null || Date.parse(openedAt) >= since || Date.parse(resolvedAt) >= since,
  );
  const open = recent.filter(({ status }) => status === 'open').length;
  if (recent.length === 0) return copy.last24.none;
  if (open > 0) return copy.last24.open(recent.length, open);
  return copy.last24.healed(recent.length, Math.max(...recent.map((incident) => lasted(incident, now))));
}
