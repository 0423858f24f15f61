import { watch, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ExitHint } from '../container.js';
import { isFullId } from '../engine-api/full-id.js';

type ExitListener = (exit: ExitHint) => void;

/**
 * Hears of exits as they happen: conmon first leaves the exit code in a file named after the container, then calls
 * Podman, whose own event takes some 100 to 250 ms more.
 *
 * Each engine has one folder for these files. A folder that cannot be watched, such as another user's, stays silent; so
 * does one that was removed, until it is told of again.
 */
export class ExitFiles {
  private readonly listeners = new Set<ExitListener>();
  private folder: string | null = null;
  private watcher: FSWatcher | null = null;

  /** Tells `listener` of each exit until `signal` is aborted. It may be told twice. */
  listen(listener: ExitListener, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.listeners.add(listener);
    signal.addEventListener('abort', () => this.forget(listener), { once: true });
    this.open();
  }

  /** Where the files are. `null`: not known now. */
  areIn(folder: string | null): void {
    if (folder === null || (folder === this.folder && this.watcher !== null)) return;
    this.close();
    this.folder = folder;
    this.open();
  }

  private forget(listener: ExitListener): void {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) this.close();
  }

  private open(): void {
    const { folder } = this;
    if (folder === null || this.watcher !== null || this.listeners.size === 0) return;
    try {
      this.watcher = watch(folder, { persistent: false }, (_, file) => {
        // The folder itself: most likely it was removed, and a new one may stand in its place.
        if (file === basename(folder)) this.close();
        else if (file !== null && isFullId(file)) void this.read(folder, file);
      }).on('error', () => this.close());
    } catch {
      this.watcher = null;
    }
  }

  private close(): void {
    this.watcher?.close();
    this.watcher = null;
  }

  private async read(folder: string, id: string): Promise<void> {
    const code = await readFile(join(folder, id), 'utf8').catch(() => '');
    if (!/^\d+\s*$/.test(code)) return;
    for (const listener of this.listeners) listener({ id, exitCode: Number(code) });
  }
}
