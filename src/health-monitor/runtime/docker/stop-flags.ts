import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { type DockerEvent } from './event.reader.js';

/**
 * Docker's own note of whether a person stopped a container, which no call tells: it stands in Docker's files, where this
 * process is on the same host and may read them, as root may. A signal that did not end the container sets it, too; its
 * own shutdown does not, but it does when it comes up after it was killed and ends what still runs.
 */
export class StopFlags {
  private folder: string | null = null;
  private readonly beingStopped = new Set<string>();

  /** Where Docker keeps its files. */
  areIn(folder: string | null): void {
    this.folder = folder !== null && isAbsolute(folder) ? folder : null;
  }

  /** The engine tells something of a container. `asksToEnd`: a signal that does. */
  hear({ id, action }: Pick<DockerEvent, 'id' | 'action'>, asksToEnd: boolean): void {
    if (asksToEnd) this.beingStopped.add(id);
    else if (action === 'started' || action === 'removed') this.beingStopped.delete(id);
  }

  /** Of one that runs: what was noted of this run for something else than a stop. `null`: that cannot be known here, or now. */
  async ofRunning(id: string): Promise<boolean | null> {
    return this.beingStopped.has(id) ? null : this.of(id);
  }

  /** Of one that is down. `null`: that cannot be known here. */
  async of(id: string): Promise<boolean | null> {
    if (this.folder === null) return null;
    try {
      const kept: unknown = JSON.parse(
        await readFile(join(this.folder, 'containers', id, 'config.v2.json'), 'utf8'),
      );
      const flag = (kept as Partial<Record<string, unknown>> | null)?.['HasBeenManuallyStopped'];
      return typeof flag === 'boolean' ? flag : null;
    } catch {
      return null;
    }
  }
}
