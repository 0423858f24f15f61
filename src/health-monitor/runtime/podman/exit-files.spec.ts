import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ExitHint } from '../container.js';
import { ExitFiles } from './exit-files.js';

const ID = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);

describe('ExitFiles', () => {
  let root: string;
  let folder: string;
  let exits: ExitHint[];
  let files: ExitFiles;
  let closing: AbortController;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'exits-'));
    folder = join(root, 'exits');
    await mkdir(folder);
    exits = [];
    files = new ExitFiles();
    closing = new AbortController();
    files.listen((exit) => exits.push(exit), closing.signal);
  });
  afterEach(async () => {
    closing.abort();
    await rm(root, { recursive: true });
  });

  /** As conmon does: whole at once. */
  async function leave(name: string, content: string): Promise<void> {
    await writeFile(join(folder, `${name}.K3J2`), content);
    await rename(join(folder, `${name}.K3J2`), join(folder, name));
  }
  const heard = (id: string, exitCode: number) =>
    vi.waitFor(() => expect(exits).toContainEqual({ id, exitCode }), { timeout: 5_000, interval: 5 });

  it('tell whose exit it was, and its code', async () => {
    files.areIn(folder);
    await leave(ID, '139');
    await heard(ID, 139);
    await leave(OTHER, '0');
    await heard(OTHER, 0);
  });

  it('tell nothing else: not of other files, nor of what is no code', async () => {
    files.areIn(folder);
    await leave('a'.repeat(12), '139');
    await leave(OTHER, '');
    await leave(ID, '1');
    await heard(ID, 1);
    expect(new Set(exits.map(({ id }) => id))).toEqual(new Set([ID]));
  });

  it('are silent while there is no such folder, or it is not known', async () => {
    files.areIn(join(root, 'missing'));
    files.areIn(null);
    files.areIn(folder);
    await leave(ID, '139');
    await heard(ID, 139);
  });

  it('are watched again where their folder vanished and came back', async () => {
    files.areIn(folder);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await vi.waitFor(
      async () => {
        files.areIn(folder);
        await leave(ID, '134');
        expect(exits).toContainEqual({ id: ID, exitCode: 134 });
      },
      { timeout: 5_000, interval: 20 },
    );
  });

  it.runIf(process.platform === 'linux')('are watched only while somebody listens', async () => {
    files.areIn(folder);
    expect(await isWatched(folder)).toBe(true);
    closing.abort();
    expect(await isWatched(folder)).toBe(false);
    closing = new AbortController();
    files.listen((exit) => exits.push(exit), closing.signal);
    expect(await isWatched(folder)).toBe(true);
    await leave(ID, '139');
    await heard(ID, 139);
  });
});

/** Whether the kernel watches a folder for this process. */
async function isWatched(folder: string): Promise<boolean> {
  const { ino } = await stat(folder);
  const descriptors = await readdir('/proc/self/fdinfo');
  const infos = await Promise.all(
    descriptors.map((descriptor) => readFile(`/proc/self/fdinfo/${descriptor}`, 'utf8').catch(() => '')),
  );
  return infos.some((info) => new RegExp(`^inotify .*ino:${ino.toString(16)} `, 'm').test(info));
}
