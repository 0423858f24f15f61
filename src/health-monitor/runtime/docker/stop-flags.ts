import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/**
 * Docker's own note of whether a person stopped a container, which no call tells: it stands in Docker's files, where this
 * process is on the same host and may read them, as root may. A signal that did not end the container sets it, too; its
 * own shutdown does not.
 */
export class StopFlags {
  private folder: string | null = null;

  /** Where Docker keeps its files. */
  areIn(folder: string | null): void {
    this.folder = folder !== null && isAbsolute(folder) ? folder : null;
  }

  /** `null`: that cannot be known here. */
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
