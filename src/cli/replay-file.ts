import {
  readRecording,
  replay,
  type Outcome,
  type RecordingHeader,
} from '../health-monitor/recording/index.js';
import { tellFact } from './tell-fact.js';

/**
 * Prints the story of a recording, and where this version decides otherwise.
 *
 * @returns 0, or 1 when it does
 * @throws RecordingError
 */
export function replayFile(text: string, print: (line: string) => void): 0 | 1 {
  const recording = readRecording(text);
  const { header, facts } = recording;
  // Sentences show the time of day where the monitor ran.
  process.env['TZ'] = header.timeZone;
  print(introduction(header, facts.length));
  let differing = 0;
  for (const { fact, then, now, differs } of replay(recording)) {
    for (const line of tellFact(fact, then)) print(line);
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

/** What differs, part by part: as it was, and as it is now. */
function* difference(then: Outcome, now: Outcome): Generator<string> {
  for (const part of ['acts', 'events', 'messages', 'checkNext'] as const) {
    const [before, after] = [then[part].map(asLine), now[part].map(asLine)];
    for (const line of before) if (!after.includes(line)) yield `          ≠ no longer: ${line}`;
    for (const line of after) if (!before.includes(line)) yield `          ≠ instead: ${line}`;
  }
}

const asLine = (value: unknown): string =>
  typeof value === 'string' ? `check ${value}` : Object.values(value as object).join(' ');
