import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DashboardFiles } from '../../src/dashboard/dashboard-files.js';
import { DashboardPage, type DashboardOptions } from '../../src/dashboard/index.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = ['dashboard', 'src/client'].map((folder) => join(root, folder));
const DIST = join(root, 'dist/dashboard/public');

/** The page as it would be served: from `dist` when that is newer than every source, else built for this run. */
export async function builtPage(mount: string, options: DashboardOptions = {}): Promise<DashboardPage> {
  return new DashboardPage(
    mount,
    options,
    await (files ??= builtFolder().then((folder) => new DashboardFiles(folder))),
  );
}

/** Sees to it that the package itself, run from source, has a page to serve that is not older than its sources. */
export async function buildPageOfPackage(): Promise<void> {
  const folder = await builtFolder();
  if (folder === DIST) return;
  await rm(DIST, { recursive: true, force: true });
  await cp(folder, DIST, { recursive: true });
}

let files: Promise<DashboardFiles> | undefined;

async function builtFolder(): Promise<string> {
  const built = await stat(join(DIST, 'index.html')).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (built > (await newestOf(SOURCES))) return DIST;
  const outDir = await mkdtemp(join(tmpdir(), 'health-monitor-page-'));
  const { build } = await import('vite');
  await build({ root: join(root, 'dashboard'), logLevel: 'error', build: { outDir } });
  return outDir;
}

async function newestOf(folders: readonly string[]): Promise<number> {
  const times = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'));
      const stats = await Promise.all(files.map((file) => stat(join(file.parentPath, file.name))));
      return Math.max(...stats.map(({ mtimeMs }) => mtimeMs));
    }),
  );
  return Math.max(...times);
}
