import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import os from 'node:os';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { FileSystems, type FileSystemSpace, type PathsOf } from './file-systems.js';
import { readMemoryPressure } from './memory-pressure.js';

const run = promisify(execFile);

/**
 * What we know of the machine on which the engine runs; replaceable in tests. Of one that is reached over a network another
 * one would say what can be known from here.
 */
export abstract class Host {
  /** Different after each start of the machine; `null` where it cannot be known. */
  abstract bootId(): Promise<string | null>;
  /** When the machine started, milliseconds since 1970. */
  abstract bootedAt(): number;
  /** Whether the machine is on its way down. */
  abstract isShuttingDown(): Promise<boolean>;
  /** Full or short id of the container in which we run; `null`: in none. */
  abstract ownContainerId(): Promise<string | null>;

  /**
   * The file systems on which these paths lie; what cannot be read is left out. Default: nothing is known of any.
   *
   * @param _root whose paths they are: ours, or those of the machine, while we run in a container on it
   */
  space(_paths: readonly string[], _root: PathsOf): Promise<readonly FileSystemSpace[]> {
    return Promise.resolve([]);
  }

  /**
   * For which share of the last five minutes everything that had work waited for memory, from 0 to 1; `null`, the default:
   * nobody knows.
   */
  memoryPressure(): Promise<number | null> {
    return Promise.resolve(null);
  }
}

@Injectable()
export class SystemHost extends Host {
  private readonly fileSystems = new FileSystems();

  async bootId(): Promise<string | null> {
    return (await readText('/proc/sys/kernel/random/boot_id'))?.trim() ?? null;
  }

  bootedAt(): number {
    return Date.now() - os.uptime() * 1_000;
  }

  async isShuttingDown(): Promise<boolean> {
    // As sd_booted(3) does: without this folder there is no systemd to ask.
    if (!(await exists('/run/systemd/system'))) return false;
    try {
      await run('systemctl', ['is-system-running'], { timeout: 1_000 });
      return false;
    } catch (error) {
      // It ends with 1 for every state but `running`, and prints which.
      return (error as { stdout?: string }).stdout?.trim() === 'stopping';
    }
  }

  /** Podman and Docker give a container its short id as host name, and Podman leaves a mark in it. */
  async ownContainerId(): Promise<string | null> {
    const mark = await readText('/run/.containerenv');
    const id = mark === null ? undefined : /^id="([0-9a-f]{64})"$/m.exec(mark)?.[1];
    if (id) return id;
    const group = await readText('/proc/self/cgroup');
    const fromGroup = group === null ? undefined : /(?:libpod-|docker[-/])([0-9a-f]{64})/.exec(group)?.[1];
    if (fromGroup) return fromGroup;
    return mark !== null && /^[0-9a-f]{12}$/.test(os.hostname()) ? os.hostname() : null;
  }

  override space(paths: readonly string[], root: PathsOf): Promise<readonly FileSystemSpace[]> {
    return this.fileSystems.read(paths, root);
  }

  override async memoryPressure(): Promise<number | null> {
    const text = await readText('/proc/pressure/memory');
    return text === null ? null : readMemoryPressure(text);
  }
}

/**
 * A machine on which we do not run: what is to be known of it from here is nothing, so that a start, a full disk or a lack of
 * memory of our own is not taken for one of its. Only that we ourselves are on the way down counts there as well.
 */
export class UnseenHost extends Host {
  /** @param ours the machine on which we run */
  constructor(private readonly ours: Host) {
    super();
  }

  bootId(): Promise<null> {
    return Promise.resolve(null);
  }

  bootedAt(): number {
    return 0;
  }

  isShuttingDown(): Promise<boolean> {
    return this.ours.isShuttingDown();
  }

  ownContainerId(): Promise<null> {
    return Promise.resolve(null);
  }
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
