import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, it } from 'vitest';

const execute = promisify(execFile);

/** Why a real engine cannot be tested here; `null`: it can. @param script of ours, which installs what is missing */
export async function whyNoEngine(script: string, programs: readonly string[]): Promise<string | null> {
  if (process.platform !== 'linux') return 'it needs Linux';
  if (process.getuid?.() !== 0) return 'it needs root';
  const calls = [
    ...programs.map((program) => [program, '--version'] as const),
    ['/bin/busybox', 'true'] as const,
  ];
  for (const [program, arg] of calls) {
    const isThere = await execute(program, [arg]).then(
      () => true,
      () => false,
    );
    if (!isThere) return `${program} is not installed (scripts/${script} installs it)`;
  }
  return null;
}

/** Tests that need a real engine. Where there is none they are skipped, with the reason; in CI they fail. */
export function describeWithEngine(
  engine: string,
  name: string,
  tests: () => void,
  reason: string | null,
): void {
  if (reason === null) {
    describe(name, tests);
  } else if (process.env['CI']) {
    it(`${name}: there is a real ${engine} to test with`, () => {
      throw new Error(`There is none: ${reason}.`);
    });
  } else {
    console.warn(`Skipped: ${name}: there is no real ${engine} to test with: ${reason}.`);
    describe.skip(name, tests);
  }
}
