import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';

const folder = process.env['GOLDEN_DIR'];
const counts = new Map<string, number>();

/** What one world of a test said and did, compared with what it said and did before. Only with `GOLDEN_DIR`. */
export class Golden {
  private readonly file: string | null;
  private written = 0;

  constructor() {
    const { currentTestName, testPath } = expect.getState();
    if (folder === undefined || currentTestName === undefined) {
      this.file = null;
      return;
    }
    const key = `${testPath} ${currentTestName}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const hash = createHash('sha256').update(currentTestName).digest('hex').slice(0, 12);
    const spec = path.basename(testPath ?? '', '.spec.ts');
    this.file = path.join(folder, `${spec}-${hash}-${count}`);
  }

  write(stream: unknown): void {
    if (this.file === null) return;
    mkdirSync(path.dirname(this.file), { recursive: true });
    const file = `${this.file}-${++this.written}.json`;
    const text = JSON.stringify(stream, null, 1);
    if (process.env['GOLDEN'] === 'record' || !existsSync(file)) writeFileSync(file, text);
    else if (readFileSync(file, 'utf8') !== text) {
      writeFileSync(`${file}.now`, text);
      if (process.env['GOLDEN'] !== 'soft') throw new Error(`Another stream than before: ${file}`);
    }
  }
}
