import { execFile } from 'node:child_process';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export const IMAGE = 'localhost/busybox:bench';

/** Lives until it is given an exit code. No signal: after a restart by Podman's own policy, some are ignored. */
export const SERVICE = 'test -p /end || mkfifo /end; read code < /end; exit $code';

/** Writes the files of an image with a shell into `directory`; gives the archive that holds them. */
export async function archiveImage(directory) {
  const bin = join(directory, 'rootfs', 'bin');
  await mkdir(bin, { recursive: true });
  await cp('/bin/busybox', join(bin, 'busybox'), { dereference: true });
  for (const applet of ['sh', 'mkfifo']) await symlink('busybox', join(bin, applet));
  const archive = join(directory, 'rootfs.tar');
  await execute('tar', ['-C', join(directory, 'rootfs'), '-cf', archive, '.']);
  return archive;
}
