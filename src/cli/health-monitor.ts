#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { RecordingError } from '../health-monitor/recording/index.js';
import { replayFile } from './replay-file.js';

const USAGE = `Usage: health-monitor replay FILE [CONTAINER]

  replay   tells the story of a recording (GET /health-monitor/recording), of all containers or of one, and where this
           version of the package decides otherwise than the one that made it. Ends with 1 when it does, with 2 when
           FILE cannot be read or tells nothing of CONTAINER.
`;

// Whoever reads on no longer (`| head`) has what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = main(process.argv.slice(2));

function main([command, file, container, ...more]: readonly string[]): number {
  if (command === '--help' || command === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (command !== 'replay' || file === undefined || more.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    return replayFile(readFileSync(file, 'utf8'), (line) => process.stdout.write(`${line}\n`), container);
  } catch (error) {
    const isExpected = error instanceof RecordingError || (error as NodeJS.ErrnoException).code !== undefined;
    if (!isExpected) throw error;
    process.stderr.write(`${file}: ${(error as Error).message}\n`);
    return 2;
  }
}
