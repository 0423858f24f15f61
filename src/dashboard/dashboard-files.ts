import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

export interface DashboardFile {
  readonly body: Buffer;
  readonly type: string;
  /** Its name changes whenever its content does. */
  readonly hashed: boolean;
}

export type Encoding = 'br' | 'gzip' | 'identity';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

const compress = {
  br: promisify<Buffer, Buffer>(brotliCompress),
  gzip: promisify<Buffer, Buffer>(gzip),
};

/**
 * The built page, read into memory once: a file is found by its exact name or not at all, so no request can reach
 * anything else on the disk.
 */
export class DashboardFiles {
  private files: Promise<ReadonlyMap<string, DashboardFile>> | undefined;
  private readonly compressed = new Map<string, Promise<Buffer>>();

  /** @param folders where the page may be; the first that has an `index.html` is it */
  constructor(private readonly folders: readonly string[]) {}

  /** `name` is relative, with forward slashes. `undefined` when there is no such file. */
  async find(name: string): Promise<DashboardFile | undefined> {
    const files = await (this.files ??= this.read());
    if (files.size === 0) this.files = undefined;
    return files.get(name);
  }

  /** The body of a file found by this name, in this encoding. Compressed once, then kept. */
  encoded(name: string, { body }: DashboardFile, encoding: Encoding): Promise<Buffer> {
    if (encoding === 'identity') return Promise.resolve(body);
    const key = `${encoding} ${name}`;
    let result = this.compressed.get(key);
    if (!result) this.compressed.set(key, (result = compress[encoding](body)));
    return result;
  }

  private async read(): Promise<ReadonlyMap<string, DashboardFile>> {
    for (const folder of this.folders) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
      const found = new Map<string, DashboardFile>();
      for (const entry of entries) {
        const type = TYPES[extname(entry.name)];
        if (!entry.isFile() || type === undefined) continue;
        const path = join(entry.parentPath, entry.name);
        const name = relative(folder, path).split(sep).join('/');
        found.set(name, { body: await readFile(path), type, hashed: name.startsWith('assets/') });
      }
      if (found.has('index.html')) return found;
    }
    return new Map();
  }
}

/** The best encoding that a request's `Accept-Encoding` admits. */
export function encodingFor(accepted: string | undefined): Encoding {
  const admits = (name: string) =>
    new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`, 'i').test(accepted ?? '');
  return admits('br') ? 'br' : admits('gzip') ? 'gzip' : 'identity';
}
