import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPTS = fileURLToPath(new URL('../../scripts/', import.meta.url));

/**
 * What a script prints that finds, or installs, what `tests` need; `null`: it is not to be had, and the reason is printed.
 * In CI that is a failure.
 */
export function installed(script: string, tests: string): string | null {
  try {
    return execFileSync('sh', [`${SCRIPTS}${script}`], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
    if (process.env['CI'] === 'true')
      throw new Error(`Without it there are no ${tests}. ${said}`, { cause: error });
    console.warn(`Skipped: ${tests}. ${said}`);
    return null;
  }
}
