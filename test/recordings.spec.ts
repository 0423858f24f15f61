import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecording, replay } from '../src/health-monitor/recording/index.js';

const folder = path.join(import.meta.dirname, 'recordings');

/** What once happened somewhere, and what has to follow from it. A report becomes a test by copying its file there. */
describe('a recording', () => {
  it.each(readdirSync(folder).filter((file) => file.endsWith('.ndjson')))('%s comes to the same', (file) => {
    const recording = readRecording(readFileSync(path.join(folder, file), 'utf8'));
    expect(recording.facts.length).toBeGreaterThan(0);
    expect([...replay(recording)].filter(({ differs }) => differs)).toEqual([]);
  });
});
