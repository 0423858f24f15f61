import type { ContainerView, Status } from '../client.js';
import { copy } from '../words/copy.js';
import { count, list } from '../words/format.js';
import { shown } from '../words/safe-text.js';
import { isBack, isOff, isPressing, type Problem } from './problems.js';

export interface Verdict {
  readonly title: string;
  /** What is being done about it, and how the rest is. */
  readonly detail: string;
}

/** The one sentence for which the page is opened. */
export function verdict(
  containers: readonly ContainerView[],
  problems: readonly Problem[],
  options: { lastKnown: boolean },
): Verdict {
  const ofContainers = problems.filter(({ incident }) => incident.kind !== 'engine');
  const plain = judge(containers, ofContainers.filter(isPressing), ofContainers.filter(isBack));
  return options.lastKnown ? { title: copy.verdict.lastKnown(lowerFirst(plain.title)), detail: '' } : plain;
}

function judge(
  containers: readonly ContainerView[],
  problems: readonly Problem[],
  back: readonly Problem[],
): Verdict {
  const total = containers.length;
  if (total === 0 && problems.length === 0)
    return { title: copy.verdict.none, detail: copy.verdict.noneDetail };

  const having = (...statuses: Status[]) =>
    containers.filter(({ status }) => statuses.includes(status)).length;
  const healthy = having('healthy');
  const rest = copy.verdict.healthy(healthy, total);
  const [worst] = problems;

  if (worst && problems.length === 1) {
    const victims = worst.incident.victims.filter(({ to }) => to === null).length;
    return {
      title:
        copy.verdict.one(nameOf(worst), isOf(worst)) + (victims > 0 ? copy.verdict.waitFor(victims) : ''),
      detail: [doing(worst), rest].filter((part) => part !== '').join(' '),
    };
  }
  if (worst && problems.length <= 3) {
    return {
      title: `${list(problems.map((problem) => `${nameOf(problem)} ${isOf(problem)}`))}.`,
      detail: rest,
    };
  }
  if (worst) return { title: copy.verdict.worst(problems.length, nameOf(worst), isOf(worst)), detail: rest };

  if (back.length > 0) {
    return {
      title: copy.verdict.back(list(back.map(nameOf)), back.length),
      detail: `${copy.verdict.watched(back.length)} ${rest}`,
    };
  }

  const off = containers.filter(({ status }) => isOff(status)).length;
  const unsettled = containers.filter(({ status }) => status !== 'healthy' && !isOff(status));
  if (unsettled.length > 0) {
    const parts = [...new Set(unsettled.map(({ status }) => copy.is[status]))].map((is) => {
      const same = unsettled.filter(({ status }) => copy.is[status] === is);
      const [first] = same;
      return same.length === 1 && first
        ? `${shown(first.name)} ${is}`
        : `${count(same.length, 'container')} ${plural(is)}`;
    });
    const calm = unsettled.every(({ status }) => status === 'starting' || status === 'restarting');
    return { title: calm ? copy.verdict.settling(`${list(parts)}.`) : `${list(parts)}.`, detail: rest };
  }
  if (off === total) return { title: copy.verdict.allOff(off), detail: '' };
  return {
    title: off === 0 ? copy.verdict.all(total) : copy.verdict.allWatched(total - off, off),
    detail: '',
  };
}

function nameOf({ incident }: Problem): string {
  return incident.cause.container === null ? 'Podman' : shown(incident.cause.container);
}

function isOf({ incident, view }: Problem): string {
  if (incident.kind === 'crash-loop' && view?.status !== 'given-up') return copy.isCrashLooping;
  if (view && view.status !== 'healthy') return copy.is[view.status];
  return incident.kind === 'unhealthy' ? copy.is.unhealthy : copy.is.down;
}

function doing({ view }: Problem): string {
  const { acting } = copy.verdict;
  switch (view?.status) {
    case 'restarting':
    case 'down':
      return view.decision.code === 'stuck' ? acting.stuck : acting.restarting;
    case 'backing-off':
      return acting.backingOff;
    case 'given-up':
      return acting.givenUp;
    case 'unhealthy':
      return acting.unhealthy;
    case 'starting':
      return acting.starting;
    case 'healthy':
    case 'held':
    case 'ignored':
    case 'stopped':
    case 'waiting':
    case undefined:
      return '';
  }
}

function plural(is: string): string {
  return is.replace(/^is /, 'are ').replace(/^waits$/, 'wait');
}

/** Only words of ours begin a sentence in upper case; names of containers stay as they are. */
function lowerFirst(sentence: string): string {
  return /^(All|The|No|Nothing) /.test(sentence)
    ? sentence.charAt(0).toLowerCase() + sentence.slice(1)
    : sentence;
}
