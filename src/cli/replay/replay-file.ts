import {
  readRecording,
  RecordingError,
  replay,
  type Outcome,
  type Recording,
  type RecordingHeader,
} from '../../health-monitor/recording/index.js';
import type { MonitorState } from '../../health-monitor/step/index.js';
import { dayOf, timeOfDay } from '../terminal/text.js';
import { actLine, eventLine, messageLine, tellFact } from './tell-fact.js';

/**
 * Prints the story of a recording, and where this version decides otherwise.
 *
 * @param about tells only the story of this container; `null`: of all
 * @returns 0, or 1 when it does
 * @throws RecordingError
 */
export function replayFile(text: string, print: (line: string) => void, about: string | null = null): 0 | 1 {
  const recording = readRecording(text);
  if (about !== null) refuseUnknown(recording, about);
  const { header, before, facts } = recording;
  // Sentences show the time of day where the monitor ran.
  process.env['TZ'] = header.timeZone;
  print(introduction(header, facts.length));
  for (const line of tellBefore(before, about)) print(line);
  let differing = 0;
  let day = '';
  for (const { fact, then, now, differs } of replay(recording)) {
    const today = dayOf(fact.at);
    if (today !== day) print(`— ${today} —`);
    day = today;
    for (const line of tellFact(fact, then, about)) print(line);
    if (!differs) continue;
    differing++;
    for (const line of difference(then, now)) print(line);
  }
  print(
    differing === 0
      ? 'This version decides the same throughout.'
      : `This version decides otherwise ${differing === 1 ? 'once' : `${differing} times`} (marked with ≠).`,
  );
  return differing === 0 ? 0 : 1;
}

function introduction({ version, policy }: RecordingHeader, facts: number): string {
  const own =
    policy === 'own' ? ' The host decided by a policy of its own; the built-in one is asked instead.' : '';
  return `Recorded by version ${version}: ${facts} ${facts === 1 ? 'fact' : 'facts'}.${own}`;
}

/** What had been decided, and why, before the first fact. */
function* tellBefore({ records }: MonitorState, about: string | null): Generator<string> {
  for (const { name, shown, intent } of records.values()) {
    if (shown.decision === null || (about !== null && about !== name)) continue;
    const { at, reason } = shown.decision;
    yield `${timeOfDay(at)}  before: ${name}, wished ${intent.wish.value}: ${reason}`;
  }
}

/** A name that is nowhere in a recording would have no story at all. */
function refuseUnknown({ before, facts }: Recording, name: string): void {
  const inspected = facts.flatMap(({ fact }) => (fact.kind === 'checked' ? fact.observation.inspected : []));
  const names = new Set([...before.records.keys(), ...inspected.map(({ container }) => container.name)]);
  if (!names.has(name))
    throw new RecordingError(`Nothing is recorded of ${name}. There are: ${[...names].sort().join(', ')}.`);
}

/** What differs, part by part: as it was, and as it is now. */
function* difference(then: Outcome, now: Outcome): Generator<string> {
  const [before, after] = [linesOf(then), linesOf(now)];
  for (const line of before) if (!after.includes(line)) yield `          ≠ no longer: ${line}`;
  for (const line of after) if (!before.includes(line)) yield `          ≠ instead: ${line}`;
}

const linesOf = ({ acts, events, messages, checkNext, decided }: Outcome): readonly string[] => [
  ...events.map(eventLine),
  ...Object.entries(decided).map(([name, reason]) => `${name}  decided: ${reason}`),
  ...messages.map(messageLine),
  ...acts.map((act) => `${actLine(act)}: ${act.reason}`),
  ...checkNext.map((name) => `check ${name}`),
];
