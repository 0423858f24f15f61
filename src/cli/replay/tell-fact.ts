import { timeOfDay } from '../terminal/text.js';
import type { Outcome } from '../../health-monitor/recording/index.js';
import type { Fact, FactOf } from '../../health-monitor/step/index.js';

/**
 * A fact and what followed from it, as lines for a terminal; none for a check that brought nothing.
 *
 * @param about only what is about this container, or about all of them; `null`: everything
 */
export function* tellFact(fact: Fact, outcome: Outcome, about: string | null = null): Generator<string> {
  const isTold = (container: string | null): boolean =>
    about === null || container === null || container === about;
  const events = outcome.events.filter(({ container = null }) => isTold(container));
  const messages = outcome.messages.filter(({ container }) => isTold(container));
  const acts = outcome.acts.filter(({ name }) => isTold(name));
  const what = isTold(subjectOf(fact)) ? inWords(fact) : null;
  if (what === null && events.length + messages.length + acts.length === 0) return;
  yield `${timeOfDay(fact.at)}  ${what ?? 'checked'}`;
  for (const event of events) yield `          ${eventLine(event)}`;
  // A decision that is told in no event has none of its own.
  const concerned = fact.kind === 'checked' ? events : [];
  for (const name of new Set(concerned.flatMap(({ container }) => container ?? []))) {
    const decided = outcome.decided[name];
    const isSaid = events.some(({ container, reason }) => container === name && reason === decided);
    if (decided !== undefined && !isSaid) yield `          ${name}  decision: ${decided}`;
  }
  for (const message of messages) yield `          ${messageLine(message)}`;
  for (const act of acts) yield `          ${actLine(act)}`;
}

export const actLine = ({ name, kind, attempt }: Outcome['acts'][number]): string =>
  `${kind} ${name}${attempt === null ? '' : `, attempt ${attempt}`}`;

export const messageLine = ({ type, title, message }: Outcome['messages'][number]): string =>
  `message ${type}: ${title}. ${message}`;

export const eventLine = ({ container, type, reason }: Outcome['events'][number]): string =>
  [container, type, reason].filter((part) => part !== undefined).join('  ');

/** The one container that a fact is about; `null`: not one alone. */
function subjectOf(fact: Fact): string | null {
  if (fact.kind === 'acted') return fact.act.name;
  return fact.kind === 'asked' ? fact.container : null;
}

type SeenElsewhere = FactOf<'elsewhere-seen'>['containers'][number];

const elsewhereInWords = ({ reference, lacks, silentSince }: SeenElsewhere): string =>
  `${reference} ${lacks.healthy ?? (silentSince === null ? 'is ready' : 'was ready, and its host does not answer')}`;

/** `null`: a check, which is worth a word only when something follows from it. */
function inWords(fact: Fact): string | null {
  switch (fact.kind) {
    case 'checked':
      return null;
    case 'check-failed':
      return `the engine did not answer: ${fact.problem}`;
    case 'acted': {
      const { name, kind } = fact.act;
      const { kind: outcome, detail } = fact.outcome;
      return `${kind} of ${name} ended: ${outcome}${detail === null ? '' : `, ${detail}`}`;
    }
    case 'asked':
      return `${fact.by} asked: ${fact.request.kind} ${fact.container}`;
    case 'probes-doubted':
      return `${fact.containers.length} containers fail their probes at once`;
    case 'external-answered':
      return `${fact.external} answered: ${fact.answers.sentence}`;
    case 'elsewhere-seen':
      return fact.containers.map(elsewhereInWords).join('; ');
    case 'memory-changed':
      return 'memory was measured';
    case 'machine-read':
      return 'something of the machine changed';
    case 'store-changed':
      return `the store is ${fact.change}`;
    case 'clock-set':
      return `the clock was set by ${Math.round(fact.by / 1_000)} seconds`;
    case 'slept':
      return 'the host slept';
    case 'loaded':
      return 'what an earlier process left was loaded';
  }
}
