import { readFile } from 'node:fs/promises';
import { CliError, EXIT } from '../cli-error.js';
import type { Command } from '../command.js';

export const replay: Command = {
  synopsis: 'replay FILE [NAME]',
  does: `tells the story of a recording (GET /health-monitor/recording), of all containers or of one, and where this
version of the package decides otherwise than the one that made it`,
  options: {},
  operands: [1, 2],
  async run({ operands: [file = '', container], output }) {
    // The only command that decides anything: the others start sooner without what that takes.
    const [{ replayFile }, { RecordingError }] = await Promise.all([
      import('../replay/replay-file.js'),
      import('../../health-monitor/recording/index.js'),
    ]);
    try {
      return replayFile(await readFile(file, 'utf8'), (line) => output.print(line), container);
    } catch (error) {
      const isExpected =
        error instanceof RecordingError || (error as NodeJS.ErrnoException).code !== undefined;
      if (!isExpected) throw error;
      throw new CliError(`${file}: ${(error as Error).message}`, EXIT.badUse);
    }
  },
};
