import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Place } from './real-engine.js';
import { until } from './until.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/debian13.sh', import.meta.url));

/** In the root that scripts/debian13.sh builds, entered by a process that keeps its mounts there. */
export const inDebian13: Place = async (directory) => {
  const entered = join(directory, 'entered');
  const keeper = spawn(SCRIPT, ['enter', directory, 'sh', '-c', `: >${entered}; exec tail -f ${entered}`], {
    stdio: 'ignore',
  });
  await until(() => existsSync(entered), 'the root of Debian 13 is entered');
  return ['nsenter', '--target', String(keeper.pid), '--mount'];
};

/**
 * Why there is no Debian 13 to test with; `null`: there is. It takes a minute to build, so that is done beforehand: by
 * hand, or in CI.
 */
export async function whyNoDebian13(): Promise<string | null> {
  try {
    await promisify(execFile)(SCRIPT, [process.env['CI'] === undefined ? 'check' : 'build']);
    return null;
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr).trim();
  }
}
