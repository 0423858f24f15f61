/** A file system at a place, as the kernel shows it. */
export interface Mount {
  /** Tells one file system from another: `8:1`. */
  readonly device: string;
  /** Which folder of the file system is there; `/`: all of it. */
  readonly root: string;
  readonly mount: string;
  readonly type: string;
  /** Nothing can be written here: it was mounted so, or the kernel found errors. */
  readonly isReadOnly: boolean;
}

/** Reads `/proc/self/mountinfo`, in its order; lines that say something else are left out. Pure. */
export const readMounts = (text: string): readonly Mount[] => text.split('\n').flatMap(readMount);

/** Which mount a path lies on; of those at one place the latest hides the others. `null`: the table has none. Pure. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | null {
  let found: Mount | null = null;
  for (const mount of mounts) {
    const isBelow = mount.mount === '/' || path === mount.mount || path.startsWith(`${mount.mount}/`);
    if (isBelow && (found === null || mount.mount.length >= found.mount.length)) found = mount;
  }
  return found;
}

/** The place by which people know a file system: where all of it is mounted, at the shortest path. Pure. */
export function knownPlaceOf(mounts: readonly Mount[], at: Mount): string {
  const whole = mounts.filter(({ device, root }) => device === at.device && root === '/');
  return (
    whole.map(({ mount }) => mount).toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? at.mount
  );
}

/** `36 35 98:0 /root /mnt rw,noatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro`, with any number of words before ` - `. */
function readMount(line: string): readonly Mount[] {
  const [place = '', what = ''] = line.split(' - ');
  const [, , device, root, mount, options] = place.split(' ');
  const [type, , superOptions] = what.split(' ');
  if (device === undefined || root === undefined || mount === undefined || !type) return [];
  const isReadOnly = [options, superOptions].some((words) => words?.split(',').includes('ro'));
  return [{ device, root: plain(root), mount: plain(mount), type, isReadOnly }];
}

/** The kernel writes blanks and the like in octal: `\040`. */
const plain = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
