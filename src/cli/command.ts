import type { ParseArgsConfig } from 'node:util';
import type { ApiClient } from './api/api-client.js';
import type { ExitCode } from './cli-error.js';
import type { Output } from './terminal/output.js';

/** What a command is given. */
export interface Call {
  /** What stands behind the command's name and is no option. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Reads the environment when it is first used: `replay` needs neither app nor token. */
  readonly api: () => ApiClient;
  readonly output: Output;
}

/** One command of `health-monitor`. */
export interface Command {
  /** As it is typed, without `health-monitor`: `why NAME [--at TIME]`. */
  readonly synopsis: string;
  /** In a sentence or two. */
  readonly does: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** How many operands it takes. */
  readonly operands: readonly [least: number, most: number];
  run(call: Call): Promise<ExitCode>;
}
