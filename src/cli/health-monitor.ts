#!/usr/bin/env node
import { ApiClient } from './api/api-client.js';
import { settingsOf } from './api/settings.js';
import { parseArguments } from './arguments.js';
import { CliError, EXIT, type ExitCode } from './cli-error.js';
import { COMMANDS } from './commands.js';
import { standardOutput } from './terminal/output.js';
import { oneLine } from './terminal/text.js';
import { usageOf } from './usage.js';

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));

async function main(argv: readonly string[]): Promise<ExitCode> {
  const output = standardOutput();
  try {
    const parsed = parseArguments(argv, COMMANDS);
    if (parsed.kind === 'help') {
      output.write(usageOf(COMMANDS.values()));
      return EXIT.done;
    }
    const { command, operands, options } = parsed;
    return await command.run({
      operands,
      options,
      api: () => new ApiClient(settingsOf(process.env)),
      output,
    });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    process.stderr.write(`${oneLine(error.message)}\n`);
    return error.exitCode;
  }
}
