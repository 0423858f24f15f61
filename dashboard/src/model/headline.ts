import type { ContainerView, Status } from '../client.js';
import * as copy from '../words/copy/index.js';
import { count, list, upperFirst } from '../words/format.js';
import { shown } from '../words/safe-text.js';
import { nameOfCause } from './cause.js';
import { needsYou } from './needs-you.js';
import { isBack, isOff, isOfThisEngine, isPressing, type Problem } from './problems.js';

export interface Headline {
  readonly title: string;
  /** What is being done about it, and how the rest is. */
  readonly detail: string;
}

/** The one sentence for which the page is opened. */
export function headline(
  containers: readonly ContainerView[],
  problems: readonly Problem[],
  options: { lastKnown: boolean },
): Headline {
  // Of what is on a silent host, that the host is silent says it all.
  const said = problems.filter(
    ({ incident, view }) => !isOfThisEngine(incident) && view?.status !== 'unknown',
  );
  const pressing = problems.filter(isPressing).length;
  const plain = headlineNow(containers, said.filter(isPressing), said.filter(isBack), pressing);
  if (!options.lastKnown) return plain;
  const isName = said.some(({ incident }) => plain.title.startsWith(nameOfCause(incident)));
  const title = isName ? plain.title : lowerFirst(plain.title);
  return { title: copy.headline.lastKnown(title), detail: '' };
}

function headlineNow(
  containers: readonly ContainerView[],
  problems: readonly Problem[],
  back: readonly Problem[],
  pressing: number,
): Headline {
  const total = containers.length;
  if (total === 0 && problems.length === 0)
    return { title: copy.headline.none, detail: copy.headline.noneDetail };

  const having = (...statuses: Status[]) =>
    containers.filter(({ status }) => statuses.includes(status)).length;
  const healthy = having('healthy');
  const rest = copy.headline.healthy(healthy, total);
  const [worst] = problems;

  if (worst) {
    const parts = [problems.length === 1 ? doing(worst) : '', notKnown(problems, containers), rest];
    return { title: wrong(problems, pressing), detail: parts.filter((part) => part !== '').join(' ') };
  }

  if (back.length > 0) {
    return {
      title: copy.headline.back(list(back.map(nameOf)), back.length),
      detail: `${copy.headline.watched(back.length)} ${rest}`,
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
    const calm = unsettled.every(
      ({ status }) => status === 'starting' || status === 'not-yet' || status === 'restarting',
    );
    return { title: calm ? copy.headline.settling(`${list(parts)}.`) : `${list(parts)}.`, detail: rest };
  }
  if (off === total) return { title: copy.headline.allOff(off), detail: '' };
  return {
    title: off === 0 ? copy.headline.all(total) : copy.headline.allWatched(total - off, off),
    detail: '',
  };
}

/** Several silent hosts are one thing to say; it comes first, as they do. */
function wrong(problems: readonly Problem[], pressing: number): string {
  const silent = problems.filter(isOfHost);
  if (silent.length < 2) return wrongAmong(problems, pressing);
  const others = problems.filter((problem) => !isOfHost(problem));
  const sentence = copy.headline.silent(silent.length, list(silent.map(nameOf)));
  return others.length === 0 ? sentence : `${sentence} ${wrongAmong(others, pressing)}`;
}

function wrongAmong(problems: readonly Problem[], pressing: number): string {
  const [worst] = problems;
  if (!worst) return '';
  if (problems.length > 3) return copy.headline.worst(pressing, nameOf(worst), isOf(worst));
  if (problems.length > 1)
    return `${list(problems.map((problem) => `${nameOf(problem)} ${isOf(problem)}`))}.`;
  const victims = worst.incident.victims.filter(({ to }) => to === null).length;
  return copy.headline.one(nameOf(worst), isOf(worst)) + (victims > 0 ? copy.headline.waitFor(victims) : '');
}

const isOfHost = ({ incident }: Problem): boolean => incident.kind === 'engine';

/** How much there is of which nobody knows how it is, since its host is silent. */
function notKnown(problems: readonly Problem[], containers: readonly ContainerView[]): string {
  if (!problems.some(isOfHost)) return '';
  return copy.headline.notKnown(containers.filter(({ status }) => status === 'unknown').length);
}

function nameOf({ incident }: Problem): string {
  const name = nameOfCause(incident);
  return name.startsWith('the ') ? upperFirst(name) : name;
}

function isOf({ incident, view }: Problem): string {
  const ofMachine = (copy.headline.ofMachine as Partial<Record<string, string>>)[incident.kind];
  if (ofMachine !== undefined) return ofMachine;
  if (incident.kind === 'engine') return copy.isSilent;
  if (incident.kind === 'crash-loop' && view?.status !== 'given-up') return copy.isCrashLooping;
  if (needsYou(view)) return copy.needsYou;
  if (view && view.status !== 'healthy') return copy.is[view.status];
  return incident.kind === 'unhealthy' ? copy.is.unhealthy : copy.is.down;
}

/** Decisions by which one that is down is not being restarted now. */
const NOTHING_DONE: ReadonlySet<string> = new Set([
  'start-up-delay',
  'observing-soon',
  'observing',
  'standing-by',
  'store-away',
]);

function doing({ view }: Problem): string {
  const { acting } = copy.headline;
  switch (view?.status) {
    case 'restarting':
    case 'down':
      if (NOTHING_DONE.has(view.decision.code)) return shown(view.decision.reason, 200);
      return view.decision.code === 'stuck' ? acting.stuck : acting.restarting;
    case 'backing-off':
      return acting.backingOff;
    case 'given-up':
      return acting.givenUp;
    case 'unhealthy':
      return acting.unhealthy;
    case 'starting':
      return acting.starting;
    case 'not-yet':
      return shown(view.decision.reason);
    case 'crash-looping':
    case 'healthy':
    case 'held':
    case 'ignored':
    case 'stopped':
    case 'unknown':
    case 'waiting':
    case undefined:
      return '';
  }
}

function plural(is: string): string {
  return is.replace(/^is /, 'are ').replace(/^waits$/, 'wait');
}

/** Only words of ours begin a sentence in upper case. */
function lowerFirst(sentence: string): string {
  return /^(All|The|No|Nothing) /.test(sentence)
    ? sentence.charAt(0).toLowerCase() + sentence.slice(1)
    : sentence;
}
