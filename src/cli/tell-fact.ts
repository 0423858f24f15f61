import type { Outcome } from '../health-monitor/recording/index.js';
import type { Fact } from '../health-monitor/step/index.js';

/** A fact and what followed from it, as lines for a terminal; a check that brought nothing is not worth one. */
export function* tellFact(fact: Fact, { acts, events, messages }: Outcome): Generator<string> {
  const time = new Date(fact.at).toTimeString().slice(0, 8);
  const what = inWords(fact);
  const isQuiet = acts.length + events.length + messages.length === 0;
  if (what === null && isQuiet) return;
  yield `${time}  ${what ?? 'checked'}`;
  for (const { type, container, reason } of events)
    yield `          ${[container, type, reason].filter((part) => part !== undefined).join('  ')}`;
  for (const { type, title, message } of messages) yield `          message ${type}: ${title}. ${message}`;
  for (const { name, kind, attempt } of acts)
    yield `          ${kind} ${name}${attempt === null ? '' : `, attempt ${attempt}`}`;
}

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
    case 'memory-changed':
      return 'memory was measured';
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
