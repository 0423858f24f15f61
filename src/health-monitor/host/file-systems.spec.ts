import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSystems, type FileSystemSource } from './file-systems.js';
import { SystemHost } from './host.js';
import { readMemoryPressure } from './memory-pressure.js';

const MIB = 1024 ** 2;
const SPACE = { bsize: 4096, blocks: 1_000, bavail: 250, files: 100, ffree: 40 };

function source(changes: Partial<FileSystemSource> & { table: string }): FileSystemSource {
  const { table, ...rest } = changes;
  return {
    mountTable: () => Promise.resolve(table),
    realpath: (of) => Promise.resolve(of),
    statfs: () => Promise.resolve(SPACE),
    ...rest,
  };
}

const ROOT = '1 0 8:1 / / rw - ext4 /dev/sda rw';
const DATA = '2 1 8:2 / /data rw - ext4 /dev/sdb rw';
const NAS = '3 1 0:50 / /nas rw - nfs4 nas:/films rw';
const OTHER_NAS = '4 1 0:51 / /other rw - nfs4 other:/films rw';

describe('file systems', () => {
  it('are told once each, with the paths on them', async () => {
    const read = await new FileSystems(source({ table: [ROOT, DATA].join('\n') })).read(
      ['/data/a', '/var/lib', '/data/b'],
      'this-process',
    );
    const space = { sizeBytes: 4_096_000, freeBytes: 1_024_000, freeFilesShare: 0.4, readOnlyPaths: [] };
    expect(read).toEqual([
      { mount: '/data', ...space, paths: ['/data/a', '/data/b'] },
      { mount: '/', ...space, paths: ['/var/lib'] },
    ]);
  });

  it('stay known while the table of mounts cannot be read', async () => {
    const tables = [() => Promise.resolve(ROOT), () => Promise.reject(new Error('EMFILE'))];
    const systems = new FileSystems(source({ table: '', mountTable: () => tables.shift()!() }));
    const first = await systems.read(['/var'], 'this-process');
    expect(first).toHaveLength(1);
    expect(await systems.read(['/var'], 'this-process')).toEqual(first);
  });

  it('are found behind links, and by their words where a path is hidden from us', async () => {
    const systems = new FileSystems(
      source({
        table: [ROOT, DATA].join('\n'),
        realpath: (of) => (of === '/link' ? Promise.resolve('/data/x') : Promise.reject(new Error('EACCES'))),
      }),
    );
    const read = await systems.read(['/link', '/root/secret'], 'this-process');
    expect(read.map(({ mount }) => mount)).toEqual(['/data', '/']);
  });

  it('that are packed, have no size or cannot be read are left out', async () => {
    const table = [
      ROOT,
      '2 1 7:1 / /snap ro - squashfs /dev/loop1 ro',
      '3 1 0:3 / /proc rw - proc proc rw',
      DATA,
    ].join('\n');
    const systems = new FileSystems(
      source({
        table,
        statfs: (mount) =>
          mount === '/data'
            ? Promise.reject(new Error('EIO'))
            : Promise.resolve(mount === '/proc' ? { ...SPACE, blocks: 0 } : SPACE),
      }),
    );
    const read = await systems.read(['/snap/x', '/proc/x', '/data/x', '/x'], 'this-process');
    expect(read.map(({ mount }) => mount)).toEqual(['/']);
    expect(await new FileSystems(source({ table: '' })).read(['/x'], 'this-process')).toEqual([]);
  });

  it('of the machine are not those of our own root, in a container', async () => {
    const systems = new FileSystems(source({ table: [ROOT, DATA].join('\n') }));
    const read = await systems.read(['/', '/var/lib/x', '/data/x'], 'the-machine');
    expect(read.map(({ mount, paths }) => [mount, paths])).toEqual([
      ['/', ['/']],
      ['/data', ['/data/x']],
    ]);
  });

  it('that do not answer keep their figures, and are not asked again before they have answered', async () => {
    let answer: (() => void) | undefined;
    let asked = 0;
    let hangs = false;
    const systems = new FileSystems(
      source({
        table: [ROOT, NAS, OTHER_NAS].join('\n'),
        statfs: (mount) => {
          if (mount === '/') return Promise.resolve(SPACE);
          asked++;
          if (!hangs) return Promise.resolve({ ...SPACE, bavail: 7 });
          return new Promise((resolve) => {
            answer = () => resolve({ ...SPACE, bavail: 9 });
          });
        },
      }),
      10,
    );
    const free = async () =>
      (await systems.read(['/nas/x', '/x'], 'this-process')).map(({ freeBytes }) => freeBytes / 4096);
    expect(await free()).toEqual([7, 250]);
    hangs = true;
    expect(await free()).toEqual([7, 250]);
    expect(await free()).toEqual([7, 250]);
    expect(asked).toBe(2);
    // Another server is not asked meanwhile: each that hangs would take one more of few threads.
    expect(await systems.read(['/other/x'], 'this-process')).toEqual([]);
    expect(asked).toBe(2);
    answer?.();
    await new Promise((resolve) => setImmediate(resolve));
    hangs = false;
    expect(await free()).toEqual([7, 250]);
    expect(asked).toBe(3);
  });
});

describe('memory pressure', () => {
  it('is the share for which everything waited in the last five minutes', () => {
    const text =
      'some avg10=9.00 avg60=8.00 avg300=7.00 total=1\nfull avg10=3.10 avg60=2.00 avg300=12.50 total=5\n';
    expect(readMemoryPressure(text)).toBe(0.125);
    expect(readMemoryPressure('some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n')).toBeNull();
    expect(readMemoryPressure('')).toBeNull();
  });
});

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

describe.skipIf(process.platform !== 'linux')('this machine', () => {
  it('says what is free where we are', async () => {
    const [here] = await new SystemHost().space([import.meta.dirname], 'this-process');
    const { bsize, blocks } = statfsSync(import.meta.dirname);
    expect(here?.sizeBytes).toBe(bsize * blocks);
    expect(here?.freeBytes).toBeGreaterThan(0);
    expect(here?.paths).toEqual([import.meta.dirname]);
  });

  it('says how it is with memory, or that nobody knows', async () => {
    const pressure = await new SystemHost().memoryPressure();
    if (pressure !== null) expect(pressure).toBeLessThanOrEqual(1);
  });

  describe.skipIf(!isRoot)('with a file system of 1 MiB', () => {
    let place: string;
    const mount = (...args: string[]) => execFileSync('mount', [...args, place], { timeout: 10_000 });

    beforeEach(() => {
      place = path.join(mkdtempSync(path.join(os.tmpdir(), 'health monitor ')), 'my disk');
      mkdirSync(place);
      mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs');
    });
    afterEach(() => {
      execFileSync('umount', [place], { timeout: 10_000 });
      rmdirSync(place);
      rmdirSync(path.dirname(place));
    });

    it('sees it fill up', async () => {
      const host = new SystemHost();
      const look = async () => (await host.space([path.join(place, 'volume')], 'this-process'))[0];
      expect(await look()).toMatchObject({ mount: place, sizeBytes: MIB, freeBytes: MIB, readOnlyPaths: [] });
      writeFileSync(path.join(place, 'half'), Buffer.alloc(MIB / 2));
      expect(await look()).toMatchObject({ freeBytes: MIB / 2 });
      expect(() => writeFileSync(path.join(place, 'all'), Buffer.alloc(MIB))).toThrow('ENOSPC');
      expect(await look()).toMatchObject({ freeBytes: 0 });
    });

    it('sees it become read-only', async () => {
      const host = new SystemHost();
      mount('-o', 'remount,ro');
      expect(await host.space([place], 'this-process')).toMatchObject([
        { mount: place, paths: [place], readOnlyPaths: [place] },
      ]);
    });
  });
});
