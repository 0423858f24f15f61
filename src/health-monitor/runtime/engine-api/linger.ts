import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What a person should know of an engine that runs as the user `uid`: without linger, systemd ends that user's services
 * and containers when the user logs out, and starts none at boot. `null`: all is well, or no systemd is at work here.
 */
export async function lingerWarning(engine: string, uid: number, rootPath = '/'): Promise<string | null> {
  if (!(await exists(join(rootPath, 'run/systemd/system')))) return null;
  const user = await userName(uid, rootPath);
  if (await exists(join(rootPath, 'var/lib/systemd/linger', user))) return null;
  return (
    `${engine} runs as the user ${user}, who has no linger: the containers stop when that user logs out, and do not ` +
    `come back at boot. Run \`loginctl enable-linger ${user}\`.`
  );
}

async function userName(uid: number, rootPath: string): Promise<string> {
  const users = await readFile(join(rootPath, 'etc/passwd'), 'utf8').catch(() => '');
  const line = users.split('\n').find((entry) => entry.split(':')[2] === String(uid));
  return line?.split(':')[0] ?? String(uid);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
