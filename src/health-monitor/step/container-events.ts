import { isDeepStrictEqual } from 'node:util';
import type {
  ContainerEventData,
  ContainerView,
  EventDraft,
  HealthEventType,
} from '../../common/events/index.js';
import {
  exitInWords,
  inWords,
  meaningOf,
  signalOf,
  type ContainerRecord,
  type Decision,
  type Happening,
  type MadeDecision,
  type Shown,
} from '../policy/index.js';
import { isOpen, type IncidentRecord } from '../incidents/index.js';
import { isBlockedAlike } from './note-decision.js';

/** In a crash loop, exits and starts are published this often. */
const MUTED_FOR_MS = 60_000;

export type ContainerEventType = Extract<HealthEventType, `container.${string}`>;
/** An event about a container, before it is known when and about whom. */
export type ContainerNews = readonly [type: ContainerEventType, data: ContainerEventData];

/** An event about a container. */
export const containerEvent = (
  [type, data]: ContainerNews,
  container: string,
  at: number,
): EventDraft<ContainerEventType> => ({ type, at: new Date(at).toISOString(), container, data });

/** What is published of something that happened to a container; `null`: nothing. */
function newsOf(happening: Happening): ContainerNews | null {
  switch (happening.kind) {
    case 'died': {
      const { exitCode, oomKilled } = happening.death;
      const signal = signalOf(exitCode);
      const reason = `Stopped with ${exitInWords(exitCode, oomKilled)}.`;
      return ['container.exited', { reason, exitCode, oomKilled, ...(signal === null ? {} : { signal }) }];
    }
    case 'began-run':
      return happening.byUs ? null : ['container.started', { reason: 'Started, not by the monitor.' }];
    case 'stopped-by-person':
      return ['container.stopped', { reason: 'Stopped by hand; left off.', by: 'engine' }];
    case 'hold-over':
      return ['container.released', { reason: 'Its hold has ended.' }];
    case 'recreated':
      return ['container.changed', { reason: 'Made anew under the same name.' }];
    case 'stable':
      return ['container.changed', { reason: 'Up long enough; its attempts are forgotten.' }];
    case 'crash-loop': {
      const { deaths, windowMs } = happening;
      const reason = `Exited ${deaths} times in ${inWords(windowMs)}.`;
      return ['container.crash_loop', { reason, count: deaths }];
    }
    case 'flapping':
      return [
        'container.flapping',
        { reason: 'Its health check fails again and again, each time for a short while.' },
      ];
    case 'crash-loop-over':
      return ['container.changed', { reason: 'It has stopped crashing.' }];
  }
}

/** What a crash loop says again and again. */
const REPEATED: ReadonlySet<Happening['kind']> = new Set(['died', 'began-run'] as const);

/**
 * What is published of what happened to a container. In a crash loop its exits and starts are published once a minute,
 * with the count of those left out. Pure.
 */
export function newsOfHappenings(
  record: Pick<ContainerRecord, 'loop' | 'shown'>,
  happened: readonly Happening[],
  now: number,
): { readonly news: readonly ContainerNews[]; readonly shown: Shown } {
  const news: ContainerNews[] = [];
  let { muted } = record.shown;
  for (const happening of happened) {
    const one = newsOf(happening);
    if (one === null) continue;
    if (!REPEATED.has(happening.kind)) {
      news.push(one);
      continue;
    }
    if (record.loop.since === null) {
      muted = null;
      news.push(one);
    } else if (muted === null || now - muted.since >= MUTED_FOR_MS) {
      news.push(withCount(one, muted?.count ?? 0));
      muted = { since: now, count: 0 };
    } else muted = { ...muted, count: muted.count + 1 };
  }
  return { news, shown: muted === record.shown.muted ? record.shown : { ...record.shown, muted } };
}

const withCount = ([type, data]: ContainerNews, leftOut: number): ContainerNews =>
  leftOut === 0 ? [type, data] : [type, { ...data, count: leftOut + 1 }];

/** What is published of a decision: that attempts begin anew, and what a new decision means. Pure. */
export function newsOfDecision(
  before: MadeDecision | null,
  decision: Decision,
  rearmed: string | undefined,
): readonly ContainerNews[] {
  const news: ContainerNews[] = rearmed === undefined ? [] : [['container.rearmed', { reason: rearmed }]];
  const isSame = before?.code === decision.code && before.action === decision.action;
  if (isSame && isBlockedAlike(before, decision)) return news;
  const type = decision.action === 'give-up' ? 'container.given_up' : meaningOf(decision).event;
  if (type === null) return news;
  const { reason, blockedBy } = decision;
  return [...news, [type, blockedBy.length === 0 ? { reason } : { reason, blockedBy }]];
}

/** That the causes of incidents are well again. Pure. */
export function newsOfRecovery(incident: IncidentRecord): ContainerNews | null {
  const { cause, endedBy, since, backAt, id } = incident;
  if (isOpen(incident) || cause.container === null || backAt === null || endedBy === 'dependency')
    return null;
  const reason = `Healthy again after ${inWords(backAt - since)}.`;
  return ['container.recovered', { reason, incidentId: id }];
}

/**
 * The events with the views of containers that changed: a view rides along with the last event about its container, or
 * in an event of its own. Pure.
 */
export function withViews(
  events: readonly EventDraft[],
  changed: readonly { readonly view: ContainerView; readonly known: ContainerView | undefined }[],
  now: number,
): readonly EventDraft[] {
  const last = new Map(events.map(({ container }, index) => [container, index]));
  const next = [...events];
  for (const { view, known } of changed) {
    const index = last.get(view.name);
    const event = index === undefined ? undefined : next[index];
    if (event !== undefined && index !== undefined) {
      next[index] = { ...event, data: { ...(event.data as ContainerEventData), view } } as EventDraft;
    } else if (known === undefined || !isSameView(view, known)) {
      const { reason } = view.decision;
      next.push(containerEvent(['container.changed', { reason, view }], view.name, now));
    }
  }
  return next;
}

/** Apart from what changes all the time, and is published in other ways. */
function isSameView(view: ContainerView, known: ContainerView): boolean {
  const { memory, spans } = view;
  const decision = { ...view.decision, at: known.decision.at };
  return isDeepStrictEqual({ ...view, memory, spans, decision }, { ...known, memory, spans });
}
