import type { Fact, MonitorState, Step } from '../step/index.js';
import type { RecordingHeader } from './recording.js';
import { writeFact, writeHeader, writeState } from './write-recording.js';

/** About what one inspected container takes in a recording. */
const CONTAINER_BYTES = 1_000;

/** A stretch of facts, with the state before the first of them. */
interface Stretch {
  readonly before: MonitorState;
  readonly lines: string[];
  bytes: number;
}

/**
 * Keeps the latest facts and what followed from each, at most so many bytes of them. It keeps two stretches, each of at
 * most half that size: when the later one is full, the earlier one is dropped.
 */
export class Recorder {
  private stretches: readonly Stretch[] = [];

  /** @param keepBytes 0: nothing is kept */
  constructor(private readonly keepBytes: number) {}

  record(before: MonitorState, fact: Fact, step: Step): void {
    const most = this.keepBytes / 2;
    // What is loaded replaces everything, and the first check of many containers is as long as they are: the state after
    // it says the same.
    if (fact.kind === 'loaded' || estimate(fact) > most) {
      this.stretches = [];
      return;
    }
    const line = writeFact(fact, step);
    const bytes = Buffer.byteLength(line) + 1;
    if (bytes > most) {
      this.stretches = [];
      return;
    }
    const latest = this.stretches.at(-1);
    if (latest === undefined || latest.bytes + bytes > most)
      this.stretches = [...this.stretches.slice(-1), { before, lines: [line], bytes }];
    else {
      latest.lines.push(line);
      latest.bytes += bytes;
    }
  }

  /** The recording as lines of JSON: the header, the state before the first fact, the facts. */
  export(header: RecordingHeader, now: MonitorState): string {
    const [first] = this.stretches;
    const lines = this.stretches.flatMap((stretch) => stretch.lines);
    return [writeHeader(header), writeState(first?.before ?? now), ...lines, ''].join('\n');
  }
}

const estimate = (fact: Fact): number =>
  fact.kind === 'checked' ? fact.observation.inspected.length * CONTAINER_BYTES : 0;
