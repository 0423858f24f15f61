import { describe, expect, it } from 'vitest';
import { knownPlaceOf, mountOf, readMounts } from './mount-table.js';

const TABLE = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,errors=remount-ro
36 27 8:1 / /mnt/my\\040films rw,relatime shared:2 master:1 - ext4 /dev/sda1 ro
37 27 8:2 /@data /srv rw - btrfs /dev/sdb rw,subvol=/@data
38 27 8:2 / /mnt/whole rw - btrfs /dev/sdb rw
39 27 254:0 /var/lib/containers/storage/overlay /var/lib/containers/storage/overlay rw - ext4 /dev/vda rw
40 27 8:3 / /srv ro,nosuid - xfs /dev/sdc rw

this is no mount
41 27 8:4`;

/** As a process in a container sees it. */
const IN_CONTAINER = `700 600 0:60 / / rw,relatime - overlay overlay rw,lowerdir=/a:/b,upperdir=/c,workdir=/d
701 700 8:1 /docker/volumes/data/_data /data rw - ext4 /dev/sda1 rw
702 700 8:1 /docker/containers/x/hosts /etc/hosts rw - ext4 /dev/sda1 rw`;

describe('the mount table', () => {
  const mounts = readMounts(TABLE);

  it('is read line by line, with blanks as they are', () => {
    expect(mounts).toHaveLength(7);
    expect(mounts[2]).toEqual({
      device: '8:1',
      root: '/',
      mount: '/mnt/my films',
      type: 'ext4',
      isReadOnly: true,
    });
  });

  it('says read-only of a place that was mounted so, and of a file system that the kernel made so', () => {
    expect(mounts.filter(({ isReadOnly }) => isReadOnly).map(({ mount }) => mount)).toEqual([
      '/mnt/my films',
      '/srv',
    ]);
  });

  it('says where a path lies: at the longest place, and of two at one place on the later', () => {
    expect(mountOf(mounts, '/mnt/my films/a')?.device).toBe('8:1');
    expect(mountOf(mounts, '/mnt/my filmsX')?.mount).toBe('/');
    expect(mountOf(mounts, '/srv/x')?.device).toBe('8:3');
    expect(mountOf(mounts, '/')?.device).toBe('254:0');
    expect(mountOf([], '/')).toBeNull();
  });

  it('says by which place people know a file system', () => {
    const place = (path: string) => knownPlaceOf(mounts, mountOf(mounts, path)!);
    expect(place('/var/lib/containers/storage/overlay/x')).toBe('/');
    expect(knownPlaceOf(mounts, mounts[3]!)).toBe('/mnt/whole');
  });

  it('of a container names what is mounted into it by its place there', () => {
    const own = readMounts(IN_CONTAINER);
    expect(own[0]).toMatchObject({ type: 'overlay', mount: '/' });
    expect(knownPlaceOf(own, mountOf(own, '/data/db')!)).toBe('/data');
  });
});
