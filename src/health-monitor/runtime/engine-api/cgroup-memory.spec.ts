import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CgroupMemoryReader } from './cgroup-memory.js';

const GROUP = '/machine.slice/libpod-a.scope';

describe('CgroupMemoryReader', () => {
  let mount: string;
  let reader: CgroupMemoryReader;
  beforeEach(async () => {
    mount = await mkdtemp(join(tmpdir(), 'cgroup-'));
    reader = new CgroupMemoryReader(mount);
  });
  afterEach(() => rm(mount, { recursive: true }));

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(mount, path)), { recursive: true });
      await writeFile(join(mount, path), text);
    }
  }

  describe('version 2', () => {
    const files = {
      [`${GROUP}/memory.current`]: '100000\n',
      [`${GROUP}/memory.stat`]:
        'anon 30000\nfile 60000\ninactive_file 40000\nactive_file 10000\nslab_reclaimable 5000\nslab 9000\n',
      [`${GROUP}/memory.swap.current`]: '7000\n',
      [`${GROUP}/memory.max`]: '200000\n',
      '/machine.slice/memory.max': 'max\n',
    };

    it('leaves out what the kernel can give back, and counts what was swapped out', async () => {
      await write(files);
      expect(reader.read(GROUP)).toEqual({ usedBytes: 52_000, limitBytes: 200_000 });
    });

    it('takes the tightest limit of the groups around it', async () => {
      await write({ ...files, '/machine.slice/memory.max': '150000\n' });
      expect(reader.read(GROUP)?.limitBytes).toBe(150_000);
    });

    it('knows of no limit where all groups say max, and of no swap where there is none', async () => {
      await write({ ...files, [`${GROUP}/memory.max`]: 'max\n' });
      await rm(join(mount, GROUP, 'memory.swap.current'));
      expect(reader.read(GROUP)).toEqual({ usedBytes: 45_000, limitBytes: null });
    });
  });

  it('reads version 1: memory of its own, tmpfs, and swap', async () => {
    await write({
      [`memory${GROUP}/memory.stat`]:
        'cache 1\nrss 2\nhierarchical_memory_limit 300000\ntotal_cache 60000\ntotal_rss 30000\ntotal_shmem 8000\n' +
        'total_swap 7000\ntotal_inactive_file 40000\ntotal_active_file 12000\n',
    });
    expect(reader.read(GROUP)).toEqual({ usedBytes: 45_000, limitBytes: 300_000 });
  });

  it.each(['/nowhere', '', 'machine.slice', '/../etc'])('cannot read %j', (path) => {
    expect(reader.read(path)).toBeNull();
  });
});
