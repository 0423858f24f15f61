import { isDeepStrictEqual } from 'node:util';
import { RestartPolicy } from '../policy/index.js';
import { step, type Fact, type MonitorState, type Setting, type Step } from '../step/index.js';
import { optionsOf, RecordingError } from './read-recording.js';
import { outcomeOf, type Outcome, type Recording } from './recording.js';

/** One fact of a recording, what followed from it then, and what would follow now. */
export interface ReplayedFact {
  readonly fact: Fact;
  readonly then: Outcome;
  readonly now: Outcome;
  /** This version decides or says something else. */
  readonly differs: boolean;
}

/** Behind the header and the state. */
const FIRST_FACT_LINE = 3;

/** @throws RecordingError where a line is no fact of this format */
function stepOn(state: MonitorState, fact: Fact, setting: Setting, line: number): Step {
  try {
    return step(state, fact, setting);
  } catch (cause) {
    throw new RecordingError(`Line ${line}: the fact cannot be understood.`, { cause });
  }
}

/** Takes the facts of a recording one after the other, as the monitor did. Pure. */
export function* replay({ header, before, facts }: Recording): Generator<ReplayedFact> {
  const setting: Setting = {
    options: optionsOf(header),
    policy: new RestartPolicy(),
    isRemote: header.isRemote ?? false,
    bootId: header.bootId,
    ownId: header.ownId,
  };
  let state = before;
  let line = FIRST_FACT_LINE;
  for (const { fact, then } of facts) {
    const next = stepOn(state, fact, setting, line++);
    // As a recording has it: nothing is left of what is undefined.
    const now = JSON.parse(JSON.stringify(outcomeOf(next))) as Outcome;
    yield { fact, then, now, differs: !isDeepStrictEqual(now, then) };
    state = next.state;
  }
}
