import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lingerWarning } from './linger.js';

describe('lingerWarning', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'root-'));
    for (const folder of ['etc', 'run/systemd/system', 'var/lib/systemd/linger']) {
      await mkdir(join(root, folder), { recursive: true });
    }
    await writeFile(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('warns of a user without linger, with the command that helps', async () => {
    expect(await lingerWarning('Podman', 1000, root)).toContain('`loginctl enable-linger ada`');
    expect(await lingerWarning('Podman', 1001, root)).toContain('`loginctl enable-linger 1001`');
  });

  it('is silent about a user with linger, and without systemd', async () => {
    await writeFile(join(root, 'var/lib/systemd/linger/ada'), '');
    expect(await lingerWarning('Podman', 1000, root)).toBeNull();
    await rm(join(root, 'run/systemd'), { recursive: true });
    expect(await lingerWarning('Podman', 1001, root)).toBeNull();
  });
});
