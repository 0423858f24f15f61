import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

export interface DashboardFile {
  readonly type: string;
  /** Its name changes whenever its content does. */
  readonly hashed: boolean;
  /** The content as it is, and as it was compressed when the page was built. */
  readonly bodies: Readonly<Partial<Record<Encoding, Buffer>> & { identity: Buffer }>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The built page, read into memory once: a file is found by its exact name or not at all, so no request can reach
 * anything else on the disk.
 */
export class DashboardFiles {
  private files: Promise<ReadonlyMap<string, DashboardFile>> | undefined;

  /** @param folder where the page was built */
  constructor(private readonly folder: string) {}

  /** `name` is relative, with forward slashes. `undefined` when there is no such file. */
  async find(name: string): Promise<DashboardFile | undefined> {
    const files = await (this.files ??= this.read());
    if (files.size === 0) this.files = undefined;
    return files.get(name);
  }

  private async read(): Promise<ReadonlyMap<string, DashboardFile>> {
    const contents = await readAll(this.folder);
    const found = new Map<string, DashboardFile>();
    for (const [path, content] of contents) {
      const name = path.replace(/\.gz$/, '');
      const type = TYPES[extname(name)];
      if (type === undefined) continue;
      found.set(name, {
        type,
        hashed: name.startsWith('assets/'),
        bodies: bodiesOf(name, content, contents),
      });
    }
    return found;
  }
}

/** Compressed when the page was built, or as it is. */
function bodiesOf(
  name: string,
  content: Buffer,
  contents: ReadonlyMap<string, Buffer>,
): DashboardFile['bodies'] {
  const [br, gzip] = [contents.get(`${name}.br`), contents.get(`${name}.gz`)];
  const identity = gzip === undefined ? content : gunzipSync(gzip);
  return { identity, ...(br && { br }), ...(gzip && { gzip }) };
}

async function readAll(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = files.map(
    async (path) => [relative(folder, path).split(sep).join('/'), await readFile(path)] as const,
  );
  return new Map(await Promise.all(contents));
}

/** The best of a file's encodings that a request's `Accept-Encoding` admits. */
export function encodingFor(
  accepted: string | undefined,
  { bodies }: Pick<DashboardFile, 'bodies'>,
): Encoding {
  const admits = (name: string) =>
    new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`, 'i').test(accepted ?? '');
  const order: readonly Encoding[] = ['br', 'gzip'];
  return order.find((name) => bodies[name] !== undefined && admits(name)) ?? 'identity';
}
