import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until, type Place } from './podman-engine.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/podman5.sh', import.meta.url));

/** In the root that scripts/podman5.sh builds, entered by a process that keeps its mounts there. */
export const inPodman5Root: Place = async (directory) => {
  const entered = join(directory, 'entered');
  const keeper = spawn(SCRIPT, ['enter', directory, 'sh', '-c', `: >${entered}; exec tail -f ${entered}`], {
    stdio: 'ignore',
  });
  await until(() => existsSync(entered), 'the root of Podman 5 is entered');
  return ['nsenter', '--target', String(keeper.pid), '--mount'];
};

/**
 * Why there is no Podman 5 to test with; `null`: there is. It takes a minute to build, so that is done beforehand: by
 * hand, or in CI.
 */
export async function whyNoPodman5(): Promise<string | null> {
  try {
    await promisify(execFile)(SCRIPT, [process.env['CI'] === undefined ? 'check' : 'build']);
    return null;
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr).trim();
  }
}
