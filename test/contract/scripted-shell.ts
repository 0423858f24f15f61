import { RuntimeError } from '../../src/health-monitor/runtime/index.js';
import { type CommandScript } from '../../src/testing/index.js';

/** Does what the contract asks for as a container with a shell would. */
export const scriptedShell: CommandScript = ([program, , script = '', , ...words]) => {
  if (program === 'sleep') return new Promise(() => undefined);
  if (program !== 'sh') throw new RuntimeError('refused', `There is no program ${program}.`);
  const written = [...script.matchAll(/echo (\w+)/g)].map(([, word]) => word);
  return {
    exitCode: Number(/exit (\d+)/.exec(script)?.[1] ?? 0),
    output: [...written, ...(words.length > 0 ? [words.join(' ')] : [])].join('\n'),
  };
};
