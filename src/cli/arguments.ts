import { parseArgs } from 'node:util';
import { CliError, EXIT } from './cli-error.js';
import type { Call, Command } from './command.js';

export type Parsed =
  | { readonly kind: 'help' }
  | ({ readonly kind: 'command'; readonly command: Command } & Pick<Call, 'operands' | 'options'>);

const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/**
 * What is to be done. Pure.
 *
 * @param argv what stands behind the program's name
 * @throws CliError
 */
export function parseArguments(argv: readonly string[], commands: ReadonlyMap<string, Command>): Parsed {
  const [name, ...args] = argv;
  if (name === undefined) throw badUse('Which command?');
  if (name === 'help' || name === '--help' || name === '-h') return { kind: 'help' };
  const command = commands.get(name);
  if (command === undefined) throw badUse(`There is no command ${JSON.stringify(name)}.`);
  const { values, positionals } = parsed(args, command);
  if (values['help'] === true) return { kind: 'help' };
  const [least, most] = command.operands;
  if (positionals.length < least || positionals.length > most || positionals.includes(''))
    throw badUse(`It is: health-monitor ${command.synopsis}.`);
  return { kind: 'command', command, operands: positionals, options: values };
}

function parsed(args: string[], { options }: Command) {
  try {
    return parseArgs({ args, options: { ...options, ...HELP }, allowPositionals: true });
  } catch (error) {
    const isOfArguments = String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS_');
    if (!isOfArguments) throw error;
    // What follows is a hint for programmers.
    throw badUse(`${(error as Error).message.split(/\.\s|\n/)[0]!.replace(/\.$/, '')}.`);
  }
}

const badUse = (problem: string): CliError =>
  new CliError(`${problem} See health-monitor --help.`, EXIT.badUse);
