import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RuntimeError } from '../../runtime-error.js';

const PREFIX = 'hm-ssh-';
/** What the kernel has room for, less on macOS. */
const MOST_BYTES = 103;
/** One is that old, and still without a socket: nobody is at work in it any more. */
const ABANDONED_MS = 10 * 60_000;

/** Of the socket in such a folder. */
export const socketIn = (folder: string): string => join(folder, 's');

/**
 * A new folder that only this user can enter, for a socket whose path is short enough. Removes on the way what
 * processes left that had no time to.
 *
 * @throws RuntimeError of kind `outage` when there is no place for it
 */
export async function makePrivateFolder(
  places: readonly string[] = [process.env['XDG_RUNTIME_DIR'] ?? '', tmpdir(), '/tmp'],
): Promise<string> {
  const fitting = [...new Set(places)].filter(
    (place) =>
      /^\/[\w.,/@+=-]*$/.test(place) &&
      Buffer.byteLength(socketIn(join(place, `${PREFIX}XXXXXX`))) <= MOST_BYTES,
  );
  for (const place of fitting) {
    await sweep(place);
    const folder = await mkdtemp(join(place, PREFIX)).catch(() => null);
    if (folder !== null) return folder;
  }
  throw new RuntimeError(
    'outage',
    `There is no folder for the socket of an SSH tunnel: nothing can be written in ${fitting.join(', ') || 'any'}. Set TMPDIR to one ` +
      'with a short path.',
  );
}

async function sweep(place: string): Promise<void> {
  const names = await readdir(place).catch(() => []);
  const folders = names.filter((name) => name.startsWith(PREFIX)).map((name) => join(place, name));
  for (const folder of folders) {
    if (await isAbandoned(folder)) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** It is ours, and nobody listens there any more, or nobody ever did. */
async function isAbandoned(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  if (!found?.isDirectory() || found.uid !== process.getuid?.()) return false;
  const code = await whyNoConnection(socketIn(folder));
  return code === 'ECONNREFUSED' || (code === 'ENOENT' && Date.now() - found.mtimeMs > ABANDONED_MS);
}

/** The code of what keeps anybody from connecting there; `null`: nothing. */
export function whyNoConnection(socketPath: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy();
      resolve(null);
    });
    socket.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? 'unknown'));
  });
}
