import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { authorizationOf } from './credentials.js';

describe('what a probe logs in with', () => {
  let file: string;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'credentials-'));
    file = join(folder, '.cookie');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

  it('is read anew each time from a file, or a variable', async () => {
    await writeFile(file, '__cookie__:one\n');
    expect(await authorizationOf({ file })).toBe(basic('__cookie__:one'));
    await writeFile(file, '__cookie__:two');
    expect(await authorizationOf({ file })).toBe(basic('__cookie__:two'));
    vi.stubEnv('PROBE_LOGIN', 'user:pass:word');
    expect(await authorizationOf({ env: 'PROBE_LOGIN' })).toBe(basic('user:pass:word'));
  });

  it('names what is missing', async () => {
    await expect(authorizationOf({ file })).rejects.toThrow(`The file ${file} is not there`);
    await expect(authorizationOf({ file: folder })).rejects.toThrow(
      `The file ${folder} cannot be read (EISDIR)`,
    );
    await expect(authorizationOf({ env: 'PROBE_LOGIN_MISSING' })).rejects.toThrow(
      'The variable PROBE_LOGIN_MISSING is not set',
    );
  });

  it.each(['', 'hunter2', 'a:hunter2\nb:hunter2', `a:hunter2${'x'.repeat(4_096)}`])(
    'refuses %.20j, and never tells it',
    async (content) => {
      await writeFile(file, content);
      const error: unknown = await authorizationOf({ file }).catch((reason: unknown) => reason);
      expect(String(error)).toContain(file);
      expect(String(error)).not.toContain('hunter2');
    },
  );

  it('does not wait for a pipe that nobody writes to', async () => {
    execFileSync('mkfifo', [file]);
    await expect(authorizationOf({ file })).rejects.toThrow(file);
  });
});
