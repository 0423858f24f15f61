import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseFile } from './database-file.js';
import { connect, type Connect, type SqliteConnection } from './driver.js';

describe('DatabaseFile', () => {
  let folder: string;
  let path: string;
  let closed: number;
  let file: DatabaseFile;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'database-file-'));
    path = join(folder, 'a.db');
    closed = 0;
    file = new DatabaseFile(path, counting);
  });
  afterEach(async () => {
    await file.close();
    rmSync(folder, { recursive: true, force: true });
  });
  /** Counts what is closed. */
  const counting: Connect = async (of) => {
    const connection = await connect(of);
    return { ...wrapped(connection), close: () => (closed++, connection.close()) };
  };

  it('has a connection from its opening on, with what is there, until it is closed', async () => {
    expect(file.database).toBeNull();
    const { database, contents } = await file.open({ migrating: true });
    expect(file.database).toBe(database);
    expect(contents).toEqual({ epoch: null, head: 0, documents: [] });
    await file.close();
    await file.close();
    expect([file.database, closed]).toEqual([null, 1]);
  });

  it('has no connection to a file that cannot be read, and leaves none open', async () => {
    await expect(file.open({ migrating: false })).rejects.toThrow('no such table');
    expect([file.database, closed]).toEqual([null, 1]);
  });

  it('sets the file and its companions aside, as they are, under a name with the time', () => {
    for (const suffix of ['', '-wal', '-shm']) writeFileSync(path + suffix, '');
    const aside = file.setAside(Date.parse('2026-01-01T12:30:00Z'));
    expect(aside).toBe(`${path}.corrupt-2026-01-01T12-30-00.000Z`);
    const name = 'a.db.corrupt-2026-01-01T12-30-00.000Z';
    expect(readdirSync(folder).sort()).toEqual([name, `${name}-shm`, `${name}-wal`]);
  });

  it('sets nothing aside where nothing is', () => {
    file.setAside(0);
    expect(readdirSync(folder)).toEqual([]);
  });
});

function wrapped(connection: SqliteConnection): SqliteConnection {
  return {
    prepare: (sql) => connection.prepare(sql),
    exec: (sql) => connection.exec(sql),
    close: () => connection.close(),
  };
}
