import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Container } from '../container.js';

type Watched = Pick<Container, 'id' | 'state' | 'pid'>;

/**
 * Looks whether the main process of a container that the engine calls `running` is still there.
 *
 * Process ids mean something only in the engine's own process namespace. We know that we share it once we have seen a
 * process whose control group carries the id of the container it should belong to; until then nothing has vanished.
 */
export class HostProcesses {
  private sharesNamespace = false;

  constructor(private readonly procPath = '/proc') {}

  hasVanished({ id, state, pid }: Watched): boolean {
    if (state !== 'running' || pid === null) return false;
    const gone = this.isGone(pid);
    if (!gone && !this.sharesNamespace)
      this.sharesNamespace = this.read(pid, 'cgroup')?.includes(id) ?? false;
    return gone && this.sharesNamespace;
  }

  /**
   * The control group that counts the memory of a container, below their mount, as the kernel says of its main process,
   * which may itself be in a group further below; `null`: that process is none of its, or is not to be seen from here.
   */
  cgroupOf(id: string, pid: number): string | null {
    const groups = (this.read(pid, 'cgroup') ?? '').split('\n').map((line) => line.split(':'));
    const memory = groups.find(([, controllers]) => controllers?.split(',').includes('memory'));
    const [, , ...path] = memory ?? groups.find(([, controllers]) => controllers === '') ?? [];
    const words = path.join(':').split('/');
    const own = words.findIndex((word) => word.includes(id));
    return own < 0 ? null : words.slice(0, own + 1).join('/');
  }

  /** Whether there is such a process, and it was started for that container: its command line names it. */
  async isFor(id: string, pid: number): Promise<boolean> {
    return (await this.commandLine(pid))?.includes(id) ?? false;
  }

  /** Where the conmon of that container will leave its exit code; `null`: there is no such conmon here. */
  async exitFolder(id: string, conmonPid: number): Promise<string | null> {
    const words = (await this.commandLine(conmonPid))?.split('\0') ?? [];
    const option = words.indexOf('--exit-dir');
    return words.includes(id) && option >= 0 ? (words[option + 1] ?? null) : null;
  }

  /** Kills a process of that container's. False: it is none of its, or is not to be seen or killed from here. */
  kill(id: string, pid: number): boolean {
    if (pid <= 1 || !this.read(pid, 'cgroup')?.includes(id)) return false;
    try {
      return process.kill(pid, 'SIGKILL');
    } catch {
      return false;
    }
  }

  /** There is no such process, or it is a zombie. */
  private isGone(pid: number): boolean {
    const stat = this.read(pid, 'stat');
    // The command's name, in brackets before the state, may itself hold brackets and blanks.
    return stat === null || stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  }

  /** The kernel has these files at hand: to read them in a thread of its own takes ten times as long. */
  private read(pid: number, file: 'stat' | 'cgroup'): string | null {
    try {
      return readFileSync(`${this.procPath}/${pid}/${file}`, 'utf8');
    } catch {
      return null;
    }
  }

  /** May have to wait until the kernel has the process's memory at hand. */
  private commandLine(pid: number): Promise<string | null> {
    return readFile(`${this.procPath}/${pid}/cmdline`, 'utf8').catch(() => null);
  }
}
