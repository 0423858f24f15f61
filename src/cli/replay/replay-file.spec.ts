import { describe, expect, it } from 'vitest';
import { RecordingError } from '../../health-monitor/recording/index.js';
import { Fleet } from '../../../test/step/fleet.js';
import { recordingOf } from '../../../test/step/recording-of.js';
import { replayFile } from './replay-file.js';

/** The database of a fleet crashes, and cannot be started. */
const aNight = (): string => recordingOf(aFleet());

function aFleet(): Fleet {
  const fleet = new Fleet();
  fleet.checkAll();
  fleet.happen({ do: 'refuse', name: 'db' });
  fleet.happen({ do: 'crash', name: 'db', code: 1 });
  fleet.pass(5 * 60_000);
  return fleet;
}

/** One more crash, recorded without what came before. */
function theEndOf(fleet: Fleet): string {
  fleet.facts.splice(0);
  fleet.happen({ do: 'crash', name: 'api', code: 137 });
  return recordingOf(fleet);
}

function told(text: string, about: string | null = null): { lines: string[]; code: number } {
  const lines: string[] = [];
  const code = replayFile(text, (line) => lines.push(line), about);
  return { lines, code };
}

describe('replay', () => {
  it('tells the story with the reasons, and that this version decides the same', () => {
    const { lines, code } = told(aNight());
    expect(code).toBe(0);
    expect(lines[1]).toBe('— 2026-01-01 —');
    expect(lines[0]).toMatch(/^Recorded by version test: \d+ facts\.$/);
    expect(lines).toContain('          db  container.exited  Stopped with code 1.');
    expect(lines).toContain('          start db, attempt 1');
    expect(lines.some((line) => line.includes('message container.given_up: db was given up.'))).toBe(true);
    expect(lines.at(-1)).toBe('This version decides the same throughout.');
  });

  it('tells of one container only, first what had been decided about it', () => {
    const { lines } = told(theEndOf(aFleet()), 'api');
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d {2}before: api, wished running: Up\. Nothing to do\.$/);
    expect(lines).toContain('          api  container.exited  Stopped with code 137 (SIGKILL).');
    expect(lines.filter((line) => /^ {10}(db|core|web) /.test(line))).toEqual([]);
  });

  it('says what was decided before and still holds, where that answers what happened', () => {
    const fleet = new Fleet();
    fleet.checkAll();
    fleet.happen({ do: 'hold', name: 'tool' });
    fleet.happen({ do: 'crash', name: 'tool', code: 139 });
    const { lines } = told(recordingOf(fleet), 'tool');
    expect(lines.at(-2)).toBe('          tool  decision: On hold until released: backup');
  });

  it('refuses a container of which nothing is recorded, with those that are', () => {
    expect(() => told(aNight(), 'dbb')).toThrow(
      'Nothing is recorded of dbb. There are: api, core, db, tool, web.',
    );
  });

  it('says where this version decides otherwise', () => {
    const { lines, code } = told(aNight().replace('"attempt":1,"reason"', '"attempt":2,"reason"'));
    expect(code).toBe(1);
    expect(lines.some((line) => line.startsWith('          ≠ no longer: start db, attempt 2'))).toBe(true);
    expect(lines.some((line) => line.startsWith('          ≠ instead: start db, attempt 1'))).toBe(true);
    expect(lines.at(-1)).toBe('This version decides otherwise once (marked with ≠).');
  });

  it.each([
    ['', 'Line 1: this is no recording.'],
    ['{"kind":"recording","format":99}', 'Line 1: format 99 is not known to this version.'],
    ['not JSON', 'Line 1: it is not a JSON object.'],
    [aNight().split('\n')[0]!, 'Line 2: the state before the first fact is missing.'],
    [
      `${aNight().split('\n')[0]!}\n{"kind":"state"}`,
      'Line 2: the state before the first fact cannot be understood.',
    ],
    [aNight().replace('"inspected":[', '"inspects":['), /^Line \d+: the fact cannot be understood\.$/],
    [`${aNight()}5\n`, /^Line \d+: it is not a JSON object\.$/],
    [`${aNight()}{}\n`, /^Line \d+: it is no fact with what followed\.$/],
  ])('refuses what is no recording, with the line: %#', (text, message) => {
    expect(() => told(text)).toThrow(RecordingError);
    expect(() => told(text)).toThrow(message);
  });
});
