import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.js';
import { COMMANDS } from './commands.js';

const parse = (...argv: string[]) => parseArguments(argv, COMMANDS);

describe('arguments', () => {
  it('name a command, its operands and its options, in any order', () => {
    expect(parse('hold', '--for', '2h', 'web', '--reason=backup', '--json')).toMatchObject({
      command: COMMANDS.get('hold'),
      operands: ['web'],
      options: { for: '2h', reason: 'backup', json: true },
    });
    expect(parse('replay', 'night.ndjson', 'web')).toMatchObject({ operands: ['night.ndjson', 'web'] });
    expect(parse('why', '--', '--odd')).toMatchObject({ operands: ['--odd'] });
  });

  it.each([['--help'], ['-h'], ['help'], ['status', '--help'], ['why', '-h'], ['hold', 'web', '--help']])(
    'ask for help: %s %s',
    (...argv) => {
      expect(parse(...argv)).toEqual({ kind: 'help' });
    },
  );

  it.each([
    [[], 'Which command?'],
    [['heal'], 'There is no command "heal".'],
    [['constructor'], 'There is no command "constructor".'],
    [['why'], 'It is: health-monitor why NAME [--at 03:12].'],
    [['why', 'web', 'db'], 'It is: health-monitor why NAME [--at 03:12].'],
    [['why', ''], 'It is: health-monitor why NAME [--at 03:12].'],
    [['status', 'web'], 'It is: health-monitor status.'],
    [['status', '--token', 'x'], "Unknown option '--token'."],
    [['watch', '--json'], "Unknown option '--json'."],
    [['why', 'web', '--at'], "Option '--at <value>' argument missing."],
    [['status', '--json=yes'], "Option '--json' does not take an argument."],
  ])('are refused in a sentence: %j', (argv, problem) => {
    expect(() => parse(...argv)).toThrow(
      expect.objectContaining({ message: `${problem} See health-monitor --help.`, exitCode: 2 }),
    );
  });
});
